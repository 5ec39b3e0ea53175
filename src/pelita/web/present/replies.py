"""Ready replies as the screens show them: filled in, with what they are used for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import one_line
from pelita.catalog.queries import published_of
from pelita.desk import variables
from pelita.desk.models import Inquiry, ReplyTemplate
from pelita.offices.models import OpenHours
from pelita.offices.rules import Place

DAYS = (
    gettext_lazy("Senin"), gettext_lazy("Selasa"), gettext_lazy("Rabu"), gettext_lazy("Kamis"), gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"), gettext_lazy("Minggu"),
)  # fmt: skip
MEANINGS = {
    "nama": gettext_lazy("nama warga"),
    "kode": gettext_lazy("kode pertanyaan"),
    "layanan": gettext_lazy("nama layanan yang syaratnya disisipkan"),
    "jam_buka": gettext_lazy("hari dan jam loket"),
    "kantor": gettext_lazy("nama kantor"),
    "petugas": gettext_lazy("nama Anda"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A reply in a list. ``whose``: the section that keeps it, or that it is shared."""

    reply: ReplyTemplate
    line: str
    whose: str
    used: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A reply beside an answer, filled in for this citizen."""

    pk: int
    title: str
    text: str


def opening_words(hours: Sequence[OpenHours]) -> str:
    """``Senin sampai Kamis 07.30–12.00 dan 13.00–16.00, Jumat …``: days with the same hours together."""
    of_day: dict[int, list[str]] = {}
    for row in sorted(hours, key=lambda one: (one.weekday, one.opens)):
        of_day.setdefault(row.weekday, []).append(f"{row.opens:%H.%M}–{row.closes:%H.%M}")
    runs: list[tuple[int, int, list[str]]] = []
    for day, stretches in of_day.items():
        if runs and runs[-1][2] == stretches and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day, stretches)
        else:
            runs.append((day, day, stretches))
    return ", ".join(f"{_days(first, last)} {_(' dan ').join(stretches)}" for first, last, stretches in runs)


def _days(first: int, last: int) -> str:
    if first == last:
        return str(DAYS[first])
    return _("{first} sampai {last}").format(first=DAYS[first], last=DAYS[last])


def values(place: Place, inquiry: Inquiry | None, hours: Sequence[OpenHours]) -> dict[str, str]:
    """What the words in braces become: for an inquiry, or as an example."""
    citizen = inquiry.citizen if inquiry else None
    name = one_line((citizen.name or citizen.book_name) if citizen else _("Bu Sulastri"), 80)
    return {
        "nama": name or _("Bapak/Ibu"),
        "kode": inquiry.code if inquiry else f"{place.office.code_prefix}-4F7Q",
        "jam_buka": opening_words(hours),
        "kantor": place.office.name,
        "petugas": place.officer.full_name,
        "layanan": _service_name(place, inquiry),
    }


def _service_name(place: Place, inquiry: Inquiry | None) -> str:
    """Of the service that was put into the answer; empty without one, so that the braces stay."""
    if inquiry is None:
        return _("Surat keterangan tidak mampu")
    version = published_of(place.office, inquiry.service_id) if inquiry.service_id else None
    return version.short_name if version else ""


def row(reply: ReplyTemplate) -> Row:
    used = _("dipakai {n} kali").format(n=reply.used) if reply.used else _("belum pernah dipakai")
    whose = reply.section.short_name if reply.section else _("Bersama")
    return Row(reply, one_line(reply.text, 140), whose, used)


def offer(reply: ReplyTemplate, known: dict[str, str]) -> Offer:
    return Offer(reply.pk, reply.title, variables.fill(reply.text, known))
