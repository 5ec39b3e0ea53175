"""Names from the address book of the office's phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from pelita.whatsapp.models import AddressBookEntry

# A person's own profile name wins on the screens (web/present/people.py); this one stands in where there is none.
# The newest entry of an address counts; one that was taken out of the book names nobody any more.
NAMES = """
UPDATE desk_citizen AS c SET book_name = b.name
FROM (
    SELECT DISTINCT ON (i.citizen_id) i.citizen_id, CASE WHEN e.removed_at IS NULL THEN e.name ELSE '' END AS name
    FROM whatsapp_addressbookentry AS e
    JOIN desk_identity AS i ON i.office_id = e.office_id AND i.retired_at IS NULL
        AND ((i.kind = 'wa_id' AND i.value = e.wa_id) OR (i.kind = 'user_id' AND i.value = e.user_id))
    WHERE e.office_id = %(office)s AND (e.wa_id = ANY(%(wa_ids)s) OR e.user_id = ANY(%(user_ids)s))
    ORDER BY i.citizen_id, e.removed_at IS NOT NULL, e.synced_at DESC, e.id DESC
) AS b
WHERE c.id = b.citizen_id AND c.office_id = %(office)s AND c.book_name <> b.name
"""


def book_changed(entries: Sequence[AddressBookEntry], *, now: datetime) -> None:  # noqa: ARG001  # the port's shape
    """The phone's address book names people whom we may know only by number."""
    for office in sorted({entry.office_id for entry in entries}):
        mine = [entry for entry in entries if entry.office_id == office]
        take_names(office, {entry.wa_id for entry in mine}, {entry.user_id for entry in mine})


def take_names(office: int, wa_ids: set[str], user_ids: set[str]) -> None:
    """Write the book's names into the citizens who have these addresses. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"office": office, "wa_ids": sorted(wa_ids - {""}), "user_ids": sorted(user_ids - {""})})
