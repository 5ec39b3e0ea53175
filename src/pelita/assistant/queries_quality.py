"""Reads of the quality loop: automatic replies that may teach something, for whoever may see their inquiries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from pelita.assistant.models import Reply, ReplyKind, ReplyOutcome, ReplyReview, Verdict
from pelita.catalog.models import ServiceVersion
from pelita.desk.queries import access
from pelita.offices.rules import Place

PAGE = 20
RECENT = timedelta(days=90)  # how far back corrections are looked for


class Why(StrEnum):
    """Why a reply is in the list."""

    NOT_ANSWERED = "not_answered"  # the citizen said so
    CORRECTED = "corrected"  # a person chose another service than was said, or one where none was
    MARKED = "marked"  # an officer said that it is wrong
    ANSWERED = "answered"  # nobody complained: to look through, and to mark


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """Replies, newest first, with inquiry, service and message; ``after`` begins the next page, 0 at the end."""

    rows: list[Reply] = field(default_factory=list)
    after: int = 0


def may_teach(place: Place) -> bool:
    """Admin and heads. An operator keeps sentences, but reads no inquiries."""
    return place.is_admin or bool(place.headed_ids)


def replies(place: Place, why: Why, *, now: datetime, after: int = 0) -> ReplyPage:
    """One page. Three queries at most. Nothing of secret inquiries, and no message that its citizen took back."""
    start = Reply.objects.filter(office=place.office, pk=after).values_list("at", flat=True).first() if after else None
    found: list[Reply] = []
    for rows in _of(place, why, now):
        if start is not None:
            rows = rows.filter(Q(at__lt=start) | Q(at=start, pk__lt=after))  # noqa: PLW2901 - the same rows, fewer
        rows = rows.select_related("inquiry__service", "inquiry__section", "inbound")  # noqa: PLW2901
        found += rows.order_by("-at", "-id")[: PAGE + 1]
    found.sort(key=lambda one: (one.at, one.pk), reverse=True)
    return ReplyPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def by_key(place: Place, key: int) -> Reply | None:
    """One of them, or None when it is not there for this officer."""
    return _visible(place).filter(pk=key).select_related("inquiry__service", "inbound").first()


def _of(place: Place, why: Why, now: datetime) -> list[QuerySet[Reply]]:
    """One set of rows for each index that serves it."""
    rows = _visible(place)
    if why is Why.MARKED:
        marked = ReplyReview.objects.filter(office=place.office, verdict=Verdict.WRONG)
        return [rows.filter(pk__in=marked.values("reply"))]
    rows = rows.exclude(pk__in=ReplyReview.objects.filter(office=place.office).values("reply"))
    if why is Why.NOT_ANSWERED:
        return [rows.filter(outcome=ReplyOutcome.NOT_ANSWERED)]
    if why is Why.ANSWERED:
        return [rows.filter(kind=ReplyKind.ANSWER).exclude(outcome=ReplyOutcome.NOT_ANSWERED)]
    said = ServiceVersion.objects.filter(office=place.office, service=OuterRef("inquiry__service")).values("pk")
    # What was asked from a catalogue item has its service by that, and corrects nothing.
    rows = rows.filter(inquiry__service__isnull=False, inbound__product="", at__gte=now - RECENT)
    rows = rows.exclude(versions__overlap=ArraySubquery(said))
    return [rows.filter(kind=kind) for kind in (ReplyKind.PERSON, ReplyKind.ANSWER)]


def _visible(place: Place) -> QuerySet[Reply]:
    rows = Reply.objects.filter(office=place.office, inquiry__secret=False, inbound__revoked_at__isnull=True)
    if place.is_admin:
        return rows
    return rows.filter(inquiry__in=access.visible(place).values("pk"))
