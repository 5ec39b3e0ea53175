"""A draft as its form shows it: what is kept, since when, and what somebody else wrote in it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from pelita.base.text import size_words
from pelita.desk.errors import DraftClashError
from pelita.desk.models import Answer
from pelita.desk.queries import thread
from pelita.offices.rules import Place
from pelita.web import words
from pelita.web.forms import AnswerForm
from pelita.web.present import people
from pelita.web.present.journey import Story
from pelita.whatsapp.media.limits import OFFICE, PICTURES, VIDEO, kind_of

# What WhatsApp takes with a caption: photos, films, papers.
ATTACHABLE = ",".join(sorted(PICTURES | VIDEO | OFFICE))


@dataclass(frozen=True, slots=True)
class File:
    """A file that is kept with the draft."""

    name: str
    size: str
    pk: int


@dataclass(frozen=True, slots=True)
class Kept:
    """``version`` of the draft, 0 when there is none yet; ``saved`` says when and by whom."""

    version: int = 0
    saved: str = ""
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Another text in the same draft: whose, since when, and what it says."""

    who: str
    when: str
    text: str
    note: str
    version: int


def answer_form(source: Answer | None) -> AnswerForm:
    """The form with what was written so far."""
    return AnswerForm(initial={"text": source.text, "note": source.note} if source else {})


def file_of(answer: Answer | None) -> File | None:
    media = answer.file if answer else None
    if media is None:
        return None
    return File(media.filename or str(kind_of(media.kind).label), size_words(media.size or 0), media.pk)


def kept(story: Story, source: Answer | None, draft: Answer | None) -> Kept:
    """``source`` is what the form begins with, ``draft`` the draft when there is one."""
    saved = ""
    if draft is not None and (draft.text or draft.note or draft.file_id):
        when = words.moment_words(draft.updated_at, story.now, story.tz)
        if draft.author_id == story.viewer.officer.pk:
            saved = _("Draf tersimpan {when}").format(when=when)
        else:
            saved = _("{who} menulis draf ini {when}").format(who=draft.author.full_name, when=when)
    return Kept(draft.version if draft else 0, saved, file_of(source))


def desk_context(story: Story) -> dict[str, Any]:
    """The admin's own answer as far as it is written."""
    draft = thread.desk_draft(story.answers)
    return {"answer_form": answer_form(draft), "draft": kept(story, None, draft), "attachable": ATTACHABLE}


def task_context(story: Story, work: thread.Work) -> dict[str, Any]:
    """The section's answer as far as it is written."""
    return {
        "form": answer_form(work.source),
        "draft": kept(story, work.source, work.draft),
        "attachable": ATTACHABLE,
    }


def clash_of(error: DraftClashError | None, story: Story) -> Clash | None:
    return clash(error, story.viewer, story.now, story.tz) if error else None


def clash(error: DraftClashError, viewer: Place, now: datetime, tz: tzinfo) -> Clash:
    theirs = error.theirs
    who = _("Anda, di layar lain,") if error.own else people.officer(theirs.author, viewer)
    return Clash(who, words.moment_words(theirs.updated_at, now, tz), theirs.text, theirs.note, theirs.version)
