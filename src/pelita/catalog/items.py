"""Items of WhatsApp's catalogue: an item is a published service, and its id there is the service's code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max
from django.db.models.functions import Greatest

from pelita.base import bulk
from pelita.catalog import pictures, queries, rules
from pelita.catalog.models import CopiedItem, Service, ServiceVersion, VersionState
from pelita.offices.models import Office

LEAVES = 20  # on a page of the sheet
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A published service as an item: its picture is made of ``code``, ``title`` and the office's name, and
    ``picture`` names that content. ``version`` counts the service's versions."""

    code: str
    title: str
    text: str
    picture: str
    version: int


def shown(office: Office, *, after: str = "", limit: int | None = None) -> list[Shown]:
    """What the catalogue in WhatsApp should hold: the office's published services, by code. Three queries.

    ``after`` a code and at most ``limit``: a part of them.
    """
    rows = queries.published(office).filter(service__code__gt=after).select_related("service")
    versions = list(rows.order_by("service__code")[:limit])
    said = queries.contents(versions)
    return [
        Shown(
            code=one.service.code,
            title=one.short_name,
            text=rules.item_text(said[one.pk]),
            picture=pictures.digest(one.service.code, one.short_name, office.name),
            version=one.number,
        )
        for one in versions
    ]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An item on the sheet from which the app's catalogue is filled, with the tick of who copied it."""

    item: Shown
    copied: CopiedItem | None

    @property
    def changed(self) -> bool:
        """Whether another version was published since."""
        return self.copied is not None and self.copied.number != self.item.version


@dataclass(frozen=True, slots=True)
class LeafPage:
    """Leaves by code; ``after`` begins the next page. ``done`` of ``number`` are copied as they are published now;
    ``gone`` were copied and are not published any more, so they have to be taken out by hand."""

    leaves: list[Leaf]
    after: str
    done: int
    number: int
    gone: list[CopiedItem]


def sheet(office: Office, *, after: str = "") -> LeafPage:
    """One page of the sheet. Five queries."""
    found = shown(office, after=after[:100], limit=LEAVES + 1)
    copied = {
        one.service.code: one
        for one in CopiedItem.objects.filter(office=office).select_related("service", "copied_by").order_by("pk")
    }
    numbers = dict(queries.published(office).values_list("service__code", "number"))
    done = sum(1 for code, one in copied.items() if numbers.get(code) == one.number)
    leaves = [Leaf(one, copied.get(one.code)) for one in found[:LEAVES]]
    gone = [one for code, one in copied.items() if code not in numbers]
    return LeafPage(leaves, found[LEAVES - 1].code if len(found) > LEAVES else "", done, len(numbers), gone)


def title_of(office: Office, code: str) -> str:
    """What a published service is called on its picture; empty for anything else. One query."""
    rows = queries.published(office).filter(service__code=code.upper())
    return rows.values_list("short_name", flat=True).first() or ""


def newest_changes(offices: Collection[int]) -> dict[int, datetime]:
    """When a service of each office was last published or withdrawn. One query."""
    rows = ServiceVersion.objects.across_offices("the worker looks after the catalogues of every office")
    rows = rows.filter(office__in=offices, state__in=(VersionState.PUBLISHED, VersionState.WITHDRAWN))
    # Of a moment and none, PostgreSQL takes the moment.
    newest = rows.order_by().values("office").annotate(at=Max(Greatest(F("published_at"), F("ended_at"))))
    return dict(newest.values_list("office", "at"))
