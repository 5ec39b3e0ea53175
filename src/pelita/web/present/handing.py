"""The hand-overs of an inquiry as its panel tells them: who coordinates, who helps, what they did, and the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import mask_numbers
from pelita.desk import deadlines
from pelita.desk.clocks import clocks
from pelita.desk.models import Deadline, Disposition, DispositionState, Note
from pelita.web import words
from pelita.web.present import people
from pelita.web.present.journey import Story


@dataclass(frozen=True, slots=True)
class Hand:
    """One section that has the inquiry now. ``part``: what it is there for; ``said``: what it did so far."""

    section: str
    section_pk: int
    part: str
    said: str
    helps: bool
    waiting: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What a helping section gave to the answer."""

    who: str
    when: str
    text: str


def hands(story: Story) -> list[Hand]:
    """Open hand-overs and answered help, who coordinates first."""
    shown = [d for d in story.chain if d.state == DispositionState.OPEN or _gave(d)]
    return [_hand(story, one) for one in sorted(shown, key=lambda one: (not one.coordinating, one.pk))]


def _gave(one: Disposition) -> bool:
    return not one.coordinating and one.state == DispositionState.ANSWERED


def _hand(story: Story, one: Disposition) -> Hand:
    return Hand(
        section=one.section.short_name,
        section_pk=one.section_id,
        part=_("penanggung jawab") if one.coordinating else _("membantu"),
        said=_stamps(story, one),
        helps=not one.coordinating,
        waiting=one.state == DispositionState.OPEN,
    )


def _stamps(story: Story, one: Disposition) -> str:
    def when(at: datetime) -> str:
        return words.moment_words(at, story.now, story.tz)

    if _gave(one) and one.ended_at:
        return _("bahan diberikan {when}").format(when=when(one.ended_at))
    if one.accepted_at:
        name = people.officer(one.accepted_by, story.viewer)
        return _("dikerjakan {name} sejak {when}").format(name=name, when=when(one.accepted_at))
    if one.read_at:
        name = people.officer(one.read_by, story.viewer)
        return _("dibuka {name} {when}").format(name=name, when=when(one.read_at))
    return _("belum dibuka")


def parts(story: Story, notes: list[Note]) -> list[Part]:
    """What helping sections gave, oldest first."""
    return [
        Part(
            who=f"{note.section.short_name if note.section else ''} · {people.officer(note.author, story.viewer)}",
            when=words.moment_words(note.created_at, story.now, story.tz),
            text=mask_numbers(note.text),
        )
        for note in notes
    ]


PROMISES = {Deadline.FIRST: gettext_lazy("Tanggapan pertama"), Deadline.ANSWER: gettext_lazy("Jawaban sampai")}


def promises(story: Story) -> list[tuple[str, datetime]]:
    """Until when the citizen is to hear something, while somebody of the office can still see to it."""
    runs = dict(deadlines.running(story.inquiry))
    return [(str(label), due) for name, label in PROMISES.items() if (due := runs.get(name))]


def clock_rows(story: Story) -> list[tuple[str, str]]:
    """Who held it how long, in words; nothing for hands in which it never was. Sections one by one when several did."""
    found = clocks(story.facts, story.now)
    rows = [(_("Di tangan {name}").format(name=story.admin()), found.admin)]
    several = len(found.sections) > 1
    if several:
        rows += [
            (_("Di tangan {name}").format(name=story.section(pk)), lasted) for pk, lasted in found.sections.items()
        ]
    else:
        rows.append((_("Di seksi"), found.section))
    rows += [(_("Menunggu warga"), found.citizen), (_("Tanpa kabar"), found.silence)]
    return [(label, _lasting(lasted, story.now)) for label, lasted in rows if lasted >= timedelta(minutes=1)]


def _lasting(lasted: timedelta, now: datetime) -> str:
    return words.waiting_words(now - lasted, now)
