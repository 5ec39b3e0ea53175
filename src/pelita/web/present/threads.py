"""The conversation as the screens draw it: bubbles, days, where an inquiry began, internal steps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base.text import mask_numbers
from pelita.desk import rules, workflow
from pelita.desk.models import Entry, Inquiry, Note, NoteKind
from pelita.desk.queries.thread import ThreadPage
from pelita.web import words
from pelita.web.present import messages, people
from pelita.web.present.journey import Story, pill
from pelita.web.ui import Bubble, Mark, Quote, Status, Version
from pelita.whatsapp import types
from pelita.whatsapp.models import Delivery, Inbound, Outbound, OutboundKind, OutboundState, Source
from pelita.whatsapp.outcomes import words_of

_SPOKEN = frozenset({"text", "image", "video", "audio", "document", "sticker", "location", "contacts"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the thread. ``code`` follows a day's words and never breaks; ``again`` leads to the review.

    ``note`` is an internal step, ``inner`` what an officer wrote to colleagues; ``called`` are names to mark in it.
    """

    kind: Literal["day", "note", "inner", "system", "bubble"]
    text: str = ""
    code: str = ""
    title: str = ""
    time: str = ""
    id: str = ""
    called: Sequence[str] = ()
    bubble: Bubble | None = None
    again: str = ""
    copy: str = ""


def status_of(outbound: Outbound) -> Status:
    """Nothing counts as sent until WhatsApp says so: accepted alone is still a clock."""
    if outbound.state == OutboundState.FAILED or outbound.delivery == Delivery.FAILED:
        return "failed"
    if outbound.delivery == Delivery.NONE and outbound.source != Source.SYSTEM:
        # Written on the office's phone, so WhatsApp has it; how an old message fared nobody says.
        return "sent" if outbound.source == Source.PHONE else ""
    known: dict[str, Status] = {Delivery.SENT: "sent", Delivery.DELIVERED: "delivered", Delivery.READ: "read"}
    return known.get(outbound.delivery, "queued")


def is_mark(outbound: Outbound) -> bool:
    """Whether it only changes another message: a reaction, or an edit or a deletion on the office's phone."""
    return outbound.kind == OutboundKind.REACTION or outbound.content.get("type") in {"edit", "revoke"}


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
    told: set[int] = field(default_factory=set)

    def clock(self, at: datetime) -> str:
        return words.clock_words(at, self.story.tz)

    def starts(self, entry: Entry) -> Inquiry | None:
        """The inquiry that this message opened, told once: messages that came together share one moment."""
        recorded = entry.note is not None and entry.note.kind == NoteKind.RECORD
        found = entry.inquiry if entry.inbound or recorded else None
        if found is None or found.opened_at != entry.at or found.pk in self.told:
            return None
        self.told.add(found.pk)
        return found

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

    def add(self, entry: Entry, started: Inquiry | None) -> None:
        """The entry's day, its beginning of an inquiry, and what is seen of it."""
        if entry.inbound and not self.seen_elsewhere(entry.inbound):
            self.separate(entry.at, started)
            self.items.append(self.received(entry, entry.inbound))
        elif entry.outbound and not is_mark(entry.outbound):
            self.separate(entry.at, started)
            self.items.append(self.sent(entry, entry.outbound))
        elif entry.note:
            self.separate(entry.at, started)
            self.items.append(self.inner(entry, entry.note))
        else:
            return
        bubble = self.items[-1].bubble
        self.side = bubble.side if bubble else ""

    def seen_elsewhere(self, message: Inbound) -> bool:
        """Whether it only changes another message, which shows it. An edit of one that is not here stands alone."""
        if not (types.of(message.type).decorates and message.supported):
            return False
        return message.type != "edit" or message.target_wamid in self.page.quotes

    def answers_a_status(self, message: Inbound) -> bool:
        """Whether it quotes something that is in no thread, as a reply to a Status does. A section sees too little of
        the conversation to say so. Taps quote too, what they answer stands in their own words.
        """
        if not message.context_wamid or message.context_wamid in self.page.quotes or not self.story.viewer.sees_all:
            return False
        return message.type in _SPOKEN and not message.product

    def received(self, entry: Entry, message: Inbound) -> Item:
        """A citizen's bubble, or a sentence in the middle for what WhatsApp itself says."""
        said = messages.note(message)
        if said:
            return Item("system", f"{self.clock(entry.at)} {said}")
        parts = messages.received(message, self.page.items)
        if message.type == "edit":
            parts.marks.insert(0, Mark("pencil", _("Menyunting pesan lama")))
        elif self.answers_a_status(message):
            parts.marks.insert(0, Mark("arrow-back-up", _("Membalas Status, atau pesan yang tidak ada di sini")))
        is_question = message.pk == self.story.inquiry.question_id
        return self.bubble(
            entry, message, parts, side="in", quote=message.context_wamid, reasons=self.reasons if is_question else ()
        )

    def sent(self, entry: Entry, message: Outbound) -> Item:
        """A bubble of the office, written here or on its phone."""
        status = status_of(message)
        failed = status == "failed"
        item = self.bubble(
            entry,
            message,
            messages.sent(message),
            side="out",
            quote=message.reply_to,
            status=status,
            author="assistant" if entry.automatic else "" if message.source == Source.SYSTEM else "phone",
            name=people.officer(entry.author, self.story.viewer),
            failure=failure_of(message) if failed else "",
        )
        return replace(item, again=self.again(entry), copy=message.text) if failed else item

    def inner(self, entry: Entry, written: Note) -> Item:
        """What an officer wrote to colleagues: who, what kind of note when it is a special one, when."""
        who = people.officer(entry.author, self.story.viewer)
        section = written.section.short_name if written.section else ""
        kind = "" if written.kind == NoteKind.INTERNAL else str(NoteKind(written.kind).label)
        return Item(
            "inner",
            text=mask_numbers(written.text),
            title=" · ".join(filter(None, (kind, section, who))),
            time=self.clock(entry.at),
            id=f"catatan-{written.pk}",
            called=[self.page.called[pk] for pk in written.mentions if pk in self.page.called],
        )

    def bubble(  # noqa: PLR0913  # what differs between the two sides
        self,
        entry: Entry,
        message: Inbound | Outbound,
        parts: messages.Parts,
        *,
        side: Literal["in", "out"],
        quote: str,
        reasons: Sequence[str] = (),
        status: Status = "",
        author: Literal["", "assistant", "phone"] = "",
        name: str = "",
        failure: str = "",
    ) -> Item:
        """What both sides have in common. Of a deleted message nothing is handed on."""
        deleted = message.revoked_at is not None
        shown = messages.Parts() if deleted else parts
        bubble = Bubble(
            side=side,
            time=self.clock(entry.at),
            text=shown.text,
            author=author,
            name=name,
            status=status,
            quote=None if deleted else self.quote(quote),
            reasons=reasons,
            marks=shown.marks,
            media=shown.media,
            cards=shown.cards,
            buttons=shown.buttons,
            unsupported=shown.missing,
            versions=() if deleted else self.versions(message),
            edited=message.edited_at is not None,
            deleted=deleted,
            reaction=message.reaction,
            failure=failure,
            first=self.side != side,
            id=f"pesan-{entry.pk}",
        )
        return Item("bubble", bubble=bubble)

    def versions(self, message: Inbound | Outbound) -> list[Version]:
        """What it said before; for the admin, who answers for the office, and for nobody else."""
        if not rules.may_handle(self.story.viewer, self.story.inquiry):
            return []
        found = [(one.get("text", ""), one.get("at", "")) for one in message.versions if isinstance(one, dict)]
        return [Version(mask_numbers(text), self.clock(datetime.fromisoformat(at))) for text, at in found if at]

    def again(self, entry: Entry) -> str:
        """The review, when the answer came back there and this person may send it."""
        inquiry = self.story.inquiry
        back = workflow.spot_of(inquiry.state, inquiry.holder) == workflow.TO_REVIEW
        if not (back and entry.inquiry_id == inquiry.pk and rules.may_handle(self.story.viewer, inquiry)):
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
        thread.add(entry, thread.starts(entry))
    for at, said in pills:
        _note(thread, at, said)
    return thread.items


def _note(thread: _Thread, at: datetime, said: str) -> None:
    thread.separate(at, None)
    clock = thread.clock(at)
    thread.items.append(Item("note", f"{clock} {said} {_('Warga tidak melihat ini.')}"))
    thread.side = ""
