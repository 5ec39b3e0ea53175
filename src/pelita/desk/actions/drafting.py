"""Drafts: what is being written, kept from the first second, and never overwritten by somebody else in silence.

A section has one draft for each hand-over, the desk has one for each inquiry; whoever may answer there may go on with
it. Each saving raises the draft's version. A page says which version it saw and which page it is: it may save over
that version and over its own savings, whose replies may have been lost. Anything else is a clash for a person to
settle (docs/decisions/0022).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.actions.moving import hold, require_admin
from pelita.desk.errors import DraftClashError
from pelita.desk.models import Answer, AnswerState, Disposition, Inquiry
from pelita.offices.rules import Place
from pelita.whatsapp.media.outgoing import discard
from pelita.whatsapp.models import Media

MAX_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a text was written: the version of the draft that the page saw (0: none), and the page's own random id."""

    version: int
    page: str


@dataclass(frozen=True, slots=True)
class Written:
    """What is in the form. ``file``: chosen just now; ``drop_file``: the one that was kept goes."""

    text: str
    note: str = ""
    file: Media | None = None
    drop_file: bool = False


def find(inquiry: Inquiry, disposition: Disposition | None) -> Answer | None:
    """The draft of a hand-over, or with None the desk's own."""
    return (
        Answer.objects.filter(
            office=inquiry.office_id, inquiry=inquiry, disposition=disposition, state=AnswerState.DRAFT
        )
        .select_related("author", "file")
        .first()
    )


def keep(
    *,
    inquiry: Inquiry,
    disposition: Disposition | None,
    written: Written,
    by: Place,
    now: datetime,
    seat: Seat | None = None,
) -> Answer:
    """Put the text into the draft. The inquiry is locked.

    Raises DraftClashError when somebody else, or another page of the same person, wrote meanwhile; without a seat
    nothing is compared.
    """
    draft = find(inquiry, disposition)
    if draft is not None and seat is not None:
        _compare(draft, written, seat, by)
    if draft is None:
        draft = Answer(
            office_id=inquiry.office_id, inquiry=inquiry, disposition=disposition, author=by.officer, created_at=now,
            file=_returned_file(inquiry, disposition),
        )  # fmt: skip
    before = draft.file
    draft.text, draft.note = written.text[: rules.MAX_ANSWER * 2], written.note[:MAX_NOTE]
    draft.file = written.file or (None if written.drop_file else before)
    draft.author, draft.updated_at = by.officer, now
    draft.version, draft.page = draft.version + 1, seat.page if seat else ""
    draft.save()
    if before is not None and before.pk != draft.file_id:
        forget(before)
    return draft


def _compare(draft: Answer, written: Written, seat: Seat, by: Place) -> None:
    known = seat.version == draft.version or (seat.page and seat.page == draft.page)
    same = (draft.text, draft.note) == (written.text, written.note)
    if not known and not same:
        raise DraftClashError(draft, own=draft.author_id == by.officer.pk)


def _returned_file(inquiry: Inquiry, disposition: Disposition | None) -> Media | None:
    """An answer that came back is written anew with the file that it had."""
    if disposition is None:
        return None
    last = (
        Answer.objects.filter(
            office=inquiry.office_id, inquiry=inquiry, disposition=disposition, state=AnswerState.RETURNED
        )
        .select_related("file")
        .order_by("-id")
        .first()
    )
    return last.file if last else None


def forget(media: Media) -> None:
    """Delete a file that no answer carries any more, once that is certain. Its bytes may lie in a bucket."""

    def gone() -> None:
        if not Answer.objects.filter(office=media.office_id, file=media).exists():
            discard(media=media)

    transaction.on_commit(gone)


@transaction.atomic
def save_desk_draft(*, inquiry: Inquiry, text: str, by: Place, now: datetime, seat: Seat | None = None) -> Answer:
    """Keep what the admin typed so far. An empty text keeps an empty draft, so that its version goes on."""
    require_admin(by, inquiry)
    hold(inquiry)
    return keep(inquiry=inquiry, disposition=None, written=Written(text), by=by, now=now, seat=seat)


def use_up_desk_draft(*, inquiry: Inquiry, text: str, by: Place, seat: Seat | None) -> None:
    """The desk's answer leaves, so its draft goes. The inquiry is locked. Raises DraftClashError as ``keep`` does."""
    draft = find(inquiry, None)
    if draft is None:
        return
    if seat is not None:
        _compare(draft, Written(text), seat, by)
    Answer.objects.filter(office=inquiry.office_id, pk=draft.pk).delete()
