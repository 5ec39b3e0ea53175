"""A real browser in front of the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

if TYPE_CHECKING:
    from tests.web.conftest import World

SIZES = {"phone": (390, 844), "desktop": (1440, 900)}


class Desk:
    """Opens pages as one person and remembers what the browser complained about."""

    def __init__(self, browser: Browser, address: str, world: World) -> None:
        self.browser, self.address, self.world = browser, address, world
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(
        self, path: str, who: str = "", size: str = "desktop", scheme: Literal["light", "dark"] = "light", **more: Any
    ) -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
        self.contexts.append(context)
        if who:
            value = self.world.client(who).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.address + path)
        return page
