"""Items of WhatsApp's catalogue: an item is a published service, and its id there is the service's code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pelita.base import bulk
from pelita.catalog.models import Service
from pelita.offices.models import Office

# What is not published is no item: such a message is a question like any other.
_ASKED = f"""
SELECT u.message, s.id, s.code, s.section_id, v.short_name, o.catalog_questions AND g.active
FROM {bulk.given(message="bigint", office="bigint", code="text")}
JOIN catalog_service s ON s.office_id = u.office AND s.code = upper(u.code)
JOIN catalog_serviceversion v ON v.office_id = s.office_id AND v.service_id = s.id AND v.state = 'published'
JOIN offices_section g ON g.office_id = s.office_id AND g.id = s.section_id
JOIN offices_office o ON o.id = s.office_id
"""  # noqa: S608 (constants)


@dataclass(frozen=True, slots=True)
class Asked:
    """The service that a message asks about. ``passes``: its question goes to the section by itself."""

    service: int
    code: str
    section: int
    name: str
    passes: bool


def asked(messages: Sequence[tuple[int, int, str]]) -> dict[int, Asked]:
    """What messages ask about, as (message, office, item's id); those whose item is not known are left out. One query
    for all, none when there are none."""
    if not messages:
        return {}
    found = bulk.run(_ASKED, bulk.columns(messages, 3))
    return {message: Asked(*rest) for message, *rest in found}


def names(office: Office, codes: Collection[str]) -> dict[str, str]:
    """What items are called, by their ids as they were sent; unknown ones are left out. One query, or none."""
    wanted = {code.upper(): code for code in codes if code}
    if not wanted:
        return {}
    rows = Service.objects.filter(office=office, code__in=wanted)
    return {wanted[code]: name for code, name in rows.values_list("code", "name")}
