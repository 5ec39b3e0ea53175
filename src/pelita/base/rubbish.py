"""How often Python looks for rings of objects that nobody else holds."""

from __future__ import annotations

import gc

# Objects made before the youngest are looked through; Python's own 700 costs up to a tenth of the work. A look takes
# 0.35 µs an object: a page that is being waited for bears 2 ms, a set of messages 20.
FOR_PAGES = 5_000
FOR_SETS = 50_000


def look_seldom(youngest: int) -> None:
    """For a process that starts its work now: what it has made so far lives for ever and is not looked at again."""
    gc.freeze()
    gc.set_threshold(youngest, 20, 50)
