"""What an examination means: one finding for each thing that must be right, with what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from pelita.whatsapp.gateways.examining import Answered, Question
from pelita.whatsapp.models import LinkState
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.quota import Level

# Meta cuts a number off whose phone was not opened for 14 days (coexistence).
PHONE_SILENT, PHONE_REMINDER = timedelta(days=14), timedelta(days=10)


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. ``name`` from a closed list; ``words`` says what is, and what to do when it is not well."""

    name: str
    state: Verdict
    words: str

    @property
    def title(self) -> str:
        return titles()[self.name]

    def as_dict(self) -> dict[str, str]:
        return {"name": self.name, "state": self.state.value, "words": self.words}


def titles() -> dict[str, str]:
    """Every check in the order of setting a number up, with its words."""
    return {
        "token": _("Kunci akses"),
        "number": _("ID nomor telepon"),
        "account": _("ID akun WhatsApp Business"),
        "app": _("Rahasia aplikasi"),
        "handshake": _("Alamat webhook"),
        "signature": _("Tanda tangan webhook"),
        "subscription": _("Langganan webhook"),
        "template": _("Templat pemberitahuan jawaban"),
        "quality": _("Mutu nomor"),
        "coexistence": _("HP kantor"),
        "quota": _("Balasan gratis"),
    }


@dataclass(frozen=True, slots=True)
class Known:
    """What our own tables say of the number. ``phone_seen_at``: last sign of the office's phone, for coexistence."""

    phone_number_id: str
    app_id: str
    template_state: str
    coexistence: bool
    link: str
    phone_seen_at: datetime | None
    level: Level
    silent: int


Answers = Mapping[Question, Answered]


def judge(answers: Answers, known: Known, *, now: datetime) -> list[Check]:
    """All findings, in the order of :func:`titles`."""
    found = [
        _token(answers[Question.NUMBER]),
        _number(answers[Question.NUMBER]),
        _account(answers[Question.ACCOUNT], known),
        _app(answers[Question.APP]),
        _handshake(answers[Question.HANDSHAKE]),
        _signature(answers[Question.SIGNED], answers[Question.FORGED]),
        _subscription(answers[Question.SUBSCRIPTION], known),
        _template(known),
        _quality(answers[Question.NUMBER]),
        _quota(known),
    ]
    if known.coexistence:
        found.insert(9, _coexistence(answers[Question.NUMBER], known, now))
    return found


def _ok(name: str, words: str) -> Check:
    return Check(name, Verdict.OK, words)


def _warning(name: str, words: str) -> Check:
    return Check(name, Verdict.WARNING, words)


def _problem(name: str, words: str) -> Check:
    return Check(name, Verdict.PROBLEM, words)


def _unreachable() -> str:
    return _("WhatsApp tidak dapat dihubungi. Periksa internet dan alamat layanan, lalu periksa lagi.")


def _token(number: Answered) -> Check:
    if number.outcome is Outcome.TOKEN_INVALID:
        return _problem("token", _("Tidak berlaku lagi. Buat kunci akses baru di Meta Business, lalu pasang di sini."))
    if number.outcome in {Outcome.NOT_SENT, Outcome.UNCERTAIN}:
        return _problem("token", _unreachable())
    return _ok("token", _("Diterima WhatsApp."))


def _number(number: Answered) -> Check:
    if number.outcome is Outcome.ACCEPTED:
        return _ok("number", _("Dikenal, dan kunci akses boleh memakainya."))
    if number.outcome is Outcome.TOKEN_INVALID:
        return _warning("number", _("Belum bisa diperiksa; perbaiki kunci akses dahulu."))
    if number.outcome in {Outcome.NOT_SENT, Outcome.UNCERTAIN}:
        return _warning("number", _("Belum bisa diperiksa."))
    return _problem(
        "number",
        _("Tidak ditemukan, atau kunci akses tidak diberi izin. Salin ID nomor telepon dari WhatsApp Manager."),
    )


def _account(account: Answered, known: Known) -> Check:
    if account.outcome is not Outcome.ACCEPTED:
        return _undecided(
            "account", account, _("Tidak ditemukan, atau izin whatsapp_business_management belum diberikan.")
        )
    if known.phone_number_id not in account.data.get("ids", []):
        return _problem("account", _("Nomor ini bukan milik akun tersebut. Salin ID akun dari WhatsApp Manager."))
    return _ok("account", _("Nomor ini ada di akun tersebut."))


def _undecided(name: str, answer: Answered, refused: str) -> Check:
    """What was refused is a problem; what could not be asked is only open."""
    if answer.outcome in {Outcome.NOT_SENT, Outcome.UNCERTAIN, Outcome.TEMPORARY, Outcome.RATE_LIMITED}:
        return _warning(name, _("Belum bisa diperiksa; coba lagi sebentar lagi."))
    if answer.outcome is Outcome.TOKEN_INVALID:
        return _warning(name, _("Belum bisa diperiksa; perbaiki kunci akses dahulu."))
    return _problem(name, refused)


def _app(app: Answered) -> Check:
    if app.outcome is Outcome.ACCEPTED:
        return _ok("app", _("Cocok dengan aplikasinya."))
    if app.outcome is Outcome.TOKEN_INVALID:
        return _problem("app", _("Tidak cocok. Salin lagi App Secret dari halaman aplikasi di Meta."))
    return _undecided("app", app, _("ID aplikasi tidak dikenal Meta. Salin App ID dari halaman aplikasi."))


def _handshake(handshake: Answered) -> Check:
    if handshake.outcome is Outcome.ACCEPTED:
        return _ok("handshake", _("Menjawab dengan benar."))
    if handshake.status is None:
        return _problem(
            "handshake", _("Tidak terbuka dari sini. Periksa PELITA_PUBLIC_URL, domain, dan sertifikatnya.")
        )
    if handshake.status == 403:
        return _problem("handshake", _("Menolak token verifikasi. Samakan token di sini dan di halaman aplikasi Meta."))
    return _problem(
        "handshake", _("Menjawab {status}. Pastikan alamat itu sampai ke PELITA MASSA.").format(status=handshake.status)
    )


def _signature(signed: Answered, forged: Answered) -> Check:
    if signed.status is None or forged.status is None:
        return _warning("signature", _("Belum bisa diperiksa; alamat webhook tidak terbuka."))
    if signed.outcome is not Outcome.ACCEPTED:
        return _problem("signature", _("Kiriman yang sah ditolak. Periksa basis data dan rahasia aplikasi."))
    if forged.outcome is Outcome.ACCEPTED:
        return _problem("signature", _("Kiriman palsu diterima. Hentikan layanan dan hubungi pengembang."))
    return _ok("signature", _("Kiriman sah diterima, yang palsu ditolak."))


def _subscription(subscription: Answered, known: Known) -> Check:
    if subscription.outcome is not Outcome.ACCEPTED:
        return _undecided("subscription", subscription, _("Tidak bisa dibaca. Beri izin whatsapp_business_management."))
    if known.app_id not in subscription.data.get("ids", []):
        return _problem("subscription", _("Aplikasi belum berlangganan akun ini, jadi pesan warga tidak masuk."))
    return _ok("subscription", _("Pesan warga diteruskan ke sini."))


def _template(known: Known) -> Check:
    if known.template_state == "APPROVED":
        return _ok("template", _("Disetujui; jawaban setelah 24 jam bisa diberitahukan."))
    if known.template_state in {"PENDING", "IN_APPEAL"}:
        return _warning("template", _("Masih diperiksa WhatsApp. Biasanya selesai dalam sehari."))
    if not known.template_state or known.template_state == "draft":
        return _warning("template", _("Belum diajukan. Ajukan di halaman Templat."))
    return _problem("template", _("Tidak bisa dipakai. Lihat alasannya di halaman Templat."))


def _quality(number: Answered) -> Check:
    rating = _text(number.data, "quality_rating").upper()
    if rating == "RED":
        return _problem(
            "quality", _("Rendah: banyak warga memblokir atau melaporkan. Kurangi pesan yang tidak diminta.")
        )
    if rating == "YELLOW":
        return _warning("quality", _("Sedang. Perhatikan pesan yang tidak diminta warga."))
    return _ok("quality", _("Baik.") if rating == "GREEN" else _("Belum dinilai WhatsApp."))


def _coexistence(number: Answered, known: Known, now: datetime) -> Check:
    if known.link == LinkState.REMOVED:
        return _problem("coexistence", _("Sambungan dengan aplikasi di HP dilepas. Sambungkan lagi lewat mitra."))
    if known.link == LinkState.INACTIVE:
        return _problem("coexistence", _("Terlalu lama tidak dibuka. Buka WhatsApp di HP kantor sekarang."))
    if number.outcome is Outcome.ACCEPTED and number.data.get("is_on_biz_app") is False:
        return _problem("coexistence", _("WhatsApp tidak melihat nomor ini di aplikasi HP. Periksa HP kantor."))
    if known.phone_seen_at is None:
        return _warning("coexistence", _("Belum ada tanda pemakaian. Buka WhatsApp di HP kantor, kirim satu pesan."))
    quiet = now - known.phone_seen_at
    if quiet >= PHONE_REMINDER:
        left = max(0, (PHONE_SILENT - quiet).days)
        return _warning(
            "coexistence", _("Lama tidak dipakai. Buka WhatsApp di HP kantor dalam {n} hari ini.").format(n=left)
        )
    return _ok("coexistence", _("Dipakai; sambungan aman."))


def _quota(known: Known) -> Check:
    if known.silent:
        return _problem(
            "quota",
            _("Ada pesan yang diterima WhatsApp tetapi tidak diantar. Lengkapi cara bayar di WhatsApp Manager."),
        )
    if known.level in {Level.NEAR, Level.OVER}:
        return _warning("quota", _("Hampir atau sudah habis. Pastikan cara bayar terpasang di WhatsApp Manager."))
    return _ok("quota", _("Masih cukup."))


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""
