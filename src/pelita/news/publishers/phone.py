"""To the admin's own phone: cards and words as WhatsApp messages, to be forwarded to Status there.

Goes the way of every message to an officer: whole inside the officer's 24 hours; outside a template announces it, and
the cards follow once the officer has written. The proof is that WhatsApp delivered every message.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from pelita.desk.models import OfficerPhone, Purpose
from pelita.desk.officers.saying import new_token, open_now, say
from pelita.desk.officers.words import VIEW, payload
from pelita.news.models import Post, PublicationState
from pelita.news.publishers.base import Capabilities, Job, Proof, Result, failed
from pelita.offices.queries import roster_of
from pelita.whatsapp.errors import FileTooLargeError, WireError
from pelita.whatsapp.media.outgoing import store_outgoing
from pelita.whatsapp.messages import File, FromTemplate
from pelita.whatsapp.models import Line, Media
from pelita.whatsapp.queries import templates
from pelita.whatsapp.templates import OFFICER_WAITING

PATIENCE = timedelta(hours=24)  # for the officer to write, and for WhatsApp to deliver
LOOK_AGAIN = timedelta(minutes=2)


class PhonePublisher:
    """Sends to one admin: two who forward make two Statuses."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            automatic=True, corrects=True, withdraws=True, videos=True, several=True,
            hint=_("Kartu dan tulisannya dikirim ke WhatsApp Admin, tinggal diteruskan ke Status."),
            limits=(
                _("Yang terbukti hanya bahwa kartu sampai di HP. Apakah sudah menjadi Status, hanya HP itu yang tahu."),
                _("Perbaikan dikirim sebagai kartu baru, penarikan sebagai pesan: Status lama dihapus dengan tangan."),
            ),
        )  # fmt: skip

    def publish(self, job: Job, /) -> Result:
        return _sent(job, _("Tahan gambar di atas, pilih Teruskan, lalu Status saya."))

    def correct(self, job: Job, /) -> Result:
        words = _("Ini perbaikan. Hapus Status yang lama, lalu teruskan gambar di atas ke Status saya.")
        return _sent(job, words)

    def withdraw(self, job: Job, /) -> Result:
        words = _("“{title}” ditarik. Bila sudah menjadi Status, hapus Statusnya sekarang.").format(
            title=job.post.title
        )
        phone = _phone(job.post, job.now)
        if phone is None or not open_now(phone, job.now):
            return Result(PublicationState.HAND, error=_("Kiriman ini ditarik. Hapus Statusnya di HP Admin."))

        def inside() -> Proof:
            say(_locked(phone), words, now=job.now)
            return {}

        return Result(PublicationState.WITHDRAWN, inside=inside)

    def overdue(self, _job: Job, /) -> Result:
        return failed(_("Belum sampai di HP Admin setelah sehari. Pastikan HP-nya menyala, lalu kirim lagi."))


def _phone(post: Post, now: datetime) -> OfficerPhone | None:
    """The confirmed phone of an admin on duty who wrote last: there the window is open the longest. Three queries."""
    admins = roster_of(post.office, now=now).admins
    rows = OfficerPhone.objects.filter(
        office=post.office_id, officer__in=admins, confirmed_at__isnull=False, line__isnull=False
    )
    return rows.select_related("officer", "line").order_by("-last_inbound_at", "id").first()


def _locked(phone: OfficerPhone) -> OfficerPhone:
    rows = OfficerPhone.objects.filter(office=phone.office_id, pk=phone.pk).select_related("officer", "line")
    return rows.select_for_update(of=("self",)).get()


def _sent(job: Job, instruction: str) -> Result:
    phone = _phone(job.post, job.now)
    if phone is None or phone.line is None:
        return failed(
            _("Belum ada Admin yang menghubungkan WhatsApp-nya. Buka Akun, Nomor saya, lalu kirim lagi di sini.")
        )
    if not open_now(phone, job.now):
        return _announced(job, phone, phone.line)
    try:
        media, left_out = _stored(job, phone.line)
    except WireError as error:
        return failed(str(error))
    words = " ".join(filter(None, (instruction, left_out)))

    def inside() -> Proof:
        held = _locked(phone)
        messages = [File(one, caption=job.caption if at == 0 else "") for at, one in enumerate(media)]
        said = [say(held, one, now=job.now).outbound_id for one in messages]
        said.append(say(held, words, now=job.now).outbound_id)
        return {"outbounds": said, "to": held.officer.full_name}

    return Result(PublicationState.RUNNING, again_at=job.now + PATIENCE, inside=inside)


def _stored(job: Job, line: Line) -> tuple[list[Media], str]:
    """Files as WhatsApp takes them, and a sentence where a video was too large."""
    stored, left_out = [], ""
    for one in job.files():
        try:
            stored.append(store_outgoing(line=line, file=io.BytesIO(one.data), filename=one.name, now=job.now))
        except FileTooLargeError:
            if one.content_type.startswith("image/"):
                raise
            left_out = _("Videonya terlalu besar untuk dikirim; ada di halaman.")
    return stored, left_out


def _announced(job: Job, phone: OfficerPhone, line: Line) -> Result:
    """The window is closed: announce it once, then look now and then whether the officer has written."""
    since = str(job.proof.get("since") or job.now.isoformat())
    if since <= (job.now - PATIENCE).isoformat():
        return failed(
            _("Admin belum menulis ke nomor kantor dalam sehari. Minta Admin mengirim pesan, lalu kirim lagi.")
        )
    sentence = _("Menunggu pesan dari HP Admin ke nomor kantor: WhatsApp hanya menerima kartu 24 jam sesudahnya.")
    template = None if "announced" in job.proof else templates.usable(line, OFFICER_WAITING)

    def inside() -> Proof:
        if template is None:
            return {}
        token, values = new_token(), [job.post.code, _("kartu berita untuk Status")]
        message = FromTemplate(template, values=values, button_values=[payload(token, VIEW)])
        say(_locked(phone), message, now=job.now, purpose=Purpose.ANNOUNCEMENT, token=token)
        return {"announced": job.now.isoformat()}

    again = job.now + LOOK_AGAIN
    return Result(PublicationState.WAITING, proof={"since": since}, error=sentence, again_at=again, inside=inside)


def arrived(states: Sequence[tuple[str, str]], wanted: int) -> PublicationState | None:
    """What the messages (``state``, ``delivery``) prove together; None while some are on their way."""
    if any("failed" in one for one in states):
        return PublicationState.FAILED
    if len(states) == wanted and all(delivery in ("delivered", "read") for _state, delivery in states):
        return PublicationState.DONE
    return None
