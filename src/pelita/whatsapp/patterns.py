"""Reading a template's components, Meta's list of header, body, footer and buttons. Pure.

Variables stand as ``{{1}}`` or, in templates with named ones, as ``{{name}}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Component = Mapping[str, Any]

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
FILE_HEADERS = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}


def variables(text: str) -> list[str]:
    """Names of the variables, each once: numbers by size, words in their order."""
    names = list(dict.fromkeys(_VARIABLE.findall(text)))
    return sorted(names, key=int) if all(name.isdigit() for name in names) else names


def filled(text: str, values: Sequence[str]) -> str:
    """The text with its variables replaced; one without a value stays as it is."""
    known = dict(zip(variables(text), values, strict=False))
    return _VARIABLE.sub(lambda found: known.get(found[1], found[0]), text)


def part(components: Sequence[Component], type_: str) -> Component:
    """The component of that type (HEADER, BODY, FOOTER, BUTTONS), empty when there is none."""
    return next((one for one in components if str(one.get("type", "")).upper() == type_), {})


def text_of(components: Sequence[Component], type_: str) -> str:
    found = part(components, type_).get("text")
    return found if isinstance(found, str) else ""


def header_text(components: Sequence[Component]) -> str:
    """The header's words; empty for a header that is a file."""
    return "" if file_kind(components) else text_of(components, "HEADER")


def file_kind(components: Sequence[Component]) -> str:
    """image, video or document when the header is a file, else empty."""
    return FILE_HEADERS.get(str(part(components, "HEADER").get("format", "")).upper(), "")


def buttons(components: Sequence[Component]) -> list[Component]:
    found = part(components, "BUTTONS").get("buttons")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def button_type(button: Component) -> str:
    """QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, …"""
    return str(button.get("type", "")).upper()


def wants_value(button: Component) -> bool:
    """Whether the button cannot be sent without a value: an address with a variable, a code to copy."""
    kind = button_type(button)
    return kind == "COPY_CODE" or (kind == "URL" and bool(variables(str(button.get("url", "")))))


def takes_value(button: Component) -> bool:
    return button_type(button) == "QUICK_REPLY" or wants_value(button)


def words(components: Sequence[Component], values: Sequence[str], header_values: Sequence[str] = ()) -> str:
    """What the citizen reads: header and body with their values."""
    rows = (filled(header_text(components), header_values), filled(text_of(components, "BODY"), values))
    return "\n".join(row for row in rows if row)
