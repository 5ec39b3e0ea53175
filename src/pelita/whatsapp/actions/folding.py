"""One message, two rows: the phone spoke of a message of ours before we knew its wamid, and left a row under that.

Once a status with our key tells the wamid, the phone's row goes and ours takes over what the phone did to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pelita.base import bulk
from pelita.whatsapp.content import STUB
from pelita.whatsapp.models import Outbound, Source, StatusEvent
from pelita.whatsapp.ports import Handlers

_TAKEN_OVER = ("text", "versions", "edited_at", "revoked_at")
_TWINS = f"""
JOIN {bulk.given(office="bigint", line="bigint", wamid="text")}
    ON t.office_id = u.office AND t.line_id = u.line AND t.wamid = u.wamid AND t.kind <> 'read_mark'
WHERE t.source <> '{Source.SYSTEM.value}' ORDER BY t.id FOR UPDATE OF t
"""


def fold(outbounds: Sequence[Outbound], *, now: datetime, handlers: Handlers) -> list[Outbound]:
    """Fold into these the phone's rows of the same wamid, before theirs is written. Returns those that had one.

    What the statuses did to such a row waits for its heir again: give it to statuses.catch_up once the wamid is
    written. One query when there is nothing to fold, which is nearly always.
    """
    heirs = {(one.line_id, one.wamid): one for one in outbounds}
    places = bulk.columns([(one.office_id, one.line_id, one.wamid) for one in outbounds], 3)
    pairs = [(row, heirs[row.line_id, row.wamid]) for row in bulk.load(Outbound, _TWINS, places)]
    if not pairs:
        return []
    for row, heir in pairs:
        _take_over(row, heir)
    bulk.update([heir for _, heir in pairs], _TAKEN_OVER)
    for handler in handlers.folded:
        handler(pairs, now=now)
    for office in {row.office_id for row, _ in pairs}:
        gone = [row.pk for row, _ in pairs if row.office_id == office]
        StatusEvent.objects.filter(office=office, outbound__in=gone).update(outbound=None)
        Outbound.objects.filter(office=office, pk__in=gone).delete()
    return [heir for _, heir in pairs]


def _take_over(row: Outbound, heir: Outbound) -> None:
    heir.revoked_at = heir.revoked_at or row.revoked_at
    if row.edited_at is None:
        return
    first = [{"text": heir.text, "at": heir.created_at.isoformat()}] if row.content.get("type") == STUB else []
    heir.text, heir.versions, heir.edited_at = row.text, [*first, *row.versions], row.edited_at
