"""A matter that lies with another body: where the citizen was sent, its number there, and what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from pelita.desk.actions.moving import hold, note, require_admin, taken
from pelita.desk.actions.telling import tell
from pelita.desk.errors import InvalidError
from pelita.desk.models import Answer, AnswerState, Inquiry, InquiryState, Notice, Referral
from pelita.offices.models import Office
from pelita.offices.roster import Roster
from pelita.offices.rules import Place, zone

FURTHEST = timedelta(days=366)
MOST = 50  # told on one morning; the next one goes on
DUE = "referral.due"
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
    if not body:
        raise InvalidError("body", "Tulis ke lembaga mana urusan ini dirujuk.")
    _insist_on_day(inquiry, follow_up_on, now)
    hold(inquiry)
    made = Referral.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, body=body[:120], number=number.strip()[:60],
        note=text.strip()[:1000], follow_up_on=follow_up_on, made_by=admin, made_at=now,
    )  # fmt: skip
    note(inquiry=inquiry, verb="referral.made", by=admin, now=now, referral=made.pk)
    return made


@transaction.atomic
def ask_again(
    *, inquiry: Inquiry, referral: int, follow_up_on: date, by: Place, now: datetime, number: str = ""
) -> None:
    """That body was asked and has no result yet: it is asked again on ``follow_up_on``, which may bring its number.

    Raises TakenError when somebody wrote down the result meanwhile, InvalidError as ``refer`` does.
    """
    admin = require_admin(by, inquiry)
    _insist_on_day(inquiry, follow_up_on, now)
    hold(inquiry)
    rows = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry, pk=referral, ended_at=None)
    if not rows.update(follow_up_on=follow_up_on, number=number.strip()[:60]):
        raise taken(inquiry)
    note(
        inquiry=inquiry, verb="referral.asked", by=admin, now=now, referral=referral, again=follow_up_on.isoformat()
    )  # fmt: skip


def _insist_on_day(inquiry: Inquiry, day: date, now: datetime) -> None:
    today = now.astimezone(zone(inquiry.office)).date()
    if not today <= day <= today + FURTHEST:
        raise InvalidError("follow_up_on", "Pilih hari ini atau sesudahnya, paling lama setahun.")


def remind_of_referrals(office: Office, *, roster: Roster, today: date, now: datetime) -> int:
    """Tell who handles them which bodies are to be asked today, or should have been: each day of asking once. Returns
    how many are told now: at most ``MOST``."""
    due = Referral.objects.filter(office=office, ended_at=None, follow_up_on__lte=today)
    due = due.exclude(inquiry__state__in=(InquiryState.MERGED, InquiryState.SPAM))
    key = Concat(Value("referral:"), Cast("pk", CharField()), Value(":"), Cast("follow_up_on", CharField()))
    told = Notice.objects.filter(office=office, verb=DUE, inquiry=OuterRef("inquiry"), key=OuterRef("told_as"))
    fresh = due.annotate(told_as=key).exclude(Exists(told)).select_related("inquiry")
    found = list(fresh.order_by("follow_up_on", "id")[:MOST])
    for one in found:
        tell(
            officers=roster.leaders if one.inquiry.secret else roster.admins, inquiry=one.inquiry, verb=DUE,
            key=f"referral:{one.pk}:{one.follow_up_on}", now=now, body=one.body,
        )  # fmt: skip
    return len(found)


@transaction.atomic
def finish(*, inquiry: Inquiry, referral: int, outcome: str, by: Place, now: datetime, number: str = "") -> None:
    """Write down what became of it there, with its number there if one came. Raises TakenError when somebody did
    already."""
    admin = require_admin(by, inquiry)
    outcome = outcome.strip()
    if not outcome:
        raise InvalidError("outcome", "Tulis hasilnya di lembaga itu.")
    hold(inquiry)
    rows = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry, pk=referral, ended_at=None)
    came = {"number": number.strip()[:60]} if number.strip() else {}
    if not rows.update(ended_at=now, outcome=outcome[:1000], **came):
        raise taken(inquiry)
    note(inquiry=inquiry, verb="referral.ended", by=admin, now=now, referral=referral)


@transaction.atomic
def keep_number(*, inquiry: Inquiry, referral: int, number: str, by: Place, now: datetime) -> None:
    """That body gave its number, and nothing else yet. Raises InvalidError when it is the one that is known, TakenError
    when somebody wrote down the result meanwhile."""
    admin = require_admin(by, inquiry)
    hold(inquiry)
    rows = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry, pk=referral, ended_at=None)
    found = rows.first()
    if found is None:
        raise taken(inquiry)
    number = number.strip()[:60]
    if number in ("", found.number):
        raise InvalidError("outcome", "Tulis hasilnya, atau pilih tanggal menanyakannya lagi.")
    rows.update(number=number)
    note(inquiry=inquiry, verb="referral.numbered", by=admin, now=now, referral=referral)


def must_be_told(inquiry: Inquiry) -> None:
    """Raise InvalidError when the matter was referred and the citizen has not heard of it."""
    referred = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry, ended_at=None).exists()
    answers = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state__in=TOLD)
    if referred and not answers.exists():
        raise InvalidError("seen", "Beri tahu warga dulu ke mana urusannya dirujuk, baru selesaikan.")
