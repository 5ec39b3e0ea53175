"""What is to be confirmed in an answer, as sentences."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from pelita.base import phone
from pelita.desk import checks
from pelita.desk.checks import Finding, Kind
from pelita.desk.models import Answer
from pelita.offices.rules import Place
from pelita.web.present import shell

TITLES = {
    Kind.IDENTITY: ("shield-lock", gettext_lazy("Ada nomor NIK atau KK")),
    Kind.PHONE: ("phone", gettext_lazy("Ada nomor HP seseorang")),
    Kind.PROMISE: ("calendar", gettext_lazy("Menjanjikan tanpa tanggal atau syarat yang pasti")),
    Kind.BLANK: ("pencil", gettext_lazy("Ada bagian yang belum diisi")),
}

NUMBERS = {Kind.IDENTITY, Kind.PHONE}


@dataclass(frozen=True, slots=True)
class Said:
    """One finding: what it is, and where. ``covered``: a number that is shown in part."""

    icon: str
    title: str
    text: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Unsure:
    """Everything to confirm at once. ``seal`` goes with the button; ``whole``: numbers are among it."""

    said: Sequence[Said]
    seal: str
    whole: bool


def own_numbers(request: HttpRequest, place: Place) -> set[str]:
    """The office's numbers: they may stand in an answer."""
    found = {phone.digits(line.display_phone) for line in shell.lines(request, place)}
    return {one for one in found if one}


def unsure(text: str, own: set[str], kinds: Collection[Kind] = tuple(Kind)) -> Unsure | None:
    """What is to be confirmed in a text, or None."""
    findings = checks.check(text, own=own, kinds=kinds)
    if not findings:
        return None
    told = [said(one) for one in findings]
    return Unsure(told, checks.seal(text, findings), any(one.covered for one in told))


def of_draft(request: HttpRequest, place: Place, draft: Answer | None) -> Unsure | None:
    """What is to be confirmed in a draft that the page begins with. Asks for the numbers only when there is a text."""
    return unsure(draft.text, own_numbers(request, place)) if draft is not None and draft.text else None


def said(finding: Finding) -> Said:
    icon, title = TITLES[finding.kind]
    return Said(icon, str(title), f"“{finding.excerpt}”", finding.kind in NUMBERS)
