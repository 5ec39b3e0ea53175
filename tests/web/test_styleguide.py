"""The style guide in a real browser: accessibility, sizes, and the scripts that components rely on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from django.core.asgi import get_asgi_application
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Browser, Page, Route
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from pelita.web import words
from pelita.web.views.styleguide import styleguide

STATIC = Path(words.__file__).parent / "static"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
urlpatterns = [path("gaya", styleguide)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The style guide served over HTTP, with its policy headers and without a database."""
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"]):
        # Django's handler speaks ASGI; its stubs name the types otherwise than Starlette's.
        pages = cast("ASGIApp", get_asgi_application())
        app = Starlette(routes=[Mount("/static", StaticFiles(directory=STATIC)), Mount("/", pages)])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run)
        thread.start()
        for _ in range(200):
            if server.started or not thread.is_alive():
                break
            time.sleep(0.05)
        assert server.started, "the style guide did not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/gaya"
        server.should_exit = True
        thread.join(20)


class Guide:
    """A page on the style guide that remembers what the browser complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@pytest.fixture
def opened(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Guide]:
    look: tuple[str, Literal["light", "dark"]] = getattr(request, "param", ("desktop", "light"))
    size, scheme = look
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="id-ID")
    guide = Guide(context.new_page())
    guide.page.goto(address)
    guide.page.wait_for_load_state("networkidle")
    yield guide
    context.close()


EVERY_LOOK = pytest.mark.parametrize(
    "opened", [(size, scheme) for size in SIZES for scheme in ("light", "dark")], indirect=True, ids="-".join
)


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@EVERY_LOOK
def test_axe_finds_nothing(opened: Guide) -> None:
    assert violations(opened.page) == []


@EVERY_LOOK
def test_axe_finds_nothing_in_an_open_sheet(opened: Guide) -> None:
    opened.page.click('[data-sheet="light-lembar"]')
    opened.page.wait_for_timeout(400)
    assert opened.page.locator("#light-lembar").is_visible()
    assert violations(opened.page) == []


@EVERY_LOOK
def test_nothing_is_below_twelve_pixels_or_wider_than_the_screen(opened: Guide) -> None:
    small = opened.page.evaluate("""() => [...document.querySelectorAll('body *')]
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
        .filter((e) => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 12)
        .map((e) => e.outerHTML.slice(0, 100))""")
    assert small == []
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("opened", [("phone", "light")], indirect=True)
def test_a_thumb_can_hit_every_target(opened: Guide) -> None:
    targets = "button, a.button, .icon-button, .row, .tile, .tab, .option, .rail-item, .input, .task"
    small = opened.page.evaluate(
        """(targets) => [...document.querySelectorAll(targets)]
            .filter((e) => e.checkVisibility() && !e.matches('.is-small'))
            .map((e) => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 90)])
            .filter(([height]) => height < 43.5)""",
        targets,
    )
    assert small == []


@pytest.mark.parametrize("opened", [("phone", "light")], indirect=True)
def test_a_phone_does_not_zoom_into_fields(opened: Guide) -> None:
    sizes = opened.page.evaluate(
        """() => [...document.querySelectorAll('input.input, textarea, select')]
            .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert sizes
    assert min(sizes) >= 16


def test_rows_keep_their_height_with_long_names(opened: Guide) -> None:
    heights = opened.page.evaluate(
        "[...document.querySelectorAll('.guide-phone .row')].map((e) => Math.round(e.getBoundingClientRect().height))"
    )
    assert set(heights) == {89}  # 88 and the line below


def test_the_browser_has_nothing_to_complain_about(opened: Guide) -> None:
    opened.page.click('[data-sheet="light-lembar"]')
    opened.page.keyboard.press("Escape")
    assert opened.complaints == []


def test_the_page_says_the_same_words_as_the_server(opened: Guide) -> None:
    zone = ZoneInfo("Asia/Jakarta")
    now = datetime(2025, 11, 25, 2, 41, tzinfo=UTC)
    steps = [timedelta(minutes=m, seconds=s) for m in range(-3000, 4400, 17) for s in (0, 59)]
    steps += [timedelta(minutes=m) for m in (0, 1, 59, 60, 61, 120, 121, 360, 361, 1439, 1440)]
    moments = [now + step for step in steps]
    ours = [
        [
            list(words.deadline_words(at, now, zone)),
            words.waiting_words(at, now),
            list(words.window_words(at, now)),
        ]
        for at in moments
    ]
    theirs = opened.page.evaluate(
        """async ([address, now, moments]) => {
            const w = await import(address);
            const say = JSON.parse(document.getElementById("word-patterns").textContent);
            return moments.map((at) => {
              const d = w.deadlineWords(at, now, "Asia/Jakarta", say), o = w.windowWords(at, now, say);
              return [[d.text, d.tone], w.waitingWords(at, now, say), [o.text, o.short, o.tone, o.share]];
            });
        }""",
        ["/static/web/js/words.js", now.timestamp(), [at.timestamp() for at in moments]],
    )
    assert theirs == ours


def test_a_sheet_keeps_what_was_typed_and_gives_the_focus_back(opened: Guide) -> None:
    page = opened.page
    opener = page.locator('[data-sheet="light-lembar"]')
    opener.click()
    page.fill("#light-lembar-note", "Mohon tambahkan jam layanan.")
    page.keyboard.press("Escape")
    assert not page.locator("#light-lembar").is_visible()
    assert opener.evaluate("(e) => e === document.activeElement")
    opener.click()
    assert page.input_value("#light-lembar-note") == "Mohon tambahkan jam layanan."
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('main') || !!document.activeElement.closest('dialog')")
    page.click("#light-lembar [aria-label=Tutup]")
    assert not page.locator("#light-lembar").is_visible()


@pytest.mark.parametrize("opened", [("phone", "light")], indirect=True)
def test_a_sheet_is_closed_by_pulling_it_down(opened: Guide) -> None:
    page = opened.page
    page.click('[data-sheet="light-lembar"]')
    page.wait_for_timeout(400)
    grab = page.locator("#light-lembar .sheet-grab").bounding_box()
    assert grab is not None
    x, y = grab["x"] + grab["width"] / 2, grab["y"] + 12
    for distance, still_open in ((40, True), (160, False)):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + distance, steps=4)
        page.mouse.up()
        assert page.locator("#light-lembar").is_visible() is still_open


def test_a_toast_offers_to_undo_and_asks_the_server_once(opened: Guide) -> None:
    page = opened.page
    asked: list[str] = []

    def undo(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/urungkan", undo)
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("pelita:toast",
            {detail: {text: "Diteruskan ke Kesra", undo: "/urungkan"}}))"""
    )
    toast = page.locator("#toasts .toast")
    assert toast.locator("p").text_content() == "Diteruskan ke Kesra"
    with page.expect_response("**/urungkan"):
        page.keyboard.press("z")
    assert asked == ["POST"]
    assert toast.count() == 0


def test_keys_move_through_rows_and_never_while_typing(opened: Guide) -> None:
    page = opened.page
    current = "document.activeElement.querySelector('.row-name')?.textContent"
    page.evaluate("document.querySelectorAll('.task').forEach((e) => e.removeAttribute('data-row'))")
    page.keyboard.press("j")
    first = page.evaluate(current)
    page.keyboard.press("j")
    second = page.evaluate(current)
    page.keyboard.press("k")
    assert [first, second, page.evaluate(current)] == ["0857-••••-1142", "Nur Hidayah", "0857-••••-1142"]
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    assert page.input_value('[name="light-q"]') == "jk?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def test_a_dangerous_button_asks_once(opened: Guide) -> None:
    page = opened.page
    page.evaluate("addEventListener('click', (e) => { window.reached = (window.reached || 0) + 1; })")
    button = page.locator("#tombol [data-confirm]").first
    button.click()
    assert "Tekan sekali lagi" in (button.text_content() or "")
    assert page.evaluate("window.reached || 0") == 0
    button.click()
    assert page.evaluate("window.reached || 0") == 0, "the second click of a double click is no second thought"
    page.wait_for_function("(armed) => Date.now() - armed > 600", arg=int(button.get_attribute("data-armed") or 0))
    button.click()
    assert page.evaluate("window.reached") == 1


def test_the_chosen_theme_stays_and_can_be_given_back(opened: Guide) -> None:
    page = opened.page
    ground = "getComputedStyle(document.body).backgroundColor"
    page.click('[data-set-theme="dark"]')
    assert page.evaluate(ground) == "rgb(14, 21, 20)"
    page.reload()
    assert page.evaluate(ground) == "rgb(14, 21, 20)"
    page.click('[data-set-theme=""]')
    assert page.evaluate(ground) == "rgb(247, 246, 242)"


def test_the_lost_connection_is_said_and_taken_back(opened: Guide) -> None:
    page = opened.page
    assert not page.locator("#offline").is_visible()
    page.context.set_offline(True)
    page.wait_for_selector("#offline", state="visible")
    page.context.set_offline(False)
    page.wait_for_selector("#offline", state="hidden")


def test_without_scripts_the_page_is_whole(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator(".guide-phone .row").first.is_visible()
    assert page.locator("h1").text_content() == "Gaya"
    context.close()
