"""Ready replies that an officer may use: the shared ones and those of the own sections."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from pelita.desk.models import ReplyTemplate
from pelita.offices.rules import Place

PAGE = 30
OFFERED = 60  # in the sheet beside an answer, most used first


def visible_replies(place: Place) -> QuerySet[ReplyTemplate]:
    """Everything shared, and what the officer's sections keep."""
    rows = ReplyTemplate.objects.filter(office=place.office)
    return rows.filter(Q(section=None) | Q(section__in=sorted(place.section_ids))).select_related("section")


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """Rows by title, and the id after which the next page begins (0 at the end)."""

    rows: list[ReplyTemplate]
    after: int


def reply_page(place: Place, *, search: str = "", archived: bool = False, after: int = 0) -> ReplyPage:
    """One page by title. Two queries at most."""
    rows = visible_replies(place).filter(archived_at__isnull=not archived).order_by("title", "id")
    if search.strip():
        rows = rows.filter(title__icontains=search.strip()[:80])
    start = ReplyTemplate.objects.filter(office=place.office, pk=after).first() if after else None
    if start is not None:
        rows = rows.filter(title__gte=start.title)
        rows = rows.filter(Q(title__gt=start.title) | Q(title=start.title, id__gt=start.pk))
    found = list(rows[: PAGE + 1])
    return ReplyPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def offered(place: Place) -> list[ReplyTemplate]:
    """What the sheet beside an answer offers. One query."""
    return list(visible_replies(place).filter(archived_at=None).order_by("-used", "id")[:OFFERED])


def one_reply(place: Place, pk: int) -> ReplyTemplate | None:
    return visible_replies(place).filter(pk=pk).first()


def may_keep(place: Place, reply: ReplyTemplate) -> bool:
    """Whether the officer may change it."""
    return place.is_admin if reply.section_id is None else reply.section_id in place.section_ids
