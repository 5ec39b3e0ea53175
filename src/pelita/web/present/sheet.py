"""An inquiry's way as a *lembar disposisi*: what stands on paper, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers
from pelita.desk.models import Disposition, DispositionState
from pelita.web import words
from pelita.web.paper.disposition import Leg, Sheet
from pelita.web.present import people
from pelita.web.present.journey import Story


def sheet_of(story: Story, number: str, question: str) -> Sheet:
    """The sheet of one inquiry. ``number``: the citizen's, masked; ``question``: all that the citizen wrote
    (desk/queries/asked.py). Numbers in words are covered as on the screens."""
    inquiry = story.inquiry
    office = inquiry.office
    facts = [
        (_("Warga"), f"{story.citizen} · {number}" if number.lower() != story.citizen.lower() else story.citizen),
        (_("Desa"), people.village(inquiry.citizen) or _("belum diketahui")),
        (_("Jenis"), inquiry.get_kind_display()),
        (_("Diterima"), f"{_when(story, inquiry.opened_at)}, {inquiry.get_source_display()}"),
        (_("Keadaan"), inquiry.get_state_display()),
    ]
    if inquiry.register_number:
        facts.append((_("Nomor register"), f"{inquiry.register_number}/{inquiry.register_year}"))
    if inquiry.due_at:
        facts.append((_("Tenggat"), _when(story, inquiry.due_at)))
    return Sheet(
        office=office.name,
        regency=_("Pemerintah {regency}").format(regency=office.regency),
        address=office.address,
        code=inquiry.code,
        facts=facts,
        question=question,
        legs=[_leg(story, one) for one in story.chain],
        signer="",
        place_and_day=_("{office}, {day}").format(
            office=office.name.removeprefix("Kecamatan "), day=_day(story, story.now)
        ),
    )


def _when(story: Story, at: datetime) -> str:
    return f"{_day(story, at)} {words.clock_words(at, story.tz)}"


def _day(story: Story, at: datetime) -> str:
    """With its year: paper is read for longer than a screen."""
    local = at.astimezone(story.tz)
    return f"{local.day} {words.months()[local.month - 1]} {local.year}"


def _leg(story: Story, one: Disposition) -> Leg:
    stamps = []
    if one.read_at and one.read_by:
        stamps.append(_("dibuka {who} {when}").format(who=one.read_by.full_name, when=_when(story, one.read_at)))
    if one.accepted_at and one.accepted_by:
        name = one.accepted_by.full_name
        stamps.append(_("dikerjakan {who} {when}").format(who=name, when=_when(story, one.accepted_at)))
    if one.state != DispositionState.OPEN and one.ended_at:
        stamps.append(f"{one.get_state_display().lower()} {_when(story, one.ended_at)}")
    if one.reason:
        stamps.append(f"“{mask_numbers(one.reason)}”")
    return Leg(
        section=one.section.name,
        part=_("penanggung jawab") if one.coordinating else _("membantu"),
        given=_("{when} oleh {who}").format(when=_when(story, one.given_at), who=people.giver(one)),
        due=_("tenggat {when}").format(when=_when(story, one.due_at)) if one.due_at else "",
        instruction=mask_numbers(one.instruction),
        stamps="\n".join(stamps) or _("belum dibuka"),
    )
