"""Every screen in a real browser, as a desktop shows it. A file of its own: it takes a minute of one process."""

from __future__ import annotations

from tests.web.browsing import Desk
from tests.web.walking import walk


def test_every_screen_is_accessible_and_fits(desk: Desk) -> None:
    assert walk(desk, "desktop") == []
