"""Ready replies: made, changed, put away, counted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from pelita.desk import variables
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import ReplyTemplate
from pelita.desk.queries.ready_replies import may_keep
from pelita.journal import actions as journal
from pelita.offices.models import Office, Section
from pelita.offices.rules import Place

MAX_TITLE, MAX_TEXT = 80, 3000
SAMPLES = (
    ("Salam dan terima kasih", "Terima kasih {nama}, pesan Anda sudah kami terima dengan kode {kode}."),
    ("Jam layanan", "Loket {kantor} buka {jam_buka}."),
    (
        "Minta foto berkas",
        "Mohon kirim foto berkasnya lewat WhatsApp ini, {nama}. Pastikan seluruh halaman terlihat dan terbaca.",
    ),
    (
        "Minta keterangan lagi",
        "{nama}, supaya jawabannya tepat, mohon sebutkan desa dan keperluannya. Sebut kode {kode} bila menulis lagi.",
    ),
    ("Datang ke loket", "Silakan datang ke loket {kantor}, {jam_buka}, dengan membawa [isi berkas]."),
    ("Sedang dicek", "{nama}, pertanyaan Anda ({kode}) sedang kami cek. Jawabannya kami kirim [isi hari dan jam]."),
    (
        "Bukan kewenangan kecamatan",
        "Untuk keperluan ini yang berwenang adalah [isi nama kantor]. Bila perlu diarahkan, balas dengan kode {kode}.",
    ),
    ("Penutup", "Bila masih ada yang ditanyakan, balas saja pesan ini. Salam, {petugas}, {kantor}."),
)


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.strip()
    if not title:
        raise InvalidError("title", "Beri judul, supaya mudah dicari.")
    if len(title) > MAX_TITLE:
        raise InvalidError("title", f"Judul paling panjang {MAX_TITLE} huruf.")
    if not text:
        raise InvalidError("text", "Tulis isi balasannya.")
    if len(text) > MAX_TEXT:
        raise InvalidError("text", f"Isi kelebihan {len(text) - MAX_TEXT} huruf.")
    strange = variables.unknown(text)
    if strange:
        names = ", ".join(f"{{{name}}}" for name in variables.KNOWN)
        raise InvalidError("text", f"Isian {{{strange[0]}}} tidak dikenal. Yang bisa dipakai: {names}.")
    return title, text


@transaction.atomic
def make(*, title: str, text: str, section: Section | None, by: Place, now: datetime) -> ReplyTemplate:
    """Add a ready reply: shared by the admin, or for one of the officer's own sections."""
    title, text = _checked(title, text)
    reply = ReplyTemplate(
        office=by.office, section=section, title=title, text=text, changed_by=by.officer, changed_at=now
    )
    if not may_keep(by, reply):
        raise NotAllowedError
    reply.save()
    _tell(reply, "reply.made", by, now)
    return reply


@transaction.atomic
def change(*, reply: ReplyTemplate, title: str, text: str, seen: int, by: Place, now: datetime) -> None:
    """Change a reply, unless somebody changed it since ``seen``. Raises TakenError then."""
    title, text = _checked(title, text)
    _save(reply, seen, by, now, title=title, text=text)
    _tell(reply, "reply.changed", by, now)


@transaction.atomic
def put_away(*, reply: ReplyTemplate, away: bool, seen: int, by: Place, now: datetime) -> None:
    """Offer it no more, or again. Nothing is deleted."""
    _save(reply, seen, by, now, archived_at=now if away else None)
    _tell(reply, "reply.archived" if away else "reply.restored", by, now)


def _save(reply: ReplyTemplate, seen: int, by: Place, now: datetime, **values: object) -> None:
    if not may_keep(by, reply) or reply.office_id != by.office.pk:
        raise NotAllowedError
    won = ReplyTemplate.objects.filter(office=by.office, pk=reply.pk, version=seen).update(
        version=F("version") + 1, changed_by=by.officer, changed_at=now, **values
    )
    if won != 1:
        raise TakenError("Balasan ini baru saja diubah orang lain. Buka lagi, lalu ulangi bila masih perlu.")


def _tell(reply: ReplyTemplate, verb: str, by: Place, now: datetime) -> None:
    sections = [reply.section_id] if reply.section_id else []
    journal.record(office=by.office, verb=verb, subject=("reply", reply.pk), by=by.officer, now=now, audience=sections)


def count_use(*, reply: ReplyTemplate, now: datetime) -> None:
    """Somebody put it into an answer. Only a figure, so no fact."""
    ReplyTemplate.objects.filter(office=reply.office_id, pk=reply.pk).update(used=F("used") + 1, last_used_at=now)


@transaction.atomic
def seed_replies(*, office: Office, now: datetime) -> int:
    """The samples of a new office. Again, or once the office has replies of its own, changes nothing."""
    if ReplyTemplate.objects.filter(office=office).exists():
        return 0
    made = [ReplyTemplate(office=office, title=title, text=text, changed_at=now) for title, text in SAMPLES]
    return len(ReplyTemplate.objects.bulk_create(made))
