"""The disposition form's choices: sections with the words that propose them, deadlines in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.desk.officers.words import moment
from pelita.desk.proposing import Proposal
from pelita.desk.rules import DueChoice, default_due
from pelita.offices.models import Section
from pelita.web import words
from pelita.web.forms import OTHER_DUE, USUAL_DUE, DisposeForm, MoreTimeForm
from pelita.web.ui import Choice, Option

A_WEEK = timedelta(days=6)
INSTRUCTIONS = (
    gettext_lazy("Jelaskan syaratnya."),
    gettext_lazy("Periksa berkasnya."),
    gettext_lazy("Beri tahu jadwalnya."),
)


def proposed(form: DisposeForm, proposals: Sequence[Proposal], prefix: str) -> Choice:
    """Sections that the question speaks of, each with its words."""
    options = [
        Option(
            value=str(proposal.section.pk),
            label=proposal.section.short_name,
            note=_why(proposal),
            reasons=proposal.words,
        )
        for proposal in proposals
    ]
    return Choice("section", _("Usulan seksi"), options, _chosen(form, "section"), prefix=f"{prefix}usulan_")


def _why(proposal: Proposal) -> str:
    """ "kata ktp, hilang", the service that they fit, and that such questions went there before."""
    parts = []
    if proposal.words:
        parts.append(_("kata {words}").format(words=", ".join(proposal.words)))
    if proposal.service:
        parts.append(_("layanan {service}").format(service=proposal.service))
    if proposal.taught:
        parts.append(_("pernah diteruskan ke sini: {words}").format(words=", ".join(proposal.taught)))
    return " · ".join(parts)


def others(form: DisposeForm, sections: Sequence[Section], proposals: Sequence[Proposal], prefix: str) -> Choice:
    """Every other section, by the organisation chart."""
    taken = {proposal.section.pk for proposal in proposals}
    options = [Option(str(section.pk), section.short_name) for section in sections if section.pk not in taken]
    return Choice(
        "section",
        _("Seksi lain") if proposals else _("Seksi"),
        options,
        _chosen(form, "section"),
        errors=[str(error) for error in form.errors.get("section", [])],
        prefix=prefix,
    )


def helpers(form: DisposeForm, sections: Sequence[Section], prefix: str) -> Choice:
    """Sections that give their part; the one that coordinates is left out when the form is read."""
    options = [Option(str(section.pk), section.short_name) for section in sections]
    chosen = [str(one) for one in form["helpers"].value() or []]
    return Choice("helpers", _("Seksi yang membantu"), options, chosen, multiple=True, prefix=prefix)


def due(
    form: DisposeForm, choices: Sequence[DueChoice], now: datetime, tz: ZoneInfo, prefix: str, *, differs: bool = False
) -> Choice:
    """Deadlines to tap, and a free one. ``differs``: the policy does not give every section the same one."""
    options = [Option(_due(choice), due_words(choice, now, tz)) for choice in choices]
    if differs:
        options = [Option(USUAL_DUE, _("Menurut aturan seksi")) if one.value == USUAL_DUE else one for one in options]
    options.append(Option(OTHER_DUE, _("Lain…")))
    errors = [str(error) for error in form.errors.get("due", [])]
    return Choice("due", _("Tenggat"), options, _chosen(form, "due"), errors=errors, prefix=prefix)


def more_time(form: MoreTimeForm, choices: Sequence[tuple[str, datetime]], now: datetime, tz: ZoneInfo) -> Choice:
    """What a section may ask for: each with the moment that it means."""
    options = [
        Option(str(int(until.timestamp())), name, _("sampai {moment}").format(moment=moment(until, now, tz)))
        for name, until in choices
    ]
    errors = [str(error) for error in form.errors.get("until", [])]
    return Choice("until", _("Berapa lama?"), options, [str(form["until"].value() or "")], errors=errors)


def first_values(proposals: Sequence[Proposal], choices: Sequence[DueChoice]) -> dict[str, str]:
    """What is chosen before anybody taps: the first proposal, and today when there is still time."""
    usual = default_due(choices)
    return {
        "section": str(proposals[0].section.pk) if proposals else "",
        "due": _due(usual) if usual else OTHER_DUE,
    }


def due_words(choice: DueChoice, now: datetime, tz: ZoneInfo) -> str:
    """``2 jam``, ``Hari ini 15.00``, ``Besok 10.00``, ``Senin 10.00``, ``15 Des 16.00``."""
    if choice.key == "soon":
        return _("2 jam")
    clock = words.clock_words(choice.at, tz)
    # From a week on the name of a day says nothing: it may be the one of today.
    if choice.at - now > A_WEEK:
        return f"{words.moment_words(choice.at, now, tz)} {clock}"
    return f"{words.day_words(choice.at, now, tz).split(',')[0]} {clock}"


def _due(choice: DueChoice) -> str:
    return USUAL_DUE if choice.key == "usual" else choice.at.isoformat(timespec="minutes")


def _chosen(form: DisposeForm, name: str) -> list[str]:
    value = form[name].value()
    return [str(value)] if value else []
