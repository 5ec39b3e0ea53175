"""What an office's reader is made of. Plain values, so that the same ones are compiled once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownService:
    """A published service. ``section`` is its section's id; the texts are as the office wrote them."""

    service: int
    code: str
    section: int
    name: str
    short_name: str
    aliases: tuple[str, ...]
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownSection:
    """An active section with its duties."""

    section: int
    code: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that an office's reader knows of the office. ``villages``: names that no typo may become."""

    services: tuple[KnownService, ...]
    sections: tuple[KnownSection, ...]
    villages: tuple[str, ...] = ()
