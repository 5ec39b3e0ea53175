"""The office's number as its page tells it: how it fares, what it cost, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import phone
from pelita.whatsapp.checks import Check, Verdict, titles
from pelita.whatsapp.health import LineHealth
from pelita.whatsapp.models import Delivery, Line, Outbound, OutboundState
from pelita.whatsapp.outcomes import Outcome, words_of
from pelita.whatsapp.queries.costs import MonthCosts
from pelita.whatsapp.quota import Cost, Level

CATEGORIES = {
    "service": gettext_lazy("Balasan"),
    "utility": gettext_lazy("Templat pemberitahuan"),
    "marketing": gettext_lazy("Templat siaran"),
    "authentication": gettext_lazy("Kode masuk"),
    "referral_conversion": gettext_lazy("Balasan dari iklan"),
}

# What the operator does about a stopped number, by the reason that stopped it.
ADVICE = {
    Outcome.TOKEN_INVALID.value: gettext_lazy(
        "Buat kunci akses baru di Meta Business, lalu isikan pada sambungan nomor. Pengiriman berjalan lagi sendiri."
    ),
    Outcome.PAYMENT.value: gettext_lazy("Lengkapi cara pembayaran di WhatsApp Manager, lalu lanjutkan pengiriman."),
    Outcome.PERMISSION.value: gettext_lazy(
        "Beri aplikasi izin mengirim untuk nomor ini di Meta Business, lalu lanjutkan."
    ),
    Outcome.ACCOUNT_LOCKED.value: gettext_lazy(
        "Baca alasan penguncian di WhatsApp Manager dan ajukan banding di sana."
    ),
}


@dataclass(frozen=True, slots=True)
class CostRow:
    """One category in words. ``amount`` is empty when no price is known."""

    label: str
    delivered: str
    free: str
    charged: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class CostView:
    """A month. ``percent`` is cut at 100 for the bar; ``sentence`` says what the figure means."""

    month: date
    title: str
    used: str
    free: str
    percent: int
    level: str
    sentence: str
    rows: Sequence[CostRow]
    total: str
    silent: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One number: its words, health and running month."""

    line: Line
    number: str
    health: LineHealth
    costs: CostView
    advice: str
    wants_key: bool
    waiting: str
    uncertain: str
    examined: Examined


def number_words(count: int) -> str:
    """Thousands with a dot, as Indonesians write them."""
    return f"{count:,}".replace(",", ".")


def rupiah(amount: Decimal | None) -> str:
    """Whole rupiah; empty for an unknown amount. An estimate to the cent would pretend too much."""
    return "" if amount is None else "Rp" + number_words(round(amount))


def price_words(amount: Decimal | None) -> str:
    """A price of one message: cents only where there are some."""
    if amount is None:
        return ""
    whole, cents = divmod(amount.quantize(Decimal("0.01")), 1)
    return "Rp" + number_words(int(whole)) + (f",{int(cents * 100):02d}" if cents else "")


def category_words(category: str) -> str:
    """WhatsApp's word for a category where we know none."""
    return str(CATEGORIES.get(category, category.replace("_", " ").capitalize()))


def month_words(month: date) -> str:
    return formats.date_format(month, "F Y")


def _row(cost: Cost) -> CostRow:
    return CostRow(
        category_words(cost.category),
        number_words(cost.delivered),
        number_words(cost.free),
        number_words(cost.charged),
        price_words(cost.price),
        rupiah(cost.amount),
    )


def _sentence(found: MonthCosts) -> str:
    left = max(0, found.free - found.used)
    if found.level is Level.OVER:
        return _("Jatah gratis habis. Balasan berikutnya dikenai biaya; tanpa cara bayar, WhatsApp tidak mengantarnya.")
    if found.level is Level.NEAR:
        return _("Jatah gratis hampir habis. Pastikan cara bayar sudah terpasang di WhatsApp Manager.")
    return _("Masih {n} balasan gratis sampai akhir bulan.").format(n=number_words(left))


def _silent(count: int) -> str:
    if not count:
        return ""
    return _(
        "{n} pesan sudah diterima WhatsApp tetapi belum juga sampai. Biasanya karena belum ada cara bayar."
    ).format(n=number_words(count))


def costs(found: MonthCosts) -> CostView:
    """A month in words."""
    return CostView(
        month=found.month,
        title=month_words(found.month),
        used=number_words(found.used),
        free=number_words(found.free),
        percent=min(100, found.share),
        level=found.level.value,
        sentence=_sentence(found),
        rows=[_row(cost) for cost in found.costs],
        total=rupiah(found.total),
        silent=_silent(found.silent),
    )


def line_view(line: Line, health: LineHealth, month: MonthCosts, *, now: datetime) -> LineView:
    """One number for its page."""
    return LineView(
        line=line,
        number=phone.local(line.display_phone),
        health=health,
        costs=costs(month),
        advice=str(ADVICE.get(health.reason, _("Perbaiki sebabnya, lalu lanjutkan pengiriman.")))
        if health.stopped
        else "",
        wants_key=health.stopped and health.reason == Outcome.TOKEN_INVALID.value,
        waiting=number_words(health.waiting),
        uncertain=number_words(health.uncertain),
        examined=examination(line, now=now),
    )


# An examination that takes longer has been lost with its worker.
PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Examined:
    """The last examination. ``busy``: one is under way; ``lost``: it never came back."""

    checks: Sequence[Check]
    at: datetime | None
    busy: bool
    lost: bool

    @property
    def open(self) -> int:
        """How many things are not well."""
        return sum(check.state != Verdict.OK for check in self.checks)


def examination(line: Line, *, now: datetime) -> Examined:
    """What is known of the line's set-up. Names that a later version dropped are left out."""
    known = titles()
    checks = [
        Check(row["name"], Verdict(row["state"]), row["words"]) for row in line.checks if row.get("name") in known
    ]
    waits = line.checking_since is not None
    lost = line.checking_since is not None and now - line.checking_since > PATIENCE
    return Examined(checks, line.checked_at, waits and not lost, lost)


def test_words(message: Outbound) -> tuple[str, str]:
    """How the test message fares: (ok | wait | late, words)."""
    if message.state == OutboundState.FAILED:
        return "late", _("Pesan uji gagal. {reason}.").format(reason=words_of(message.outcome, failed=True))
    known = {
        Delivery.SENT: ("wait", _("Pesan uji sudah dikirim WhatsApp; menunggu sampai di HP.")),
        Delivery.DELIVERED: ("ok", _("Pesan uji sudah sampai di HP.")),
        Delivery.READ: ("ok", _("Pesan uji sudah dibaca.")),
    }
    return known.get(Delivery(message.delivery), ("wait", _("Pesan uji sedang dikirim…")))
