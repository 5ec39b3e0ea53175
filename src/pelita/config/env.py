"""Typed readers of the environment. Every setting may also come from a file: NAME_FILE=/path."""

from __future__ import annotations

import os
from pathlib import Path


class MissingSettingError(RuntimeError):
    """A setting without which the process cannot run is absent."""


def text(name: str, default: str | None = None) -> str:
    """Value of NAME, or the content of the file that NAME_FILE names, or the default.

    Raises MissingSettingError when none of the three exists.
    """
    value = os.environ.get(name)
    if value:
        return value
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        return Path(file_name).read_text(encoding="utf-8").strip()
    if default is None:
        raise MissingSettingError(f"{name} belum diisi. Isi {name} atau {name}_FILE. / {name} is not set.")
    return default


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, ya, on (any case)."""
    return text(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "ya", "on"}


def number(name: str, default: float) -> float:
    """A decimal number; a clear error when it is none."""
    raw = text(name, str(default))
    try:
        return float(raw)
    except ValueError as error:
        raise MissingSettingError(f"{name} harus berupa angka. / {name} must be a number.") from error


def listing(name: str, default: str = "") -> list[str]:
    """Comma-separated values, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
