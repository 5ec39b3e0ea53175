"""What came in and nobody took: items without a handler, items that failed too often, bodies that nobody understands.

For the operator. Lists hold no text of a citizen's; ``kept_item`` has the whole payload.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, Max, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Left, Length

from pelita.offices.models import Office
from pelita.whatsapp.models import Body, BodyState, Item, ItemKind, ItemState

LEFT = (ItemState.KEPT, ItemState.DEAD)
PAGE = 50
MAX_TYPE = 40
# More than this many is "many": nobody counts further, and no page waits for it.
COUNTED = 1000
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """Items of one sort. ``type`` is a message's type or a status's name; empty for account events. ``unknown``: the
    number that they speak of is none of ours."""

    state: str
    field: str
    kind: str
    type: str
    unknown: bool
    count: int
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One item in the list. ``error`` is the name of what went wrong, for dead ones."""

    pk: int
    state: str
    field: str
    kind: str
    type: str
    error: str
    occurred_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One body that is no JSON object or that the database refused. ``size`` in bytes."""

    pk: int
    received_at: datetime
    note: str
    size: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Newest first; ``before`` is the id under which the next page begins, 0 at the end."""

    rows: Sequence[Row]
    before: int


def kept_groups(office: Office | None) -> list[KeptGroup]:
    """How many there are of each sort, the most first. ``office`` None: those that name no office of ours."""
    rows = _left(office).annotate(type=_type(), unknown=_UNKNOWN).values("state", "field", "kind", "type", "unknown")
    counted = rows.annotate(count=Count("pk"), newest=Max("occurred_at"))
    counted = counted.order_by("-count", "field", "kind", "type", "state", "unknown")
    return [KeptGroup(**row) for row in counted]


def kept_page(
    office: Office | None,
    *,
    state: str = "",
    field: str = "",
    kind: str = "",
    type: str | None = None,  # noqa: A002  # the item's own word for it
    unknown: bool | None = None,
    before: int = 0,
) -> Page[KeptRow]:
    """A page of them, newest first, all or of one sort; ``type`` "" is a sort of its own."""
    rows = _left(office).annotate(type=_type(), unknown=_UNKNOWN)
    wanted = {"state": state, "field": field, "kind": kind}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if type is not None:
        rows = rows.filter(type=type)
    if unknown is not None:
        rows = rows.filter(unknown=unknown)
    if before:
        rows = rows.filter(pk__lt=before)
    names = ("pk", "state", "field", "kind", "type", "error", "occurred_at", "body__received_at")
    found = [KeptRow(*row) for row in rows.order_by("-pk").values_list(*names)[: PAGE + 1]]
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def count_left(office: Office) -> int:
    """How many there are; COUNTED stands for that many or more."""
    return _left(office)[:COUNTED].count()


def kept_item(office: Office | None, pk: int) -> Item:
    """One of them with all that came with it. Raises Item.DoesNotExist, also for another office's."""
    return _left(office).select_related("line", "body").defer("line__token", "body__raw").get(pk=pk)


def quarantined_page(*, before: int = 0) -> Page[QuarantinedRow]:
    """Bodies in quarantine, newest first. They belong to no office: nobody could read whose they are."""
    rows = Body.objects.filter(state=BodyState.QUARANTINED)
    if before:
        rows = rows.filter(pk__lt=before)
    named = rows.annotate(size=Length("raw")).order_by("-pk").values_list("pk", "received_at", "note", "size")
    found = [QuarantinedRow(*row) for row in named[: PAGE + 1]]
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def dead_of(office: Office, *, field: str, kind: str, type: str) -> QuerySet[Item]:  # noqa: A002  # as above
    """The dead items of one sort, in no order."""
    return _left(office).annotate(type=_type()).filter(state=ItemState.DEAD, field=field, kind=kind, type=type)


def quarantined_reasons() -> list[tuple[str, int, datetime]]:
    """Why bodies are in quarantine: (note, how many, newest), the most first."""
    rows = Body.objects.filter(state=BodyState.QUARANTINED).values_list("note")
    return list(rows.annotate(count=Count("pk"), newest=Max("received_at")).order_by("-count", "note"))


def _left(office: Office | None) -> QuerySet[Item]:
    """Served by the partial index on what is left, which is small beside the inbox."""
    rows = Item.objects.filter(office=office) if office else Item.objects.filter(office__isnull=True)
    return rows.filter(state__in=LEFT)


# Account events name no number.
_OF_A_NUMBER = [ItemKind.MESSAGE, ItemKind.STATUS, ItemKind.ECHO]
_UNKNOWN = ExpressionWrapper(Q(line=None, state=ItemState.KEPT, kind__in=_OF_A_NUMBER), output_field=BooleanField())


def _type() -> Left:
    """What the item says it is, out of its payload."""
    item = KeyTransform("item", "payload")
    names = (KeyTextTransform("type", item), KeyTextTransform("status", item), Value(""))
    return Left(Coalesce(*names, output_field=CharField()), MAX_TYPE)
