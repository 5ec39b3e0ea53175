"""What officers write to each other beside a conversation. It never leaves the office."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.desk import rules
from pelita.desk.actions.moving import hold_conversation, note
from pelita.desk.actions.telling import tell
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Conversation, Entry, Inquiry, Note, NoteKind
from pelita.desk.queries.access import visible
from pelita.desk.queries.colleagues import colleagues
from pelita.offices.models import Officer
from pelita.offices.rules import Place

MAX_NOTE = 2000


@transaction.atomic
def write_note(*, inquiry: Inquiry, text: str, by: Place, now: datetime) -> Note:
    """Put an internal note into the thread. ``@`` and a colleague's name calls that person.

    Whoever sees the inquiry may write. Raises InvalidError for an empty or too long text, and when somebody is called
    who does not see the inquiry: the person could not open what the call is about.
    """
    text = text.strip()
    if not text:
        raise InvalidError("text", "Tulis catatannya dulu.")
    if len(text) > MAX_NOTE:
        raise InvalidError("text", f"Catatan kelebihan {len(text) - MAX_NOTE} huruf.")
    if not visible(by).filter(pk=inquiry.pk).exists():
        raise NotAllowedError
    called = _called(inquiry, text, now)
    conversation = hold_conversation(inquiry)
    written = Note.objects.create(
        office_id=inquiry.office_id, inquiry=inquiry, kind=NoteKind.INTERNAL, author=by.officer, text=text,
        mentions=[officer.pk for officer in called], created_at=now,
    )  # fmt: skip
    stand_note(written=written, conversation=conversation, now=now)
    note(inquiry=inquiry, verb="note.written", by=by.officer, now=now, note=written.pk)
    others = [officer for officer in called if officer.pk != by.officer.pk]
    tell(officers=others, inquiry=inquiry, verb="note.mentioned", key=f"note:{written.pk}", now=now, by=by.officer.pk)
    return written


def stand_note(*, written: Note, conversation: Conversation, now: datetime) -> None:
    """Give a note its line in the thread. The conversation is locked."""
    Entry.objects.create(
        office_id=written.office_id, conversation=conversation, inquiry=written.inquiry, at=now, note=written,
        author=written.author,
    )  # fmt: skip
    Conversation.objects.filter(office=written.office_id, pk=conversation.pk).update(last_entry_at=now)


def _called(inquiry: Inquiry, text: str, now: datetime) -> list[Officer]:
    """The officers whom the text calls by name, each once. Of two with one name, those who see the inquiry."""
    if "@" not in text:
        return []
    everybody = colleagues(inquiry, now=now)
    names = rules.called_names(text, {one.officer.full_name for one in everybody})
    found = []
    for name in names:
        bearers = [one for one in everybody if one.officer.full_name == name]
        able = [one.officer for one in bearers if one.sees]
        if not able:
            raise InvalidError(
                "text", f"{name} tidak melihat pertanyaan ini, jadi tidak bisa dipanggil. Hapus tanda @ di depannya."
            )
        found += able
    return found
