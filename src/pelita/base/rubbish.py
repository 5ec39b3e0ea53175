"""How often Python looks for rings of objects that nobody else holds."""

from __future__ import annotations

import gc

YOUNGEST = 50_000  # objects made before the youngest are looked through


def look_seldom() -> None:
    """For a process that starts its work now.

    A page, or a set of messages, makes tens of thousands of objects that die with it. Looking for rings among them
    every 700 costs up to a tenth of the work; what lives for ever need not be looked at again.
    """
    gc.freeze()
    gc.set_threshold(YOUNGEST, 20, 50)
