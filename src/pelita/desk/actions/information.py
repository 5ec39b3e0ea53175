"""Requests for public information: what the register holds of them, and the one time that their deadline is moved."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pelita.desk.actions.moving import hold, note, require_admin
from pelita.desk.errors import InvalidError, TakenError
from pelita.desk.extensions import MORE_DAYS
from pelita.desk.models import Decision, InformationForm, InformationRequest, Inquiry
from pelita.desk.queries.clockwork import clockwork
from pelita.desk.workflow import OPEN_STATES
from pelita.journal import queries as facts
from pelita.offices.rules import Place, zone
from pelita.offices.worktime import NeverOpenError

MAX_ADDRESS, MAX_TEXT = 200, 300
COLUMNS = ("address", "purpose", "form", "decision", "reason")
DESCRIBED = "information.described"
NEED_REASON = (Decision.PARTLY, Decision.REFUSED)


@dataclass(frozen=True, slots=True)
class Details:
    """What the office wrote down; empty for what is not known yet."""

    address: str = ""
    purpose: str = ""
    form: str = ""
    decision: str = ""
    reason: str = ""


def stamp(found: InformationRequest | None) -> str:
    """What tells one state of the register's columns from another; empty while nobody wrote anything."""
    columns = [getattr(found, name) for name in COLUMNS] if found else []
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:16] if any(columns) else ""


@transaction.atomic
def describe(*, inquiry: Inquiry, details: Details, by: Place, now: datetime, seen: str | None = None) -> None:
    """Write the register's columns. Raises InvalidError beside the field: a refusal needs its reason.

    ``seen``: the ``stamp`` of what was on the screen. Raises TakenError when somebody wrote there meanwhile.
    """
    admin = require_admin(by, inquiry)
    _registered(inquiry)
    if details.form and details.form not in InformationForm.values:
        raise InvalidError("form", "Pilih bentuknya.")
    if details.decision and details.decision not in Decision.values:
        raise InvalidError("decision", "Pilih keputusannya.")
    reason = details.reason.strip()[:MAX_TEXT]
    if details.decision in NEED_REASON and not reason:
        raise InvalidError("reason", "Tulis alasan penolakannya.")
    hold(inquiry)
    found = InformationRequest.objects.filter(office=by.office, inquiry=inquiry).first()
    if seen is not None and seen != stamp(found):
        raise _written(inquiry)
    InformationRequest.objects.update_or_create(
        office=by.office, inquiry=inquiry,
        defaults={
            "address": details.address.strip()[:MAX_ADDRESS], "purpose": details.purpose.strip()[:MAX_TEXT],
            "form": details.form, "decision": details.decision,
            "reason": reason if details.decision in NEED_REASON else "",
        },
    )  # fmt: skip
    note(inquiry=inquiry, verb=DESCRIBED, by=admin, now=now, decision=details.decision)


@transaction.atomic
def extend(*, inquiry: Inquiry, reason: str, by: Place, now: datetime) -> datetime:
    """Seven working days more for the promise to the citizen, once and before it is over. Returns when it is due then.

    Moves nothing else: the section's own deadline stays, and the citizen still has to be told the reason. Raises
    InvalidError.
    """
    admin = require_admin(by, inquiry)
    _registered(inquiry)
    reason = reason.strip()[:MAX_TEXT]
    if not reason:
        raise InvalidError("extension_reason", "Tulis alasannya. Undang-undang meminta alasan tertulis.")
    hold(inquiry)
    inquiry.refresh_from_db(fields=["state", "answer_due_at"], from_queryset=_one(inquiry))
    found, _made = InformationRequest.objects.get_or_create(office=by.office, inquiry=inquiry)
    if found.extended_at is not None:
        raise InvalidError("extension_reason", "Sudah pernah diperpanjang. Undang-undang mengizinkannya satu kali.")
    if inquiry.state not in OPEN_STATES or inquiry.answer_due_at is None or inquiry.answer_due_at <= now:
        raise InvalidError("extension_reason", "Tenggatnya sudah lewat atau permintaannya sudah selesai.")
    try:
        due = clockwork(inquiry.office_id, now).calendar.add_days(inquiry.answer_due_at, MORE_DAYS)
    except NeverOpenError as error:
        raise InvalidError("extension_reason", "Isi dulu jam kerja kantor.") from error
    found.extended_at, found.extended_by, found.extension_reason = now, admin, reason
    found.save(update_fields=["extended_at", "extended_by", "extension_reason"])
    inquiry.answer_due_at, inquiry.remind_at = due, now  # the next rung is found from here
    _one(inquiry).update(answer_due_at=due, remind_at=now)
    note(inquiry=inquiry, verb="information.extended", by=admin, now=now, until=due.isoformat())
    return due


def _written(inquiry: Inquiry) -> TakenError:
    """Who wrote in the register meanwhile, from the journal."""
    told = facts.of_subject(inquiry.office, "inquiry", inquiry.pk).filter(verb=DESCRIBED, actor__isnull=False)
    done = told.order_by("-id").first()
    if done is None or done.actor is None:
        return TakenError("Isi register ini baru saja berubah. Periksa yang terbaru, lalu isi lagi bila masih perlu.")
    clock, who = done.at.astimezone(zone(inquiry.office)).strftime("%H.%M"), done.actor.full_name
    words = f"{who} sudah mengisi register ini pukul {clock}. Periksa isinya, lalu simpan lagi bila tulisan Anda benar."
    return TakenError(words, who=who, at=done.at)


def _registered(inquiry: Inquiry) -> None:
    if inquiry.register_number is None:
        raise InvalidError("purpose", "Ubah dulu jenisnya menjadi Informasi publik.")


def _one(inquiry: Inquiry) -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(office=inquiry.office_id, pk=inquiry.pk)
