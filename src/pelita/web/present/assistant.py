"""The assistant's texts as its screen shows them: as a citizen would read them, with what may stand in braces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.assistant import words
from pelita.assistant.queries import TextRow
from pelita.assistant.texts import Key, Template
from pelita.desk import variables
from pelita.desk.rules import ENOUGH, NOT_YET
from pelita.offices.models import Office, OpenHours
from pelita.offices.rules import zone

MEANINGS = {
    "salam": gettext_lazy("Selamat pagi, siang, sore, atau malam"),
    "kantor": gettext_lazy("nama kantor"),
    "kode": gettext_lazy("kode pertanyaan"),
    "janji": gettext_lazy("tenggat jawaban, dihitung dalam jam kerja"),
    "keadaan": gettext_lazy("sedang di siapa"),
    "seksi": gettext_lazy("nama seksi"),
    "jam": gettext_lazy("jam loket, sebaris tiap hari"),
    "hari_ini": gettext_lazy("buka sampai kapan hari ini"),
    "alamat": gettext_lazy("alamat kantor"),
    "contoh": gettext_lazy("contoh kode"),
}
BUTTONS = {
    Key.ASK: (ENOUGH, NOT_YET),
    Key.MENU: (gettext_lazy("Pilih"),),
    Key.LIST: (gettext_lazy("Pilih"),),
    Key.CHOICES: (gettext_lazy("KTP-el hilang"), gettext_lazy("KTP-el rusak")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One text in the list. ``state``: a word for what the office made of it; empty as packaged."""

    template: Template
    sample: str
    active: bool
    state: str


def samples(office: Office, hours: Sequence[OpenHours], now: datetime) -> dict[str, str]:
    """What the words in braces become in an example."""
    tz = zone(office)
    tomorrow = (now.astimezone(tz) + timedelta(days=1)).replace(hour=10, minute=0)
    return {
        "salam": words.daytime(now, tz),
        "kantor": office.name,
        "kode": f"{office.code_prefix}-4F7Q",
        "janji": words.promise(tomorrow, now, tz),
        "keadaan": _("sedang dikerjakan Seksi Pelayanan"),
        "seksi": _("Seksi Pelayanan"),
        "jam": words.week(hours),
        "hari_ini": _("Hari ini buka sampai {clock}.").format(clock="16.00"),
        "alamat": office.address or _("alamat kantor"),
        "contoh": f"{office.code_prefix}-4F7Q",
    }


def filled(text: str, known: Mapping[str, str]) -> str:
    return variables.fill(text, known)


def lines(rows: Sequence[TextRow], known: Mapping[str, str]) -> list[Line]:
    return [Line(row.template, filled(row.text, known), row.active, _state(row)) for row in rows]


def _state(row: TextRow) -> str:
    if not row.active:
        return _("tidak dikirim")
    return _("diubah kantor") if row.own else ""


def meanings(template: Template) -> list[tuple[str, str]]:
    """Words in braces that this text may hold, with what they become."""
    return [(f"{{{name}}}", str(MEANINGS[name])) for name in template.variables]


def buttons(template: Template) -> list[str]:
    """What stands under it on the citizen's phone."""
    return [str(word) for word in BUTTONS.get(template.key, ())]
