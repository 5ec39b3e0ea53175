"""Reads of the journal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from pelita.journal.models import Fact
from pelita.offices.models import Office

# Facts commit out of order: one with a smaller id may appear after a larger one was sent to a browser. Reading
# this many ids back on resume, as far as they are fresh, covers every transaction that was open then (a set of messages
# writes a thousand facts of all offices at once); a fact told twice only refreshes twice.
RESUME_MARGIN = 20_000
RESUME_LIMIT = 500
# Facts about these are of no citizen, so everybody in the office hears them: the operator, who sees no inquiry, too.
WIDE = ("line", "template")
# Facts about these are for the officers named in their data alone, whatever else these may hear.
PERSONAL = ("notice", "view")


def of_subject(office: Office, subject_type: str, subject_id: int) -> QuerySet[Fact]:
    """All facts about one thing, oldest first, with their actors."""
    return (
        Fact.objects.filter(office=office, subject_type=subject_type, subject_id=subject_id)
        .select_related("actor")
        .order_by("id")
    )


def since(office: Office, last_id: int, *, officer: int, sections: set[int] | None, recent: datetime) -> list[Fact]:
    """Facts that a browser which saw ``last_id`` may have missed, oldest first, at most RESUME_LIMIT.

    Smaller ids only when they are of after ``recent``: what is older was certainly there with ``last_id``.
    ``sections`` restricts to facts those sections may hear of, and WIDE ones; None hears everything (admin, leader).
    PERSONAL ones only when they name the ``officer``.
    """
    facts = Fact.objects.filter(office=office, id__gt=max(0, last_id - RESUME_MARGIN))
    facts = facts.filter(Q(id__gt=last_id) | Q(at__gt=recent))
    own = Q(subject_type__in=PERSONAL, data__contains={"officers": [officer]})
    if sections is None:
        facts = facts.filter(own | ~Q(subject_type__in=PERSONAL))
    else:
        facts = facts.filter(own | Q(audience__overlap=sorted(sections)) | Q(subject_type__in=WIDE))
    return list(facts.order_by("-id")[:RESUME_LIMIT])[::-1]


def latest_id(office: Office) -> int:
    """Id of the newest fact, 0 when there is none."""
    return Fact.objects.filter(office=office).order_by("-id").values_list("id", flat=True).first() or 0


def facts(office: Office | int, ids: list[int]) -> list[Fact]:
    """The facts with these ids, oldest first: what a live stream was told about."""
    return list(Fact.objects.filter(office=office, id__in=ids).order_by("id"))
