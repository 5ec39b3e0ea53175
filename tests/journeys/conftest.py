"""One system for all journeys of a process. It ends with them, so that it does not run beside all other tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.system import System
from tests.prepared import Prepared

OUTPUT = Path(os.environ.get("TEST_OUTPUT", Path(__file__).parents[2] / "build" / "test-output"))
PHONE, WIDE = (390, 844), (1440, 900)


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[System]:
    with System(prepared.demo(tmp_path_factory.mktemp("journeys"))) as running:
        yield running


Opens = Callable[..., Page]
Picture = Callable[[Page, str], None]


@pytest.fixture
def opens(browser: Browser, system: System) -> Iterator[Opens]:
    """Open a page: ``opens("admin")`` signs in first, ``opens()`` does not. Closed after the test."""
    contexts = []

    def open_page(
        username: str = "", *, size: tuple[int, int] = WIDE, scripts: bool = True, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="id-ID",
        )
        contexts.append(context)
        page = context.new_page()
        if username:
            page.goto(f"{system.web}/masuk")
            page.get_by_label("Nama masuk").fill(username)
            page.get_by_label("Kata sandi", exact=True).fill(system.password)
            page.get_by_role("button", name="Masuk", exact=True).click()
            page.wait_for_load_state()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Keep a screenshot as build output."""
    OUTPUT.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=str(OUTPUT / f"{name}.png"), animations="disabled")  # drawers slide

    return take


@pytest.fixture(scope="session")
def both_sizes(picture: Picture) -> Picture:
    """Keep a page as a phone and as a desktop show it; ends on the phone."""

    def take(page: Page, name: str) -> None:
        for size, kind in ((PHONE, "hp"), (WIDE, "meja"), (PHONE, "")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            if kind:
                picture(page, f"{name}-{kind}")

    return take
