"""A citizen's phone with the message as it will arrive, before it leaves."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers
from pelita.desk import rules
from pelita.desk.actions.outgoing import voice
from pelita.desk.models import Inquiry
from pelita.web import words
from pelita.web.present import media
from pelita.web.ui import Bubble, Quote
from pelita.whatsapp.models import Media


def shown(inquiry: Inquiry, text: str, file: Media | None, *, now: datetime, tz: tzinfo) -> dict[str, Any]:
    """The question that is quoted and the whole message. ``text``: numbers covered where the screen covers them."""
    asked = mask_numbers(inquiry.asked) or _("Pesan Anda")
    at = inquiry.asked_at
    return {
        "clock": words.clock_words(now, tz),
        "asked_day": words.day_words(at, now, tz),
        "same_day": words.day_words(at, now, tz) == words.day_words(now, now, tz),
        "preview_question": Bubble(side="in", time=words.clock_words(at, tz), text=asked, status="read"),
        "preview_answer": Bubble(
            side="out",
            time=words.clock_words(now, tz),
            text=rules.compose(text, voice(inquiry), inquiry.code),
            quote=Quote(_("Anda"), asked),
            media=media.card(file, from_citizen=False) if file else None,
        ),
    }
