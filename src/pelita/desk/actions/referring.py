"""A matter that lies with another body: where the citizen was sent, its number there, and what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from pelita.desk.actions.moving import hold, note, require_admin, taken
from pelita.desk.errors import InvalidError
from pelita.desk.models import Answer, AnswerState, Inquiry, Referral
from pelita.offices.rules import Place, zone

FURTHEST = timedelta(days=366)
# An answer that reached or will reach the citizen, or was said in person.
TOLD = (AnswerState.APPROVED, AnswerState.DELIVERED, AnswerState.WAITING)


@transaction.atomic
def refer(
    *, inquiry: Inquiry, body: str, by: Place, now: datetime, follow_up_on: date, number: str = "", text: str = ""
) -> Referral:
    """Note that the matter lies with ``body`` now. Moves nothing: the citizen still has to be told.

    Raises InvalidError for an empty body, or a date of asking that has passed or is more than a year away.
    """
    admin = require_admin(by, inquiry)
    body = body.strip()
    today = now.astimezone(zone(inquiry.office)).date()
    if not body:
        raise InvalidError("body", "Tulis ke lembaga mana urusan ini dirujuk.")
    if not today <= follow_up_on <= today + FURTHEST:
        raise InvalidError("follow_up_on", "Pilih hari ini atau sesudahnya, paling lama setahun.")
    hold(inquiry)
    made = Referral.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, body=body[:120], number=number.strip()[:60],
        note=text.strip()[:1000], follow_up_on=follow_up_on, made_by=admin, made_at=now,
    )  # fmt: skip
    note(inquiry=inquiry, verb="referral.made", by=admin, now=now, referral=made.pk)
    return made


@transaction.atomic
def finish(*, inquiry: Inquiry, referral: int, outcome: str, by: Place, now: datetime) -> None:
    """Write down what became of it there. Raises TakenError when somebody did already."""
    admin = require_admin(by, inquiry)
    outcome = outcome.strip()
    if not outcome:
        raise InvalidError("outcome", "Tulis hasilnya di lembaga itu.")
    hold(inquiry)
    rows = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry, pk=referral, ended_at=None)
    if not rows.update(ended_at=now, outcome=outcome[:1000]):
        raise taken(inquiry)
    note(inquiry=inquiry, verb="referral.ended", by=admin, now=now, referral=referral)


def must_be_told(inquiry: Inquiry) -> None:
    """Raise InvalidError when the matter was referred and the citizen has not heard of it."""
    referred = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry, ended_at=None).exists()
    answers = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state__in=TOLD)
    if referred and not answers.exists():
        raise InvalidError("seen", "Beri tahu warga dulu ke mana urusannya dirujuk, baru selesaikan.")
