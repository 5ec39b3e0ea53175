"""The conversation as the screens draw it: bubbles, days, where an inquiry began, internal steps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers
from pelita.desk import workflow
from pelita.desk.models import Entry, Inquiry
from pelita.desk.queries.thread import ThreadPage
from pelita.web import words
from pelita.web.present import people
from pelita.web.present.journey import Story, pill
from pelita.web.ui import Bubble, Quote, Status
from pelita.whatsapp import types
from pelita.whatsapp.models import Delivery, Inbound, Outbound, OutboundState
from pelita.whatsapp.outcomes import words_of


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the thread. ``code`` follows a day's words and never breaks; ``again`` leads to the review."""

    kind: Literal["day", "note", "bubble"]
    text: str = ""
    code: str = ""
    bubble: Bubble | None = None
    again: str = ""
    copy: str = ""


def status_of(outbound: Outbound) -> Status:
    """Nothing counts as sent until WhatsApp says so: accepted alone is still a clock."""
    if outbound.state == OutboundState.FAILED or outbound.delivery == Delivery.FAILED:
        return "failed"
    known: dict[str, Status] = {Delivery.SENT: "sent", Delivery.DELIVERED: "delivered", Delivery.READ: "read"}
    return known.get(outbound.delivery, "queued")


def failure_of(outbound: Outbound) -> str:
    """Why it did not arrive, as a sentence."""
    return f"{_('Belum terkirim.')} {words_of(outbound.outcome, failed=True)}".strip()


@dataclass(slots=True)
class _Thread:
    """What is remembered while the thread is laid out."""

    story: Story
    page: ThreadPage
    reasons: Sequence[str]
    items: list[Item]
    day: date | None = None
    side: str = ""

    def clock(self, at: datetime) -> str:
        return words.clock_words(at, self.story.tz)

    def separate(self, at: datetime, started: Inquiry | None) -> None:
        """A pill when a day begins, when an inquiry begins, or both in one."""
        day = at.astimezone(self.story.tz).date()
        if day != self.day:
            said = words.day_words(at, self.story.now, self.story.tz)
            self.items.append(Item("day", said, started.code if started else ""))
            self.day, self.side = day, ""
        elif started:
            self.items.append(Item("day", "", started.code))
            self.side = ""

    def quote(self, wamid: str) -> Quote | None:
        if not wamid or wamid not in self.page.quotes:
            return None
        citizens = {e.inbound.wamid for e in self.page.entries if e.inbound}
        text = mask_numbers(self.page.quotes[wamid]) or _("Pesan lain")
        return Quote(self.story.citizen if wamid in citizens else _("Kantor"), text)

    def received(self, entry: Entry, message: Inbound) -> Item:
        is_question = message.pk == self.story.inquiry.question_id
        label = types.of(message.type).label
        unsupported = not message.supported or (not message.text and message.type != "text")
        text = _("{kind} — jenis pesan belum didukung. Buka di HP kantor.").format(kind=label)
        return Item(
            "bubble",
            bubble=Bubble(
                side="in",
                time=self.clock(entry.at),
                text="\n".join(filter(None, (text, mask_numbers(message.text))))
                if unsupported
                else mask_numbers(message.text),
                quote=self.quote(message.context_wamid),
                reasons=self.reasons if is_question else (),
                unsupported=unsupported,
                first=self.side != "in",
                id=f"pesan-{entry.pk}",
            ),
        )

    def sent(self, entry: Entry, message: Outbound) -> Item:
        status = status_of(message)
        failed = status == "failed"
        return Item(
            "bubble",
            bubble=Bubble(
                side="out",
                time=self.clock(entry.at),
                text=mask_numbers(message.text),
                name=people.officer(entry.author, self.story.viewer),
                status=status,
                quote=self.quote(message.reply_to),
                failure=failure_of(message) if failed else "",
                first=self.side != "out",
                id=f"pesan-{entry.pk}",
            ),
            again=self.again(entry) if failed else "",
            copy=message.text if failed else "",
        )

    def again(self, entry: Entry) -> str:
        """The review, when the answer came back there and this person may send it."""
        inquiry = self.story.inquiry
        back = workflow.spot_of(inquiry.state, inquiry.holder) == workflow.TO_REVIEW
        if not (back and entry.inquiry_id == inquiry.pk and self.story.viewer.is_admin):
            return ""
        latest = max((e.pk for e in self.page.entries if e.outbound and e.inquiry_id == inquiry.pk), default=0)
        return reverse("periksa", args=[inquiry.code]) if entry.pk == latest else ""


def _pills(story: Story, page: ThreadPage) -> list[tuple[datetime, str]]:
    """Internal steps that belong to the span of this page."""
    start = page.entries[0].at if page.entries and page.before else None
    found = [(fact.at, pill(story, fact)) for fact in story.facts]
    return [(at, said) for at, said in found if said and (start is None or at >= start)]


def items(story: Story, page: ThreadPage, *, reasons: Sequence[str] = (), newest: bool = True) -> list[Item]:
    """The page in order of time. Pills stand on the newest page only; an older one is history of messages."""
    thread = _Thread(story, page, reasons, [])
    pills = _pills(story, page) if newest else []
    for entry in page.entries:
        while pills and pills[0][0] <= entry.at:
            _note(thread, *pills.pop(0))
        started = entry.inquiry if entry.inquiry and entry.inbound and entry.inquiry.opened_at == entry.at else None
        thread.separate(entry.at, started)
        if entry.inbound:
            thread.items.append(thread.received(entry, entry.inbound))
            thread.side = "in"
        elif entry.outbound:
            thread.items.append(thread.sent(entry, entry.outbound))
            thread.side = "out"
    for at, said in pills:
        _note(thread, at, said)
    return thread.items


def _note(thread: _Thread, at: datetime, said: str) -> None:
    thread.separate(at, None)
    clock = thread.clock(at)
    thread.items.append(Item("note", f"{clock} {said} {_('Warga tidak melihat ini.')}"))
    thread.side = ""
