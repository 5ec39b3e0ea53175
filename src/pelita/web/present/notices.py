"""What concerns the whole desk and not one inquiry: a number that does not send, free replies that run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from pelita.offices.models import Role
from pelita.offices.rules import Place
from pelita.whatsapp import quota
from pelita.whatsapp.health import PHONE_LIMIT, PhoneHealth, phone_health
from pelita.whatsapp.models import Line, LineState
from pelita.whatsapp.outcomes import words_of
from pelita.whatsapp.queries import costs
from pelita.whatsapp.quota import Level


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner. ``tone``: "late" for what is broken, "plain" for what is coming."""

    title: str
    text: str
    tone: str
    icon: str


def concern(place: Place) -> bool:
    """Whether banners are for this officer: who looks after the numbers. Nobody else can do anything about it."""
    return bool(place.roles & {Role.ADMIN, Role.OPERATOR})


def notices(lines: list[Line], *, now: datetime) -> list[Notice]:
    """One query a line that runs."""
    found = [notice for line in lines if (notice := _phone(phone_health(line), now))]
    for line in lines:
        if line.state == LineState.STOPPED:
            text = _("{reason}. Jawaban menunggu di antrean, tidak ada yang hilang.")
            found.append(
                Notice(
                    _("Nomor WhatsApp berhenti mengirim"), text.format(reason=words_of(line.stop_reason)), "late",
                    "alert-circle",
                )
            )  # fmt: skip
            continue
        used = costs.service_count(line, quota.month_of(now))
        level = quota.level(used, line.free_messages)
        if level is Level.OVER:
            found.append(
                Notice(
                    _("Balasan gratis bulan ini habis"),
                    _("Balasan berikutnya berbayar. Tanpa cara bayar, WhatsApp menerimanya tetapi tidak mengantarnya."),
                    "plain", "alert-triangle",
                )
            )  # fmt: skip
        elif level in {Level.SOON, Level.NEAR}:
            left = max(0, line.free_messages - used)
            found.append(
                Notice(
                    _("Tinggal {n} balasan gratis bulan ini").format(n=f"{left:,}".replace(",", ".")),
                    _("Pastikan cara bayar sudah terpasang di WhatsApp Manager."), "plain", "info-circle",
                )
            )  # fmt: skip
    return found


def _phone(phone: PhoneHealth | None, now: datetime) -> Notice | None:
    """The office's phone shares the number: somebody has to open WhatsApp there now and then."""
    if phone is None:
        return None
    if not phone.connected:
        return Notice(
            _("Sambungan ke HP kantor terputus"),
            _("WhatsApp melepas nomor ini dari sistem. Buka WhatsApp di HP kantor, lalu sambungkan lagi lewat mitra."),
            "late", "device-mobile",
        )  # fmt: skip
    if not phone.needs_opening(now):
        return None
    text = _("Sudah {n} hari tidak ada tanda HP kantor dipakai. Sesudah {limit} hari WhatsApp memutus nomor ini.")
    return Notice(
        _("Buka WhatsApp di HP kantor"), text.format(n=phone.quiet_days(now), limit=PHONE_LIMIT.days), "plain",
        "device-mobile",
    )  # fmt: skip
