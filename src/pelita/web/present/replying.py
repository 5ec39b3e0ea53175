"""How an answer would reach the citizen now: freely while the window is open, else announced by a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers, one_line
from pelita.desk import rules
from pelita.desk.models import Answer, AnswerState, Inquiry
from pelita.web import words
from pelita.web.present import threads
from pelita.web.present.journey import Story
from pelita.web.ui import STATUSES, Bubble
from pelita.whatsapp import patterns
from pelita.whatsapp.models import Template
from pelita.whatsapp.queries import templates
from pelita.whatsapp.templates import ANSWER_READY

QUOTED = 160


@dataclass(frozen=True, slots=True)
class Way:
    """``free``: the window is open. Else ``notice`` is the template as it would arrive, or ``why`` there is none."""

    free: bool
    notice: Bubble | None = None
    why: str = ""

    @property
    def there(self) -> bool:
        """Whether an answer can be sent at all."""
        return self.free or self.notice is not None


def notice_bubble(template: Template, code: str, time: str) -> Bubble:
    """The template as the citizen sees it, with the inquiry's code in it."""
    buttons = [str(one.get("text", "")) for one in patterns.buttons(template.components)]
    return Bubble(side="out", time=time, text=patterns.words(template.components, [code]), buttons=buttons)


def way_of(inquiry: Inquiry, now: datetime, tz: tzinfo) -> Way:
    """No query while the window is open, one or two when it is closed."""
    if rules.window_open(inquiry.conversation.last_inbound_at, now):
        return Way(free=True)
    line = inquiry.conversation.line
    if line is None:
        return Way(free=False, why=_("Warga ini belum pernah menulis lewat WhatsApp."))
    template = templates.usable(line, ANSWER_READY)
    if template is None:
        return Way(free=False, why=templates.why_none(line, ANSWER_READY))
    return Way(free=False, notice=notice_bubble(template, inquiry.code, words.clock_words(now, tz)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that lies ready: how its notice fares, and how it begins."""

    notice: str
    status: str
    text: str


def waiting_of(story: Story) -> Waiting | None:
    """The inquiry's answer that waits for the citizen to open it."""
    answer = next((one for one in story.answers if one.state == AnswerState.WAITING), None)
    if answer is None or answer.notice is None:
        return None
    status = threads.status_of(answer.notice)
    _icon, label = STATUSES[status] if status else STATUSES["queued"]
    return Waiting(
        notice=f"{label}{_notice_time(answer, story)}",
        status=status,
        text=mask_numbers(one_line(answer.final_text, QUOTED)),
    )


def _notice_time(answer: Answer, story: Story) -> str:
    notice = answer.notice
    at = notice and (notice.read_at or notice.delivered_at or notice.sent_at)
    return _(", {moment}").format(moment=words.moment_words(at, story.now, story.tz)) if at else ""
