"""What the review shows: findings, question, instruction, answer, and the citizen's phone. Only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import clock
from pelita.base.text import mask_numbers
from pelita.desk import rules
from pelita.desk.models import Answer, AnswerState, Disposition, Inquiry
from pelita.desk.queries import thread
from pelita.desk.queries.asked import words_of
from pelita.desk.queries.queue import View
from pelita.journal.queries import latest_id
from pelita.web import words
from pelita.web.forms import AnswerForm, ReturnForm
from pelita.web.present import checking, citizen_phone, drafts, handing, people, threads
from pelita.web.present.diffing import compare
from pelita.web.present.journey import Story
from pelita.web.present.replying import Way, way_of
from pelita.web.views.desk_context import list_context, story_of
from pelita.web.views.guards import OfficeRequest

LOOKS = (
    ("perubahan", gettext_lazy("Perubahan")),
    ("bersih", gettext_lazy("Bersih")),
    ("asli", gettext_lazy("Asli")),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know before sending. ``tone`` late is about lost time or failure."""

    title: str
    text: str
    icon: str
    tone: str = "mask"


def _findings(story: Story, failure: str, way: Way) -> list[Finding]:
    found = []
    closes = rules.window_ends(story.inquiry.conversation.last_inbound_at)
    window = words.window_words(closes, story.now)
    if window.closed:
        said = _("Warga diberi tahu dulu dengan pesan templat; jawaban terkirim sendiri begitu dibuka.")
        found.append(Finding(_("Jendela balas sudah tertutup"), way.why or said, "lock", "late"))
    elif window.tone is words.Tone.SOON and closes is not None:
        title = _("Jendela balas tutup {left} lagi, pukul {clock}").format(
            left=window.text, clock=words.clock_words(closes, story.tz)
        )
        found.append(Finding(title, _("Sesudah itu warga diberi tahu dulu dengan pesan templat."), "clock", "late"))
    if failure:
        found.append(Finding(_("Pengiriman sebelumnya gagal"), failure, "alert-circle", "late"))
    return found


def _failure(page: thread.ThreadPage, inquiry: Inquiry) -> str:
    """Why the last sending of this inquiry failed; empty when it did not."""
    sent = [e.outbound for e in page.entries if e.outbound and e.inquiry_id == inquiry.pk]
    return threads.failure_of(sent[-1]) if sent and threads.status_of(sent[-1]) == "failed" else ""


def _returned(answers: list[Answer], answer: Answer) -> Answer | None:
    """The version that came back before this one, by the same section."""
    return next(
        (
            one
            for one in answers
            if one.state == AnswerState.RETURNED and one.pk < answer.pk and one.disposition_id == answer.disposition_id
        ),
        None,
    )


def _disposition(story: Story, answer: Answer) -> Disposition | None:
    return next((one for one in story.chain if one.pk == answer.disposition_id), None)


def review_context(request: OfficeRequest, inquiry: Inquiry, *, text: str | None, look: str) -> dict[str, Any]:
    """Everything for the page. ``text`` is the edit in work, None when there is none."""
    place, now = request.place, clock.now()
    since = latest_id(place.office)
    identities = thread.identities(inquiry)
    name = people.name(inquiry.citizen, identities)
    story = story_of(place, inquiry, name, now)
    answers = list(story.answers)
    answer = next(one for one in answers if one.state == AnswerState.SUBMITTED)
    final = answer.text if text is None else text
    previous = _returned(answers, answer)
    old = answer.text if text is not None else (previous.text if previous else None)
    given = _disposition(story, answer)
    unsure = checking.unsure(final, checking.own_numbers(request, place))
    cover = str if "utuh" in {*request.GET, *request.POST} else mask_numbers
    way = way_of(inquiry, now, story.tz)
    return {
        "since": since,
        **list_context(request, View.REVIEW, chosen=inquiry.code, stacked=False),
        "inquiry": inquiry,
        "citizen_name": name,
        "village": people.village(inquiry.citizen),
        "answer": answer,
        "file": drafts.file_of(answer),
        "author": people.officer(answer.author, place),
        "section": answer.disposition.section if answer.disposition else None,
        "submitted": words.moment_words(answer.submitted_at or answer.created_at, now, story.tz),
        "findings": _findings(story, _failure(thread.thread(place, inquiry), inquiry), way),
        "way": way,
        "question": words_of(inquiry),
        "asked": words.moment_words(inquiry.asked_at, now, story.tz),
        "instruction": given,
        "instructed": given and words.moment_words(given.given_at, now, story.tz),
        "parts": handing.parts(story, thread.contributions(inquiry, story.chain)),
        "returned": previous,
        "difference": compare(cover(old), cover(final)) if old is not None else None,
        "original": old and cover(old),
        "unsure": unsure,
        "shown": cover(final),
        "covered": cover(final) != final,
        "look": look or ("perubahan" if previous else "bersih"),
        "looks": LOOKS,
        "review_url": reverse("periksa", args=[inquiry.code]),
        "edit_url": reverse("periksa", args=[inquiry.code]) + "?sunting=1",
        "edited": text is not None,
        "text": final,
        "form": AnswerForm(initial={"text": final}),
        "return_form": ReturnForm(),
        **citizen_phone.shown(inquiry, cover(final), answer.file, now=now, tz=story.tz),
    }
