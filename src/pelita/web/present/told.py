"""What an officer was told, in words: from the verb, the code and the data of a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.desk.models import Deadline, Notice
from pelita.desk.queries.notices import Told
from pelita.offices.rules import Place, zone
from pelita.web import words
from pelita.web.present import rows
from pelita.web.views.guards import landing

# Icon and sentence for each verb. Data of the notice fills in what stands in braces.
SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "inquiry.dispositioned": ("clipboard-text", gettext_lazy("{code} diteruskan ke seksi Anda")),
    "inquiry.added": ("message-2", gettext_lazy("Warga menambah pesan pada {code}")),
    "inquiry.recalled": ("arrow-back-up", gettext_lazy("{code} ditarik admin dari seksi Anda")),
    "inquiry.refused": ("arrow-back-up", gettext_lazy("{code} dikembalikan seksi sebagai bukan tupoksi")),
    "answer.submitted": ("send", gettext_lazy("Jawaban {code} menunggu diperiksa")),
    "answer.doubted": (
        "alert-triangle",
        gettext_lazy("Petugas mengubah pesannya sesudah jawaban {code} diserahkan. Tanyakan dulu sebelum mengirim."),
    ),
    "answer.returned": ("arrow-back-up", gettext_lazy("Jawaban {code} dikembalikan untuk diperbaiki")),
    "inquiry.hidden": ("lock", gettext_lazy("{code} ditandai rahasia dan menunggu Anda")),
    "section.unattended": (
        "alert-triangle",
        gettext_lazy("{code} diteruskan ke {section}, tetapi hari ini tidak ada petugas di sana"),
    ),
    "help.asked": ("users", gettext_lazy("Seksi Anda diminta membantu {code}")),
    "help.given": ("users", gettext_lazy("Bahan jawaban untuk {code} sudah ada")),
    "help.refused": ("arrow-back-up", gettext_lazy("Seksi yang diminta tidak ikut membantu {code}")),
    "help.withdrawn": ("arrow-back-up", gettext_lazy("{code} tidak perlu bantuan seksi Anda lagi")),
    "time.asked": ("hourglass", gettext_lazy("Seksi minta waktu untuk {code} sampai {until}")),
    "time.granted": ("check", gettext_lazy("Tenggat {code} diundur sampai {until}")),
    "time.refused": ("x", gettext_lazy("Permintaan waktu untuk {code} tidak disetujui")),
    "note.mentioned": ("message-2", gettext_lazy("Anda disebut dalam catatan {code}")),
    "referral.due": ("external-link", gettext_lazy("Tanyakan {code} ke {body}, lalu catat hasilnya")),
    "reminder.soon": ("clock", gettext_lazy("{code} {what}, tenggat {due}")),
    "reminder.late": ("hourglass", gettext_lazy("{code} {what}, tenggat {due} sudah lewat")),
    "reminder.escalated": ("alert-triangle", gettext_lazy("{code} {what}, terlambat sejak {due}")),
    "digest": ("sun", gettext_lazy("Selamat pagi. Hari ini: {counts}")),
    "service.submitted": ("book-2", gettext_lazy("Layanan “{name}” menunggu persetujuan Anda")),
    "service.returned": ("arrow-back-up", gettext_lazy("Layanan “{name}” dikembalikan untuk diperbaiki")),
    "service.review": ("book-2", gettext_lazy("{n} layanan seksi Anda perlu diperiksa lagi, apakah masih berlaku")),
    "post.submitted": ("hourglass", gettext_lazy("Kiriman “{title}” menunggu persetujuan Anda")),
    "post.returned": ("arrow-back-up", gettext_lazy("Kiriman “{title}” dikembalikan untuk diperbaiki")),
    "post.approved": ("clock", gettext_lazy("Kiriman “{title}” disetujui dan terjadwal")),
    "post.published": ("circle-check", gettext_lazy("Kiriman “{title}” sudah tayang")),
    "post.alarm": ("alert-triangle", gettext_lazy("Kabar darurat diumumkan: “{title}”")),
    "post.quiet": ("news", gettext_lazy("{section} belum menayangkan kabar bulan ini")),
    "absence.substitute": ("users", gettext_lazy("Anda menggantikan {who}, {days}")),
    "officer.doubted": (
        "brand-whatsapp",
        gettext_lazy("Nomor WhatsApp Anda terputus karena berganti atau dipasang ulang. Hubungkan lagi di Saya."),
    ),
    "officer.doubted_of": ("brand-whatsapp", gettext_lazy("Nomor WhatsApp {who} perlu dihubungkan lagi")),
    "absence.ended": ("users", gettext_lazy("{who} sudah kembali, tugasnya tidak lagi pada Anda")),
    "absence.handed_over": (
        "alert-triangle",
        gettext_lazy("Hari ini Anda menggantikan {who}: ada pertanyaan menunggu dan Admin belum terlihat"),
    ),
    "absence.taken_over": (
        "users",
        gettext_lazy("Hari ini tugas {who} juga pada pengganti, karena pertanyaan menunggu terlalu lama"),
    ),
}
LATE = ("reminder.late", "reminder.escalated", "absence.handed_over", "section.unattended", "post.alarm")
WHAT = {
    Deadline.FIRST: gettext_lazy("menunggu tanggapan pertama"),
    Deadline.CLOSING: gettext_lazy("menunggu diselesaikan"),
    Deadline.DISPOSITION: gettext_lazy("menunggu disposisi"),
    Deadline.SECTION: gettext_lazy("menunggu jawaban seksi"),
    Deadline.REVIEW: gettext_lazy("menunggu diperiksa admin"),
    Deadline.ANSWER: gettext_lazy("belum terjawab untuk warga"),
}
HELPS = gettext_lazy("menunggu bahan dari seksi Anda")
COUNTS = {
    "dispose": gettext_lazy("{n} perlu disposisi"),
    "review": gettext_lazy("{n} siap dikirim"),
    "tasks": gettext_lazy("{n} perlu dijawab seksi Anda"),
    "late": gettext_lazy("{n} terlambat"),
}


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


def sentence(notice: Notice, now: datetime, tz: tzinfo) -> str:
    """What the officer is told, in one sentence; push and WhatsApp say the same."""
    return str(_look(notice)[1]).format_map(_Known(notice.data | _said(notice.data, now, tz)))


def _look(notice: Notice) -> tuple[str, str | Promise]:
    return SENTENCES.get(notice.verb, ("bell", _("Ada kabar tentang {code}")))


def row(told: Told, now: datetime, tz: tzinfo) -> NoticeRow:
    notice = told.notice
    return NoticeRow(
        pk=notice.pk,
        icon=_look(notice)[0],
        text=sentence(notice, now, tz),
        at=notice.created_at,
        unread=notice.read_at is None,
        late=notice.verb in LATE,
        opens=opens(told),
    )


def opens(told: Told) -> bool:
    """Whether pressing it leads anywhere: not where the inquiry has left the officer's sight."""
    return told.inquiry is not None or told.notice.inquiry_id is None


def _said(data: dict[str, Any], now: datetime, tz: tzinfo) -> dict[str, str]:
    """What the data say, in words: which deadline and when, how many wait, which days."""
    found = {}
    if "due" in data:
        found["due"] = words.moment_words(datetime.fromisoformat(data["due"]), now, tz)
        found["what"] = str(HELPS if data.get("help") else WHAT[Deadline(data["deadline"])])
    if "until" in data:
        found["until"] = words.moment_words(datetime.fromisoformat(data["until"]), now, tz)
    if "waits" in data:
        waits = [str(said).format(n=n) for name, said in COUNTS.items() if (n := data["waits"].get(name))]
        found["counts"] = ", ".join(waits)
    if "starts_on" in data:
        found["days"] = days_words(date.fromisoformat(data["starts_on"]), date.fromisoformat(data["ends_on"]))
    return found


def days_words(first: date, last: date) -> str:
    """``2 Desember 2026`` or ``2 Desember sampai 5 Desember 2026``."""
    ends = f"{last.day} {words.months()[last.month - 1]} {last.year}"
    if first == last:
        return ends
    starts = f"{first.day} {words.months()[first.month - 1]}"
    starts += f" {first.year}" if first.year != last.year else ""
    return _("{first} sampai {last}").format(first=starts, last=ends)


def address(told: Told, place: Place) -> str:
    """Where a notice leads: to the inquiry as the person works on it, to the service, else to the person's own work."""
    inquiry = told.inquiry
    if inquiry is None:
        return _beside_inquiries(told, place)
    if place.sees_all:
        return rows.address(inquiry, place)
    return reverse("tugas-satu", args=[inquiry.code])


def _beside_inquiries(told: Told, place: Place) -> str:
    verb, data = told.notice.verb, told.notice.data
    screens = {
        "officer.doubted": reverse("saya"),
        "post.quiet": reverse("berita-angka"),
        "service.review": f"{reverse('layanan')}?tinjau=1",
    }
    if verb in screens:
        return screens[verb]
    for name, screen in (("post", "berita-satu"), ("service", "layanan-satu"), ("number_of", "petugas-satu")):
        if name in data:
            return reverse(screen, args=[data[name]])
    return landing(place)


def pushed(told: Told, place: Place, now: datetime) -> tuple[str, str]:
    """What a device shows: the sentence, and the path that a tap opens; its end has the page mark it as read."""
    path = address(told, place) if opens(told) else reverse("pemberitahuan")
    return sentence(told.notice, now, zone(place.office)), f"{path}#kabar-{told.notice.pk}"


class _Known(dict[str, object]):
    """Data of a notice; what an older notice does not hold stays empty."""

    def __missing__(self, key: str) -> str:
        return ""
