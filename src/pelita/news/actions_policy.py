"""How an office publishes."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base.errors import InvalidError, NotAllowedError
from pelita.journal import actions as journal
from pelita.news.models import Approval, CardLook, NewsPolicy
from pelita.offices.rules import Place

LEAST = 4.5  # contrast of white letters on the card's colour; WCAG 2.2, 1.4.3


@transaction.atomic
def set_policy(*, approval: str, card_look: str, card_colour: str, by: Place, now: datetime) -> None:
    """Whose posts go out at once, and what the cards look like. Raises InvalidError for a colour that hides words."""
    if not by.is_admin:
        raise NotAllowedError
    colour = card_colour.strip().lower()
    if not re.fullmatch("#[0-9a-f]{6}", colour):
        raise InvalidError("card_colour", _("Pilih warna dari daftar."))
    if contrast(colour) < LEAST:
        raise InvalidError("card_colour", _("Tulisan putih sulit dibaca di warna ini. Pilih yang lebih gelap."))
    if approval not in Approval.values or card_look not in CardLook.values:
        raise InvalidError("approval", _("Pilih dari daftar."))
    NewsPolicy.objects.update_or_create(
        office=by.office,
        defaults={
            "approval": approval, "card_look": card_look, "card_colour": colour, "changed_by": by.officer,
            "changed_at": now,
        },
    )  # fmt: skip
    journal.record(
        office=by.office, verb="news.policy", subject=("office", by.office.pk), by=by.officer, now=now,
        approval=approval,
    )  # fmt: skip


def contrast(colour: str) -> float:
    """Of white on ``#rrggbb``, 1 to 21 (WCAG 2.2, relative luminance)."""

    def light(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (light(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
