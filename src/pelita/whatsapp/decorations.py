"""What reactions, edits and revocations make of a message. Pure: the result does not depend on their order of arrival.

A change's own moment decides. Two of the same second (WhatsApp writes whole seconds) go by their wamid, so that every
worker comes to the same end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Change:
    """One reaction, edit or revocation. ``words``: an emoji (empty when taken back) or an edit's new words.

    ``wa_id`` and ``user_id``: whose it is, either may be empty.
    """

    kind: Literal["reaction", "edit", "revoke"]
    at: datetime
    wamid: str
    words: str = ""
    wa_id: str = ""
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A message after all its changes. ``versions``: earlier words, oldest first, each with when it was written."""

    words: str
    versions: tuple[tuple[str, datetime], ...]
    edited_at: datetime | None
    revoked_at: datetime | None
    reaction: str


def look(words: str, written_at: datetime, changes: Sequence[Change]) -> Look:
    """``words``: what the message said when it was first written, at ``written_at``."""
    ordered = sorted(changes, key=lambda change: (change.at, change.wamid))
    said = [(words, written_at), *((change.words, change.at) for change in ordered if change.kind == "edit")]
    reactions = [change.words for change in ordered if change.kind == "reaction"]
    return Look(
        words=said[-1][0],
        versions=tuple(said[:-1]),
        edited_at=said[-1][1] if len(said) > 1 else None,
        revoked_at=next((change.at for change in ordered if change.kind == "revoke"), None),
        reaction=reactions[-1] if reactions else "",
    )
