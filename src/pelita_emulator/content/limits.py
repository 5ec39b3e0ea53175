"""Small checks that the types share. Each raises InvalidError with a sentence as Meta writes it."""

from collections.abc import Collection
from typing import Any

Json = dict[str, Any]
BAD_VALUE = 131009


class InvalidError(ValueError):
    """A request's content breaks a rule of Meta; the text goes into error_data.details."""

    def __init__(self, details: str, code: int = 100) -> None:
        super().__init__(details)
        self.code = code


def limited(parent: Json, name: str, most: int, where: str, *, required: bool = True, code: int = 100) -> None:
    """A text of 1 to `most` characters."""
    value = parent.get(name)
    if value is None and not required:
        return
    if not isinstance(value, str) or not value:
        raise InvalidError(f"The parameter {where}['{name}'] is required.", code)
    if len(value) > most:
        raise InvalidError(f"Param {where}['{name}'] must be at most {most} characters long.", code)


def mapping(value: Any, where: str, code: int = 100) -> Json:
    if not isinstance(value, dict):
        raise InvalidError(f"The parameter {where} is required.", code)
    return value


def listing(value: Any, where: str, most: int, code: int = 100) -> list[Any]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise InvalidError(f"Param {where} must have between 1 and {most} items.", code)
    return value


def one_of(value: Any, known: Collection[str], where: str, code: int = 100) -> str:
    if not isinstance(value, str) or value not in known:
        raise InvalidError(f"Param {where} must be one of {{{', '.join(sorted(known))}}}.", code)
    return value


def deep(value: Any, *path: str) -> str:
    """The text at the end of a path of keys, "" when there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
