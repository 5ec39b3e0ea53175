"""Reactions, edits and revocations of citizens change the messages that they speak of, whichever comes first.

Each is an ``Inbound`` row of its own. Every time one of a message's changes comes, or the message after its changes,
the look of the message is derived again from all of them. Of a revoked message the words stay for the audit; screens
ask for ``shown``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal

from pelita.base import bulk
from pelita.whatsapp.content import InboundContent
from pelita.whatsapp.decorations import Change, Look, look
from pelita.whatsapp.models import Inbound, Outbound, OutboundKind
from pelita.whatsapp.parse_content import MEDIA
from pelita.whatsapp.types import TYPES

KINDS = [name for name, row in TYPES.items() if row.decorates]
WHY = "a set holds messages of many offices, each found by its own line"
Target = tuple[int, str]  # line, wamid
# Nearly always there is none, and then this look is all that it costs.
_ANY = """
SELECT EXISTS (
    SELECT FROM whatsapp_inbound
    WHERE office_id = ANY(%b::bigint[]) AND target_wamid = ANY(%b::text[]) AND target_wamid <> ''
)
"""


def decorate(messages: Sequence[Inbound], *, now: datetime) -> None:  # noqa: ARG001  # every action has the same shape
    """Bring into line what these messages change, and what was changed before it came.

    Runs inside the transaction that stored them and changes the instances too, so that handlers after it see what the
    person sees now. One query when none of them has or is a change, whatever the size of the set.
    """
    arrived = {(message.line_id, message.wamid): message for message in messages}
    aimed = {(message.line_id, message.target_wamid) for message in messages if message.target_wamid}
    changes = _changes({message.office_id for message in messages}, {*arrived, *aimed})
    if not changes:
        return
    offices = {message.office_id for message in messages}
    elsewhere = changes.keys() - arrived.keys()
    rows = [*_inbounds(offices, elsewhere), *(row for key, row in arrived.items() if key in changes)]
    _redraw(rows, changes)
    _react(_outbounds(offices, changes.keys()), changes)


def decorate_sent(outbounds: Sequence[Outbound], *, now: datetime) -> None:  # noqa: ARG001  # as above
    """The reactions that came before these messages were known by their wamid (echoes, uncertain sendings)."""
    known = [outbound for outbound in outbounds if outbound.wamid]
    changes = _changes({row.office_id for row in known}, {(row.line_id, row.wamid) for row in known})
    _react(known, changes)


def _changes(offices: Collection[int], targets: Collection[Target]) -> dict[Target, list[Change]]:
    """All changes of these messages that have ever come. Served by the index on targets."""
    if not targets or not bulk.run(_ANY, [sorted(offices), sorted({wamid for _, wamid in targets})])[0][0]:
        return {}
    rows = Inbound.objects.across_offices(WHY).filter(
        office__in=offices, target_wamid__in={wamid for _, wamid in targets}, type__in=KINDS, supported=True
    )
    found: dict[Target, list[Change]] = {}
    for row in rows.only("line", "target_wamid", "type", "sent_at", "wamid", "content", "wa_id", "user_id"):
        if (row.line_id, row.target_wamid) in targets:
            found.setdefault((row.line_id, row.target_wamid), []).append(_change(row))
    return found


def _change(row: Inbound) -> Change:
    content: InboundContent = row.content
    kind: Literal["reaction", "edit", "revoke"]
    if row.type == "reaction":
        kind, words = "reaction", content.get("emoji", "")
    elif row.type == "edit":
        kind, words = "edit", content.get("text", "")
    else:
        kind, words = "revoke", ""
    return Change(kind, row.sent_at, row.wamid, words, wa_id=row.wa_id, user_id=row.user_id)


def same_sender(message: Inbound, change: Inbound | Change) -> bool:
    """Whether a change is by who wrote the message: they share an id. Nobody edits or deletes a stranger's words."""
    pairs = ((message.user_id, change.user_id), (message.wa_id, change.wa_id))
    return any(mine and mine == theirs for mine, theirs in pairs)


def _inbounds(offices: Collection[int], targets: Collection[Target]) -> list[Inbound]:
    if not targets:
        return []
    rows = Inbound.objects.across_offices(WHY).filter(office__in=offices, wamid__in={wamid for _, wamid in targets})
    locked = rows.filter(line__in={line for line, _ in targets}).select_for_update().order_by("id")
    return [row for row in locked if (row.line_id, row.wamid) in targets]


def _outbounds(offices: Collection[int], targets: Collection[Target]) -> list[Outbound]:
    rows = Outbound.objects.across_offices(WHY).filter(office__in=offices, wamid__in={wamid for _, wamid in targets})
    rows = rows.filter(line__in={line for line, _ in targets}).exclude(kind=OutboundKind.READ_MARK)
    return [row for row in rows if (row.line_id, row.wamid) in targets]


def _redraw(rows: Iterable[Inbound], changes: dict[Target, list[Change]]) -> None:
    changed = [row for row in rows if _put(row, changes[row.line_id, row.wamid])]
    if changed:
        Inbound.objects.across_offices(WHY).bulk_update(
            changed, ["text", "content", "versions", "edited_at", "revoked_at", "reaction"], batch_size=500
        )


def _put(row: Inbound, changes: Sequence[Change]) -> bool:
    """Set the row to its look; False when it has it already."""
    content: InboundContent = row.content
    filed = row.type in MEDIA
    words = content.get("caption", "") if filed else row.text
    first = row.versions[0]["text"] if row.versions else words
    seen: Look = look(first, row.sent_at, [change for change in changes if same_sender(row, change)])
    before = (row.text, row.edited_at, row.revoked_at, row.reaction, row.versions)
    row.versions = [{"text": text, "at": at.isoformat()} for text, at in seen.versions]
    row.edited_at, row.revoked_at, row.reaction = seen.edited_at, seen.revoked_at, seen.reaction
    if seen.edited_at is not None:
        # A file's own name stays after its new caption.
        name = row.text.removeprefix(words).lstrip("\n") if filed else ""
        row.text = "\n".join(filter(None, (seen.words, name)))
        if filed:
            row.content = {**row.content, "caption": seen.words}
    return before != (row.text, row.edited_at, row.revoked_at, row.reaction, row.versions)


def _react(rows: Iterable[Outbound], changes: dict[Target, list[Change]]) -> None:
    """A citizen can change nothing of the office's messages but the emoji on them."""
    changed = []
    for row in rows:
        reactions = [one for one in changes.get((row.line_id, row.wamid), ()) if one.kind == "reaction"]
        seen = look("", row.created_at, reactions).reaction
        if reactions and seen != row.reaction:
            row.reaction = seen
            changed.append(row)
    if changed:
        Outbound.objects.across_offices(WHY).bulk_update(changed, ["reaction"], batch_size=500)
