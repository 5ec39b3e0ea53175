"""The register of public information, a row each, in the words of its columns (UU 14/2008 art. 22, PerKI 1/2021)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers
from pelita.desk.models import InformationRequest, Inquiry
from pelita.desk.workflow import OPEN_STATES
from pelita.web import words
from pelita.web.present import people


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request. ``late``: its time is over and it is not answered."""

    code: str
    number: str
    day: str
    name: str
    address: str
    subject: str
    wanted: str
    due: str
    extension: str
    late: bool
    decision: str
    reason: str
    answered: str


def row(inquiry: Inquiry, now: datetime, tz: tzinfo) -> RequestRow:
    """``inquiry`` with its citizen, village and information request."""
    known: InformationRequest = getattr(inquiry, "information", None) or InformationRequest()
    due, runs = inquiry.answer_due_at, inquiry.state in OPEN_STATES and inquiry.delivered_at is None
    lives = (known.address, people.village(inquiry.citizen))
    wanted = (known.get_form_display(), _("untuk {purpose}").format(purpose=known.purpose) if known.purpose else "")
    return RequestRow(
        code=inquiry.code,
        number=f"{inquiry.register_number}/{inquiry.register_year}",
        day=_day(inquiry.opened_at, now, tz),
        name=people.name(inquiry.citizen, {}),
        address=mask_numbers(", ".join(filter(None, lives))),
        subject=mask_numbers(inquiry.summary),
        wanted=mask_numbers(" ".join(filter(None, wanted))),
        due=_day(due, now, tz),
        extension=mask_numbers(known.extension_reason) if known.extended_at else "",
        late=runs and due is not None and due < now,
        decision=str(known.get_decision_display()) or str(inquiry.get_state_display()),
        reason=mask_numbers(known.reason),
        answered=_day(inquiry.delivered_at, now, tz),
    )


def _day(at: datetime | None, now: datetime, tz: tzinfo) -> str:
    return words.date_words(at, now, tz) if at else ""
