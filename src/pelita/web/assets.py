"""Static files of our rooms, looked up once for each process."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.apps import apps

from pelita.web.lean import lean

SPRITE = "web/icons.svg"


class AssetMissingError(LookupError):
    """A template names a static file that no application has."""


@cache
def _found(path: str) -> Path:
    for config in apps.get_app_configs():
        found = Path(config.path) / "static" / path
        if found.is_file():
            return found
    raise AssetMissingError(path)


@cache
def content_hash(path: str) -> str:
    """Of a file as it is served; what stands behind ``?v=``."""
    return hash_of(lean(_found(path)))


def hash_of(content: bytes) -> str:
    """First 8 hexadecimal digits of the content's SHA-256."""
    return hashlib.sha256(content).hexdigest()[:8]


def content(path: str) -> bytes:
    """A file's bytes."""
    return _found(path).read_bytes()


@cache
def icon_shapes(name: str) -> str:
    """What is drawn inside an icon of the sprite, for pages that would use few of it."""
    found = re.search(rf'<symbol id="{re.escape(name)}"[^>]*>(.*?)</symbol>', text(SPRITE), re.DOTALL)
    if found is None:
        raise AssetMissingError(name)
    return found[1]


def text(path: str) -> str:
    """A file that is not served as it is."""
    return _found(path).read_text()


@cache
def icon_names() -> frozenset[str]:
    """Names in the sprite."""
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', text(SPRITE)))
