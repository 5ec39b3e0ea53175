"""The address book of the office's phone, kept in step (coexistence)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db import connection

from pelita.whatsapp.actions.echoes import phone_seen
from pelita.whatsapp.models import AddressBookEntry, Item, Line
from pelita.whatsapp.parse_phone import Person, people_of
from pelita.whatsapp.ports import Handlers

# Notices come in any order and twice: only a newer one changes a row. A removed person's name stays for the audit.
UPSERT = """
INSERT INTO whatsapp_addressbookentry AS b (office_id, line_id, wa_id, user_id, name, synced_at, removed_at)
SELECT %(office)s, %(line)s, p.wa_id, p.user_id, p.name, p.at, CASE WHEN p.removed THEN p.at END
FROM unnest(
    %(wa_ids)s::text[], %(user_ids)s::text[], %(names)s::text[], %(moments)s::timestamptz[], %(removed)s::bool[]
) AS p(wa_id, user_id, name, at, removed)
ON CONFLICT (line_id, wa_id, user_id) DO UPDATE SET
    name = CASE WHEN excluded.removed_at IS NULL AND excluded.name <> '' THEN excluded.name ELSE b.name END,
    synced_at = excluded.synced_at, removed_at = excluded.removed_at
WHERE b.synced_at < excluded.synced_at
RETURNING b.id
"""


def take(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:
    """Take ``smb_app_state_sync`` items in, inside the caller's transaction."""
    for line in {item.line_id: cast("Line", item.line) for item in items if item.line_id}.values():
        newest: dict[tuple[str, str], Person] = {}
        for item in items:
            for person in people_of(item.payload, item.occurred_at or now) if item.line_id == line.pk else ():
                before = newest.get((person.wa_id, person.user_id))
                if before is None or before.at <= person.at:
                    newest[(person.wa_id, person.user_id)] = person
        if newest:
            phone_seen(line, max(person.at for person in newest.values()), now)
            changed = _write(line, [newest[key] for key in sorted(newest)])
            for handler in handlers.phonebook if changed else ():
                handler(changed, now=now)


def _write(line: Line, people: Sequence[Person]) -> list[AddressBookEntry]:
    with connection.cursor() as cursor:
        cursor.execute(
            UPSERT,
            {
                "office": line.office_id,
                "line": line.pk,
                "wa_ids": [person.wa_id for person in people],
                "user_ids": [person.user_id for person in people],
                "names": [person.name for person in people],
                "moments": [person.at for person in people],
                "removed": [person.removed for person in people],
            },
        )
        written = [row[0] for row in cursor.fetchall()]
    return list(AddressBookEntry.objects.filter(office=line.office_id, pk__in=written))
