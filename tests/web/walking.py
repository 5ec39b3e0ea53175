"""A walk through every screen in one size: accessible in both themes, no wider than the screen, nothing too small."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.browsing import SIZES, Desk
from tests.web.every_screen import TYPED, screens

PICTURES = os.environ.get("TEST_OUTPUT")
# Two of the four looks ask everything, the others what a theme or a size can change.
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
}
WHOLE = {("phone", "light"), ("desktop", "dark")}
# Everything that is touched, by its height; a choice is as large as its label, a post as its row.
SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, summary')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && one.offsetWidth > 2)
  .filter((one) => !one.closest('.visually-hidden, .skip'))
  .map((one) => [one, one.closest('.option, .pick, .check, .post-row') || one])
  .map(([one, whole]) => [one.tagName, (one.innerText || one.name).slice(0, 30), whole.offsetHeight])
  .filter(([, , height]) => height < 43.5)"""
# Screens that are right with another answer than 200. The browser notes that as a failure.
ANSWERS = {"publik berita ditarik": 410}
# A colour on its way from one theme to the other has neither's contrast.
SETTLE = "() => { for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish(); }"


def walk(desk: Desk, size: str) -> list[str]:
    """What is wrong, each with the name of its screen. Every screen is loaded once and looked at in both themes."""
    found: list[str] = []
    pages: dict[str, Page] = {}
    for name, (path, who) in screens(desk.world).items():
        if who not in pages:
            pages[who] = desk.open("/masuk", who, size)
        page = pages[who]
        page.emulate_media(color_scheme="light")
        answer = page.goto(desk.address + path)
        if answer is None or answer.status != ANSWERS.get(name, 200):
            found.append(f"{name}: answered {answer.status if answer else 'nothing'}")
        if name in TYPED:
            page.get_by_role("searchbox").fill(TYPED[name])
            page.get_by_role("searchbox").press("Enter")
            page.wait_for_url("**/cari?**")
        page.evaluate(Axe().axe_script)
        found += [f"{name}: {fault}" for fault in looked_at(page, name, size, "light")]
        if page.evaluate("document.documentElement.scrollWidth") > SIZES[size][0]:
            found.append(f"{name}: wider than the screen")
        if size == "phone":
            found += [f"{name}: small {one}" for one in page.evaluate(SMALL)]
        page.emulate_media(color_scheme="dark")
        found += [f"{name}: {fault}" for fault in looked_at(page, name, size, "dark")]
    for status in ANSWERS.values():
        desk.complaints.remove(next(said for said in desk.complaints if f"a status of {status}" in said))
    return found


def looked_at(page: Page, name: str, size: str, scheme: str) -> list[str]:
    """What axe finds in this theme; the picture is kept."""
    page.evaluate(SETTLE)
    options = {"runOnly": ALL if (size, scheme) in WHOLE else LOOKS, "resultTypes": ["violations"]}
    violations: list[dict[str, Any]] = page.evaluate("async (o) => (await axe.run(o)).violations", options)
    if PICTURES:
        picture = Path(PICTURES) / f"{name.replace(' ', '-')}-{size}-{scheme}.png"
        page.screenshot(path=picture, full_page="lainnya" in name)
    return [f"{scheme} {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in violations]
