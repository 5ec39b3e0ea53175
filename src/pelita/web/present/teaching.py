"""A question that was not answered, as the quality page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.assistant.models import Reply
from pelita.base.text import mask_numbers, one_line
from pelita.catalog.understanding import Reader
from pelita.offices.rules import Place
from pelita.web import words
from pelita.web.forms_quality import LearnForm

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Question:
    """``understood``: what was taken for likely when the reply went out; ``words``: the citizen's own that say so now;
    ``chosen``: the service that an officer answered with."""

    key: int
    text: str
    code: str
    address: str
    when: str
    understood: str
    words: str
    chosen: str
    form: LearnForm


def question(reply: Reply, reader: Reader, form: LearnForm, place: Place, now: datetime, tz: tzinfo) -> Question:
    """One row of the list."""
    said = reply.inbound.shown
    ranked = reader.read(said).services
    inquiry = reply.inquiry
    return Question(
        reply.pk,
        mask_numbers(one_line(said, LONGEST)),
        inquiry.code,
        reverse("percakapan" if place.sees_all else "tugas-satu", args=[inquiry.code]),
        words.moment_words(reply.at, now, tz),
        ", ".join(f"{code} {score * 100:.0f} %" for code, score in reply.services[:3]) or _("tidak dikenali"),
        ", ".join(ranked[0].words) if ranked else "",
        inquiry.service.code if inquiry.service else "",
        form,
    )
