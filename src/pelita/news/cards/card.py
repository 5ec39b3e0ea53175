"""What stands on a card, and on which kind of paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEAF = "#0a4f45"  # the ground of an office that chose no colour


class Shape(StrEnum):
    """A Status fills a phone; a square is for chats and feeds."""

    STORY = "status"
    SQUARE = "persegi"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return (1080, 1920) if self is Shape.STORY else (1080, 1080)


class Look(StrEnum):
    """The three looks among which an office chooses. Without a picture every card is TEXT."""

    FULL = "penuh"  # the photo over the whole card, words on a scrim
    BOWL = "bingkai"  # the photo above, words in the lamp's bowl in the office's colour
    TEXT = "tulisan"  # no photo, large words


@dataclass(frozen=True, slots=True)
class Card:
    """Everything on a card, in words of the reader.

    ``picture``: JPEG, PNG or WebP; ``arms``: PNG; ``address``: the post's page, "" leaves the code out; ``number``: as
    people write it, "0851 5556 5667"; ``part``: (2, 3) for the second card of three; ``urgent``: red, without a photo;
    ``lead``: the first sentences, shown where no photo is; ``help``: "Butuh pertolongan: telepon 112".
    """

    office: str
    kind: str
    title: str
    regency: str = ""
    number: str = ""
    when: str = ""
    where: str = ""
    lead: str = ""
    help: str = ""
    address: str = ""
    picture: bytes | None = None
    arms: bytes | None = None
    colour: str = LEAF
    look: Look = Look.BOWL
    part: tuple[int, int] | None = None
    urgent: bool = False

    @property
    def drawn(self) -> Look:
        """The look that this card really gets."""
        return Look.TEXT if self.urgent or not self.picture else self.look
