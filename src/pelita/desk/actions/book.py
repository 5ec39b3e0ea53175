"""Names from the address book of the office's phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pelita.base import bulk
from pelita.whatsapp.models import AddressBookEntry

# A person's own profile name wins on the screens (web/present/people.py); this one stands in where there is none.
# The newest entry of an address counts; one that was taken out of the book names nobody any more.
NAMES = f"""
UPDATE desk_citizen AS c SET book_name = b.name
FROM (
    SELECT DISTINCT ON (i.citizen_id) i.citizen_id, e.office_id,
        CASE WHEN e.removed_at IS NULL THEN e.name ELSE '' END AS name
    FROM {bulk.given(office="bigint", wa_id="text", user_id="text")}
    JOIN whatsapp_addressbookentry AS e ON e.office_id = u.office
        AND ((u.wa_id <> '' AND e.wa_id = u.wa_id) OR (u.user_id <> '' AND e.user_id = u.user_id))
    JOIN desk_identity AS i ON i.office_id = e.office_id AND i.retired_at IS NULL
        AND ((i.kind = 'wa_id' AND i.value = e.wa_id) OR (i.kind = 'user_id' AND i.value = e.user_id))
    ORDER BY i.citizen_id, e.removed_at IS NOT NULL, e.synced_at DESC, e.id DESC
) AS b
WHERE c.id = b.citizen_id AND c.office_id = b.office_id AND c.book_name <> b.name
"""  # noqa: S608 (constants)


def book_changed(entries: Sequence[AddressBookEntry], *, now: datetime) -> None:  # noqa: ARG001  # the port's shape
    """The phone's address book names people whom we may know only by number."""
    take_names([(entry.office_id, entry.wa_id, entry.user_id) for entry in entries])


def take_names(addresses: Sequence[tuple[int, str, str]]) -> None:
    """Write the book's names into the citizens who have these addresses: office, wa_id, user_id. One statement."""
    bulk.run(NAMES, bulk.columns(set(addresses), 3))
