"""What an officer was told, in words: from the verb, the code and the data of a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.desk.models import Inquiry
from pelita.desk.queries.notices import Told
from pelita.offices.rules import Place
from pelita.web.present import rows
from pelita.web.views.guards import landing

# Icon and sentence for each verb. Data of the notice fills in what stands in braces.
SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "inquiry.dispositioned": ("clipboard-text", gettext_lazy("{code} diteruskan ke seksi Anda")),
    "inquiry.recalled": ("arrow-back-up", gettext_lazy("{code} ditarik admin dari seksi Anda")),
    "inquiry.refused": ("arrow-back-up", gettext_lazy("{code} dikembalikan seksi sebagai bukan tupoksi")),
    "answer.submitted": ("send", gettext_lazy("Jawaban {code} menunggu diperiksa")),
    "answer.returned": ("arrow-back-up", gettext_lazy("Jawaban {code} dikembalikan untuk diperbaiki")),
    "inquiry.hidden": ("lock", gettext_lazy("{code} ditandai rahasia dan menunggu Anda")),
    "help.asked": ("users", gettext_lazy("Seksi Anda diminta membantu {code}")),
    "help.given": ("users", gettext_lazy("Bahan jawaban untuk {code} sudah ada")),
    "help.refused": ("arrow-back-up", gettext_lazy("Seksi yang diminta tidak ikut membantu {code}")),
    "help.withdrawn": ("arrow-back-up", gettext_lazy("{code} tidak perlu bantuan seksi Anda lagi")),
    "note.mentioned": ("message-2", gettext_lazy("Anda disebut dalam catatan {code}")),
}
LATE = ("reminder.late", "reminder.escalated")


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice. ``opens``: pressing it leads somewhere."""

    pk: int
    icon: str
    text: str
    at: datetime
    unread: bool
    late: bool
    opens: bool


def row(told: Told) -> NoticeRow:
    notice = told.notice
    icon, sentence = SENTENCES.get(notice.verb, ("bell", _("Ada kabar tentang {code}")))
    return NoticeRow(
        pk=notice.pk,
        icon=icon,
        text=str(sentence).format_map(_Known(notice.data)),
        at=notice.created_at,
        unread=notice.read_at is None,
        late=notice.verb in LATE,
        opens=told.inquiry is not None or notice.inquiry_id is None,
    )


def address(inquiry: Inquiry | None, place: Place) -> str:
    """Where a notice leads: to the inquiry as the person works on it, without one to the person's own work."""
    if inquiry is None:
        return landing(place)
    if place.sees_all:
        return rows.address(inquiry, place)
    return reverse("tugas-satu", args=[inquiry.code])


class _Known(dict[str, object]):
    """Data of a notice; what an older notice does not hold stays empty."""

    def __missing__(self, key: str) -> str:
        return ""
