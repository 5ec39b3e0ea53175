"""Who pushes: the office's key pair and what it signs for a push service (RFC 8292)."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from pelita.push.sealing import CURVE, point
from pelita.push.services import origin

LIVES = timedelta(hours=12)  # 24 is the most that a service takes; clocks differ


class BadKeyError(RuntimeError):
    """PELITA_PUSH_KEY is no key."""


def to_text(raw: bytes) -> str:
    """base64url without padding, as everything of web push is written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str, *, length: int) -> bytes:
    """The bytes, so many of them. Raises ValueError otherwise."""
    raw = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if len(raw) != length:
        raise ValueError("another length")
    return raw


def is_key(text: str) -> bool:
    """Whether it can be used as PELITA_PUSH_KEY."""
    try:
        return _pair(text) is not None
    except BadKeyError:
        return False


def is_ready() -> bool:
    """Whether this installation has a key, and so can push."""
    return is_key(settings.PUSH_KEY)


def public_key() -> str:
    """What a browser wants to know before it lets somebody push to it. Raises BadKeyError."""
    return to_text(point(_pair(settings.PUSH_KEY).public_key()))


def authorization(endpoint: str, *, now: datetime) -> str:
    """The header's value for a call of this endpoint. Raises BadKeyError."""
    contact = settings.PUSH_CONTACT or (settings.PUBLIC_URL if settings.PUBLIC_URL.startswith("https:") else "")
    claims: dict[str, str | int] = {
        "aud": origin(endpoint),
        "exp": int((now + LIVES).timestamp()),
        "sub": contact or "mailto:pelita@example.invalid",
    }
    said = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(_pair(settings.PUSH_KEY).sign(said.encode(), ec.ECDSA(SHA256())))
    signature = to_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={public_key()}"


def _part(content: dict[str, str | int]) -> str:
    return to_text(json.dumps(content, separators=(",", ":")).encode())


@cache
def _pair(key: str) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(from_text(key, length=32), "big"), CURVE)
    except ValueError:
        raise BadKeyError(
            "PELITA_PUSH_KEY harus 32 bita acak dalam base64url. / PELITA_PUSH_KEY must be 32 random bytes, base64url."
        ) from None
