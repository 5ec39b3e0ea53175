"""A photo or paper from an officer's phone as the answer. It waits until the worker has fetched the file.

One answer carries one file, as on the desk. Words that come after the file go along with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pelita.desk.actions.attaching import sending_line
from pelita.desk.models import Answer, AnswerState, Inquiry, OfficerMessage, OfficerPhone, Purpose
from pelita.desk.officers import words
from pelita.whatsapp.media.outgoing import reuse
from pelita.whatsapp.models import Inbound, Media, MediaState

if TYPE_CHECKING:
    from pelita.desk.officers.acting import Acting

TYPES = ("image", "document")
ALBUM = timedelta(minutes=2)  # pictures that are chosen together come one by one


def carries(message: Inbound) -> bool:
    """Whether the message brings a file that may be an answer."""
    return message.type in TYPES and message.media_id is not None


def wait(acting: Acting, said: OfficerMessage, message: Inbound, inquiry: Inquiry) -> None:
    """The file shall be the answer to ``said``: at once when it is here, else when it comes (``settle``)."""
    if _waiting(acting.phone, said) is not None or _handed_in(acting, said):
        _further(acting, said, message, inquiry)
        return
    acting.still_there(said, inquiry)
    media = _locked(message)
    rows = OfficerMessage.objects.filter(office=acting.phone.office_id, inbound=message)
    rows.update(purpose=Purpose.FILE, about=said, inquiry=inquiry, used_at=None)
    row = rows.select_related("inbound__media", "held", "about").get()
    if media.state != MediaState.WAITING:
        settle(acting, row, media, inquiry)


def add_words(acting: Acting, said: OfficerMessage, message: Inbound, inquiry: Inquiry) -> bool:
    """Words that are meant for the same matter while its file is on the way. False: they are an answer by themselves.

    A file that does not come holds nobody up: then the words go alone.
    """
    row = _waiting(acting.phone, said)
    if row is None or row.inbound is None:
        return False
    if _locked(row.inbound).state != MediaState.WAITING:
        use(row, acting.now)
        acting.reply(words.goes_without_file(inquiry.code), inquiry=inquiry)
        return False
    if row.held_id is not None:
        acting.reply(words.file_under_way(inquiry.code), inquiry=inquiry)
        return True
    OfficerMessage.objects.filter(office=row.office_id, pk=row.pk).update(held=message)
    acting.reply(words.goes_with_file(inquiry.code), inquiry=inquiry)
    return True


def awaited(media: Media) -> OfficerMessage | None:
    """The officer's message whose answer waits for this file."""
    rows = OfficerMessage.objects.filter(
        office=media.office_id, purpose=Purpose.FILE, used_at__isnull=True, inbound__media=media
    )
    return rows.select_related("inbound__media", "inquiry", "held", "about__inquiry", "about__disposition").first()


def settle(acting: Acting, row: OfficerMessage, media: Media, inquiry: Inquiry | None) -> None:
    """What becomes of the answer now that its file is here, or is not. Nothing as long as it is waited for."""
    if row.inquiry is None or row.about is None or row.inbound is None:
        return
    if media.state == MediaState.FAILED and not _proved_anew(acting, row):
        acting.reply(words.file_slow(row.inquiry.code), inquiry=inquiry)
        return
    if not use(row, acting.now):
        return
    if row.inbound.revoked_at is not None:
        acting.note_refused(inquiry, "revoked")
    elif _proved_anew(acting, row):
        acting.note_refused(inquiry, "proved_anew")
        acting.reply(words.file_gone(row.inquiry.code), inquiry=inquiry)
    elif media.state == MediaState.STORED:
        _hand_in(acting, row, row.about, row.inbound)
    else:
        said = words.file_unsafe if media.state == MediaState.REJECTED else words.file_gone
        acting.note_refused(inquiry, f"file_{media.state}")
        acting.reply(said(row.inquiry.code), inquiry=inquiry)


def _proved_anew(acting: Acting, row: OfficerMessage) -> bool:
    """Whether the number was confirmed once more since: who sent the file then may have been somebody else (0027)."""
    proved = acting.phone.confirmed_at
    return proved is None or row.created_at < proved


def _hand_in(acting: Acting, row: OfficerMessage, said: OfficerMessage, message: Inbound) -> None:
    media = message.media
    if media is None:
        return
    parts = [message.shown.strip(), row.held.shown.strip() if row.held else ""]
    text = "\n\n".join(filter(None, parts)) or words.without_words(media.kind)

    def submit(inquiry: Inquiry) -> None:
        acting.still_there(said, inquiry)
        file = reuse(received=media, line=sending_line(inquiry), now=acting.now)
        acting.submit(inquiry, text, said, file)

    acting.do(said, submit)


def _further(acting: Acting, said: OfficerMessage, message: Inbound, inquiry: Inquiry) -> None:
    """One more file for an answer that has one, or that was handed in already: told once for a whole album."""
    acting.note_refused(inquiry, "one_file")
    rows = OfficerMessage.objects.filter(
        office=acting.phone.office_id, officer=acting.phone.officer_id, about=said, purpose=Purpose.HEARD,
        inbound__type__in=TYPES, created_at__gt=acting.now - ALBUM,
    )  # fmt: skip
    if not rows.exclude(inbound=message).exists():
        alone = _waiting(acting.phone, said) is None and not _handed_in(acting, said, with_file=True)
        acting.reply(words.too_late_for_file(inquiry.code) if alone else words.one_file(), inquiry=inquiry)


def _handed_in(acting: Acting, said: OfficerMessage, *, with_file: bool = False) -> bool:
    """Whether this officer's answer to that hand-over is with the admin already."""
    rows = Answer.objects.filter(
        office=acting.phone.office_id, disposition=said.disposition_id, author=acting.phone.officer_id,
        state=AnswerState.SUBMITTED,
    )  # fmt: skip
    return rows.filter(file__isnull=False).exists() if with_file else rows.exists()


def _waiting(phone: OfficerPhone, said: OfficerMessage) -> OfficerMessage | None:
    """The officer's file that is on its way for the same hand-over."""
    rows = OfficerMessage.objects.filter(
        office=phone.office_id, officer=phone.officer_id, purpose=Purpose.FILE, used_at__isnull=True,
        about__disposition=said.disposition_id,
    )  # fmt: skip
    return rows.select_related("inbound__media").first()


def is_awaited(phone: OfficerPhone, said: OfficerMessage) -> bool:
    """Whether a file of the officer is on its way for the hand-over of ``said``."""
    return _waiting(phone, said) is not None


def use(row: OfficerMessage, now: datetime) -> bool:
    """Let what hangs on the row happen once. False when it has."""
    rows = OfficerMessage.objects.filter(office=row.office_id, pk=row.pk, used_at__isnull=True)
    return bool(rows.update(used_at=now))


def _locked(message: Inbound) -> Media:
    """The file's row as it is: whoever is writing down that it came waits until this is settled, or was first."""
    return Media.objects.select_for_update(no_key=True).get(office=message.office_id, pk=message.media_id or 0)
