"""What a section does with an inquiry: keep a draft, hand the answer to the admin, or say that it is not theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.actions.drafting import Seat, Written, keep
from pelita.desk.actions.helping import decline, with_reason
from pelita.desk.actions.learning import unlearn
from pelita.desk.actions.moving import end_disposition, hold, move, note, require_section, taken
from pelita.desk.errors import InvalidError
from pelita.desk.models import Answer, AnswerState, Disposition, DispositionState, Holder, Inquiry
from pelita.desk.queries.access import helping
from pelita.desk.workflow import Actor, Move
from pelita.offices.rules import Place
from pelita.whatsapp.models import Media


def _open_disposition(inquiry: Inquiry) -> Disposition:
    """The hand-over on which the section works. It stays open while the admin reads the answer, but then nothing is
    written under it: a late saving of the page would lie above the answer when that comes back."""
    hold(inquiry)
    rows = Disposition.objects.filter(
        office=inquiry.office_id, inquiry=inquiry, state=DispositionState.OPEN, coordinating=True,
        inquiry__holder=Holder.SECTION,
    )  # fmt: skip
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        raise taken(inquiry)
    return found


@transaction.atomic
def save_draft(
    *,
    inquiry: Inquiry,
    text: str,
    by: Place,
    now: datetime,
    note: str = "",
    seat: Seat | None = None,
    file: Media | None = None,
    drop_file: bool = False,
) -> Answer:
    """Keep what the officer typed so far, with the file. Not a move: nothing in the journal, nobody is told.

    Raises DraftClashError when somebody else of the section wrote meanwhile.
    """
    require_section(by, inquiry)
    if inquiry.holder != Holder.SECTION:
        raise taken(inquiry)
    disposition = _open_disposition(inquiry)
    written = Written(text, note, file, drop_file)
    return keep(inquiry=inquiry, disposition=disposition, written=written, by=by, now=now, seat=seat)


def check_text(inquiry: Inquiry, text: str, section_name: str, *, with_file: bool = False) -> str:
    """The text as it may be handed over, or InvalidError with what to do. ``with_file``: it is a file's caption."""
    text = text.strip()
    if not text:
        raise InvalidError("text", "Tulis jawabannya dulu.")
    most = rules.max_text(section_name, inquiry.code, with_file=with_file)
    if len(text) > most:
        what = "Keterangan berkas" if with_file else "Jawaban"
        raise InvalidError(
            "text", f"{what} kelebihan {len(text) - most} huruf. WhatsApp memuat paling banyak {most} huruf."
        )
    return text


@transaction.atomic
def submit(  # noqa: PLR0913  # all by keyword: what a form holds
    *,
    inquiry: Inquiry,
    text: str,
    by: Place,
    now: datetime,
    note_text: str = "",
    seen: int | None = None,
    seat: Seat | None = None,
    file: Media | None = None,
    drop_file: bool = False,
) -> Answer:
    """Hand the answer to the admin, with the file that it has. Raises TakenError, InvalidError or DraftClashError;
    the text is then still the officer's."""
    officer = require_section(by, inquiry)
    disposition = _open_disposition(inquiry)
    written = Written(text.strip(), note_text.strip(), file, drop_file)
    answer = keep(inquiry=inquiry, disposition=disposition, written=written, by=by, now=now, seat=seat)
    check_text(inquiry, text, disposition.section.name, with_file=answer.file is not None)
    move(inquiry=inquiry, move=Move.SUBMIT, actor=Actor.SECTION, now=now, seen=seen, unread=0)
    answer.state, answer.submitted_at = AnswerState.SUBMITTED, now
    answer.save(update_fields=["state", "submitted_at"])
    note(inquiry=inquiry, verb="answer.submitted", by=officer, now=now, answer=answer.pk, section=inquiry.section_id)
    return answer


@transaction.atomic
def refuse(*, inquiry: Inquiry, reason: str, by: Place, now: datetime, seen: int | None = None) -> None:
    """ "Bukan tupoksi kami": back to the admin, who must hear why. Of a helping section, its help alone ends."""
    helps = inquiry.section_id not in by.section_ids and helping(by).filter(inquiry=inquiry).exists()
    if helps:
        decline(inquiry=inquiry, reason=reason, by=by, now=now)
        return
    officer = require_section(by, inquiry)
    reason = with_reason(reason)
    section = inquiry.section_id
    hold(inquiry)
    end_disposition(inquiry=inquiry, state=DispositionState.REFUSED, by=officer, now=now, reason=reason)
    move(inquiry=inquiry, move=Move.REFUSE, actor=Actor.SECTION, now=now, seen=seen, section=None, due_at=None)
    if section is not None and not inquiry.routed:  # an item of the catalogue has brought it, which taught nothing
        unlearn(inquiry=inquiry, section=section)
    note(inquiry=inquiry, verb="inquiry.refused", by=officer, now=now, sections=(section,), section=section)
