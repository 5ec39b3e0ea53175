"""Codes that people read aloud and type on small phones."""

from __future__ import annotations

import re
import secrets

# No 0/O, 1/I/L, 5/S, 8/B, U/V pairs: a code is read over the counter and typed by thumbs.
ALPHABET = "23467ACDEFGHJKMNPQRTVWXYZ"
CODE = re.compile(r"^[A-Z]{2,5}-[0-9A-Z]{4,6}$")


def new_code(prefix: str, *, length: int = 4) -> str:
    """A random code such as ``KML-4F7Q``. Uniqueness is the caller's constraint, not a promise made here."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))
