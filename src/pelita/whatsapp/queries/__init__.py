"""Reads of the wire. Each takes the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Max, Min, QuerySet, When

from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp.models import Body, BodyState, Item, ItemState, Line, LineState


@dataclass(frozen=True, slots=True)
class InboxFigures:
    """The whole installation's inbox. ``oldest``: when the first body that waits came in."""

    bodies_waiting: int
    bodies_quarantined: int
    oldest: datetime | None
    items_waiting: int
    items_dead: int


def line_of(office: Office) -> Line | None:
    """The office's number; its oldest when it has several."""
    return Line.objects.filter(office=office).order_by("id").first()


def lines_of(office: Office) -> list[Line]:
    """Every number of the office, without its token, by number. A handful."""
    return list(Line.objects.filter(office=office).defer("token").order_by("display_phone"))


def first_works(office: Office) -> QuerySet[Line, bool]:
    """Whether the first of ``lines_of`` is active: one value, none without a number. Not run yet."""
    rows = Line.objects.filter(office=office).order_by("display_phone")
    works = Case(When(state=LineState.ACTIVE, then=True), default=False)
    return rows.annotate(works=works).values_list("works", flat=True)[:1]


def line_with_app(office: Office, line: int) -> Line:
    """One number with its application, secrets included, and its last test message. Raises Line.DoesNotExist."""
    return Line.objects.select_related("app", "test").get(office=office, pk=line)


def one_account_since(office: int) -> datetime | None:
    """Since when every number of the office has belonged to one WhatsApp Business account; None while there are two.

    A person has another business-scoped id in another portfolio, and what WhatsApp tells of that is the account.
    """
    lines = dict(Line.objects.filter(office=office).values_list("pk", "business_account_id"))
    if len(set(lines.values())) != 1:
        return None
    entered = Fact.objects.filter(
        office=office, subject_type="line", subject_id__in=lines, verb__in=("line.registered", "line.changed"),
        data__fields__contains=["business_account_id"],
    )  # fmt: skip
    last: datetime | None = entered.aggregate(last=Max("at"))["last"]
    return last


def inbox_due(now: datetime) -> bool:
    """Whether a worker would find something in the inbox. Two looks into small indexes."""
    return (
        Body.objects.filter(state=BodyState.PENDING).exists()
        or Item.objects.filter(state=ItemState.PENDING, next_at__lte=now).exists()
    )


def inbox_figures() -> InboxFigures:
    """Counts for metrics and the operator's check; bodies and items come before it is known whose they are."""
    waiting = Body.objects.filter(state=BodyState.PENDING).aggregate(count=Count("pk"), oldest=Min("received_at"))
    return InboxFigures(
        bodies_waiting=waiting["count"],
        bodies_quarantined=Body.objects.filter(state=BodyState.QUARANTINED).count(),
        oldest=waiting["oldest"],
        items_waiting=Item.objects.filter(state=ItemState.PENDING).count(),
        items_dead=Item.objects.filter(state=ItemState.DEAD).count(),
    )
