"""The introduction of an officer: a few steps, by what the person does in the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pelita.offices.rules import Place


@dataclass(frozen=True, slots=True)
class TourStep:
    """One screen of the introduction."""

    icon: str
    title: str | Promise
    text: str | Promise


PHONE = TourStep(
    "device-mobile-message", _("Biar HP Anda yang memberi tahu"),
    _("Di halaman Saya: pasang PELITA di layar utama, lalu nyalakan pemberitahuan di perangkat ini. HP berbunyi begitu "
      "ada yang menunggu Anda."),
)  # fmt: skip
ADMIN = (
    TourStep("message-2", _("Semua pesan warga masuk ke Meja"),
             _("Yang paling lama menunggu ada paling atas. Api kecil berarti: ini menunggu Anda.")),
    TourStep("arrow-forward-up", _("Teruskan ke seksi yang tepat"),
             _("Seksi yang cocok sudah diusulkan beserta alasannya. Beri instruksi dan tenggat, lalu disposisikan.")),
    TourStep("send", _("Periksa, lalu kirim"),
             _("Jawaban seksi datang ke Siap dikirim. Sunting bila perlu, kirim, atau kembalikan dengan alasan. "
               "Warga hanya melihat yang Anda kirim.")),
    TourStep("lock", _("Catatan dalam untuk rekan"),
             _("Tulis catatan di samping percakapan dan panggil rekan dengan @. Warga tidak melihatnya.")),
    TourStep("keyboard", _("Lebih cepat dengan papan ketik"),
             _("Tekan ? kapan saja untuk melihat semua tombol. Di HP, semuanya cukup dengan ibu jari.")),
    PHONE,
)  # fmt: skip
SECTION = (
    TourStep("clipboard-text", _("Tugas Anda ada di satu daftar"),
             _("Pertanyaan yang diteruskan ke seksi Anda muncul di sini, lengkap dengan instruksi dan tenggatnya.")),
    TourStep("pencil", _("Tulis jawabannya dengan tenang"),
             _("Draf tersimpan sendiri saat Anda mengetik, juga bila sinyal putus. Foto dan dokumen bisa ikut.")),
    TourStep("arrow-right", _("Serahkan ke admin"),
             _("Admin memeriksa dulu sebelum terkirim ke warga. Bila dikembalikan, alasannya tertulis di tugas.")),
    TourStep("arrow-back-up", _("Bukan tupoksi seksi Anda?"),
             _("Kembalikan dengan alasan, supaya admin tahu ke mana meneruskannya.")),
    PHONE,
)  # fmt: skip
LEADER = (
    TourStep("eye", _("Anda melihat seluruh Meja"),
             _("Siapa memegang pertanyaan apa, sejak kapan, dan mana yang terlambat, terlihat tanpa bertanya.")),
    TourStep("history", _("Setiap pertanyaan punya perjalanan"),
             _("Buka satu percakapan untuk melihat tangan yang dilaluinya, dari warga sampai jawaban dibaca.")),
    TourStep("lock", _("Beri arahan lewat catatan dalam"),
             _("Tulis catatan dan panggil petugasnya dengan @. Yang rahasia hanya terlihat oleh Camat dan Sekcam.")),
    PHONE,
)  # fmt: skip


def steps(place: Place) -> Sequence[TourStep]:
    """The steps for this person; none for who has no part in answering."""
    if place.is_admin:
        return ADMIN
    if place.is_leader:
        return LEADER
    return SECTION if place.works_in_section else ()


def offered(place: Place) -> bool:
    """Whether the introduction is offered: it was neither gone through nor skipped yet."""
    return place.officer.tour_seen_at is None and bool(steps(place))
