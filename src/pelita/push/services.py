"""Which addresses are push services. The browser names the address, so it may be anybody's: the closed list keeps the
worker from calling whatever somebody likes (docs/decisions/0026). Pure."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST = 1000  # characters; real ones have 150 to 500
# Chrome, Edge and Samsung on Android; Firefox; Edge on Windows; Safari.
HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
)

# A plain name. A part in punycode ("xn--") may be none, and then it is no address that can be called.
NAME = re.compile(r"(?:(?!xn--)[a-z0-9-]{1,63}\.)*(?!xn--)[a-z0-9-]{1,63}")


def is_known(endpoint: str) -> bool:
    """Whether it is an https address of a known push service, or of one that ``PELITA_PUSH_HOSTS`` adds."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or parts.fragment or not NAME.fullmatch(host):
        return False
    if parts.scheme != "https" or port not in {None, 443}:
        return settings.PUSH_LOOPBACK and parts.scheme == "http" and host == "127.0.0.1"
    return any(_fits(host, pattern.lower()) for pattern in (*HOSTS, *settings.PUSH_HOSTS))


def _fits(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def origin(endpoint: str) -> str:
    """``https://fcm.googleapis.com``: for whom a signature is meant."""
    parts: SplitResult = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def hash_of(endpoint: str) -> str:
    """What stands for an endpoint wherever it is looked for: SHA-256, hexadecimal."""
    return hashlib.sha256(endpoint.encode()).hexdigest()
