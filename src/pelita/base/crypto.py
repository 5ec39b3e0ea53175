"""Secrets at rest: Fernet (AES-128-CBC with HMAC-SHA256). Keys come from PELITA_FIELD_KEYS, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class SecretUnreadableError(RuntimeError):
    """The stored secret was written with a key that this process does not have."""


def _box() -> MultiFernet:
    keys = list(settings.FIELD_KEYS)
    if not keys:
        raise SecretUnreadableError("PELITA_FIELD_KEYS belum diisi. / PELITA_FIELD_KEYS is not set.")
    return MultiFernet([Fernet(key) for key in keys])


def seal(plain: str) -> str:
    """Encrypt with the newest key."""
    return _box().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt with whichever key fits; SecretUnreadableError when none does."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadableError(
            "Kunci PELITA_FIELD_KEYS bukan kunci yang dipakai menyimpan rahasia ini. "
            "/ PELITA_FIELD_KEYS does not hold the key that sealed this secret."
        ) from error


if TYPE_CHECKING:  # Django's fields are generic for the type checker only
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class SealedField(_Text):
    """Text that is encrypted in the database and plain in Python. It can be neither searched nor compared."""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return unseal(value) if value else ""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else ""


class ForgivingSealedField(SealedField):
    """Empty where no key fits. For rows that are read many at once, of which one must not hold up the others."""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        try:
            return super().from_db_value(value)
        except SecretUnreadableError:
            return ""

    def deconstruct(self) -> Any:
        """The same column as its base, so no migration of its own."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"{SealedField.__module__}.{SealedField.__qualname__}", args, kwargs
