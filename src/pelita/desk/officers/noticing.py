"""One notice as a message to one officer's phone: with its buttons where the officer can do something about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base.text import mask_numbers
from pelita.desk import checks, deadlines, rules, workflow
from pelita.desk.actions.more_time import open_request
from pelita.desk.actions.telling import UNATTENDED
from pelita.desk.models import (
    Answer,
    AnswerState,
    Deadline,
    DeliveryState,
    Disposition,
    DispositionState,
    Holder,
    Inquiry,
    Note,
    Notice,
    NoticeDelivery,
    OfficerMessage,
    OfficerPhone,
    Purpose,
    TimeRequest,
)
from pelita.desk.officers import phones, words
from pelita.desk.officers.saying import Matter, new_token, own_numbers, say
from pelita.desk.queries import asked, notices
from pelita.desk.queries.access import helping, visible
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place, zone
from pelita.whatsapp.messages import File, FromTemplate
from pelita.whatsapp.queries import templates
from pelita.whatsapp.templates import OFFICER_WAITING

# These ask the officer for a deed: they are worth a template, and come with buttons.
AT_SECTION = ("inquiry.dispositioned", "answer.returned")
ADDED = "inquiry.added"
AT_HELPERS = ("help.asked",)
TO_REVIEW = ("answer.submitted",)
TO_DECIDE = ("time.asked",)
DEEDS = (*AT_SECTION, *AT_HELPERS, *TO_REVIEW, *TO_DECIDE)
# The clock tells of a deadline; whoever can do what it asks for gets the matter with its buttons once more.
REMINDERS = ("reminder.soon", "reminder.late", "reminder.escalated")
PART = 900  # signs of a colleague's words
# These are worth a template whoever gets them: something is late, or lies with nobody. What each says there.
PRESSING = {
    "reminder.late": gettext_lazy("tenggatnya sudah lewat"),
    "reminder.escalated": gettext_lazy("sudah terlambat dan perlu perhatian Anda"),
    UNATTENDED: gettext_lazy("seksinya tidak ada petugas hari ini"),
    "absence.handed_over": gettext_lazy("hari ini Anda menggantikan Admin"),
}
# A template opens the window for all that waits, so the clock's or a further message's next one is not worth its price
# for so long.
ONE_OPENS_ALL = timedelta(hours=4)

# The words of a notice at a moment, in the office's time zone.
Sentence = Callable[[Notice, datetime, tzinfo], str]


class Carrier:
    """One notice for one confirmed phone, whose row is locked. What the officer may not see (any more) is not told."""

    def __init__(self, phone: OfficerPhone, notice: Notice, now: datetime, sentence: Sentence) -> None:
        self.phone, self.notice, self.now, self.sentence = phone, notice, now, sentence
        self.place: Place = phones.sight(phone, now=now)
        self.inquiry: Inquiry | None = None
        self.disposition: Disposition | None = None
        self.answer: Answer | None = None
        self.wish: TimeRequest | None = None
        if notice.inquiry_id is not None:
            rows = visible(self.place).select_related("office", "section", "question", "conversation")
            self.inquiry = rows.filter(pk=notice.inquiry_id).first()
        if self.inquiry is not None:
            self._find(self.inquiry, notice.verb)

    def _find(self, inquiry: Inquiry, verb: str) -> None:
        """What the officer can do something about."""
        reminds = verb in REMINDERS and self._still_so(inquiry)
        if verb in (*AT_SECTION, ADDED) or reminds:
            self.disposition = self._open_disposition(inquiry)
        if verb in AT_HELPERS or (reminds and self.notice.data.get("help")):
            self.disposition = self._open_help(inquiry)
        handles = rules.may_handle(self.place, inquiry)
        if handles and (
            verb in (*TO_REVIEW, ADDED) or (reminds and self.notice.data.get("deadline") == Deadline.REVIEW)
        ):
            rows = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.SUBMITTED)
            self.answer = rows.select_related("file").first()
        if handles and verb in TO_DECIDE:
            self.wish = open_request(inquiry, now=self.now)

    def _still_so(self, inquiry: Inquiry) -> bool:
        """Whether the deadline of a reminder still runs: its message may wait for the morning, or for a window."""
        spot, deadline = workflow.spot_of(inquiry.state, inquiry.holder), self.notice.data.get("deadline")
        if deadline in (Deadline.FIRST, Deadline.ANSWER):
            return spot in deadlines.TURNS
        return bool(deadline == Deadline.CLOSING or deadlines.TURNS.get(spot) == deadline)

    def _still_nobody(self, inquiry: Inquiry) -> bool:
        """Whether it still lies with a section of which nobody is there today."""
        section = int(self.notice.key.rpartition(":")[2])
        given = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, section=section)
        roster = roster_of(inquiry.office, now=self.now)
        return not roster.somebody(roster.of_section(section)) and given.filter(state=DispositionState.OPEN).exists()

    def _open_disposition(self, inquiry: Inquiry) -> Disposition | None:
        if inquiry.holder != Holder.SECTION or inquiry.section_id not in self.place.section_ids:
            return None
        rows = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, section=inquiry.section_id)
        return rows.filter(state=DispositionState.OPEN).select_related("section").first()

    def _open_help(self, inquiry: Inquiry) -> Disposition | None:
        """The hand-over that the notice speaks of, while the section's part is awaited."""
        rows = helping(self.place).filter(inquiry=inquiry, state=DispositionState.OPEN).select_related("section")
        if self.notice.verb in REMINDERS:
            return rows.order_by("id").first()
        asked = self.notice.key.rpartition(":")[2]
        return rows.filter(pk=asked).first() if asked.isdecimal() else None

    def matters(self) -> bool:
        """Whether it still says something that is so, to somebody who may know it."""
        if notices.left(self.notice, self.inquiry, self.now) <= timedelta(0):
            return False
        if self.notice.verb in (*DEEDS, ADDED) or self.notice.data.get("help"):
            return bool(self.disposition or self.answer or self.wish)
        if self.notice.verb in REMINDERS:
            return self.inquiry is not None and self._still_so(self.inquiry)
        if self.notice.verb == UNATTENDED:
            return self.inquiry is not None and self._still_nobody(self.inquiry)
        return notices.one(self.place, self.notice.pk) is not None

    def whole(self) -> OfficerMessage:
        """The message itself, with its buttons where the officer can do something about it."""
        if self.inquiry and self.disposition:
            return self._bring(self.inquiry, self.disposition)
        if self.inquiry and self.answer:
            return self._lay_before(self.inquiry, self.answer)
        if self.inquiry and self.wish:
            token, tz = new_token(), zone(self.place.office)
            question = words.time_asked(self.inquiry, self.wish, token=token, now=self.now, tz=tz)
            matter = Matter(inquiry=self.inquiry, disposition=self.wish.disposition, wish=self.wish)
            return say(self.phone, question, now=self.now, purpose=Purpose.TIME_REVIEW, matter=matter, token=token)
        told = "\n\n".join(filter(None, [self._sentence(), self._said_there()]))
        return say(self.phone, told, now=self.now, matter=Matter(inquiry=self.inquiry))

    def _sentence(self) -> str:
        return self.sentence(self.notice, self.now, zone(self.place.office))

    def _lead(self) -> str:
        """Why the matter is told of once more."""
        return "" if self.notice.verb in (*AT_SECTION, *AT_HELPERS, *TO_REVIEW) else self._sentence()

    def _bring(self, inquiry: Inquiry, given: Disposition) -> OfficerMessage:
        """A matter of the officer's section, or one that it helps with."""
        token = new_token()
        message = words.disposition(
            inquiry, given, token=token, asked=asked.of(inquiry), returned=self._returned(inquiry),
            lead=self._lead(), now=self.now,
            tz=zone(self.place.office),
        )  # fmt: skip
        matter = Matter(inquiry=inquiry, disposition=given)
        return say(self.phone, message, now=self.now, purpose=Purpose.DISPOSITION, matter=matter, token=token)

    def _lay_before(self, inquiry: Inquiry, answer: Answer) -> OfficerMessage:
        """A section's answer, for who sends it. Its file comes first."""
        token, matter = new_token(), Matter(inquiry=inquiry, answer=answer)
        if answer.file is not None:
            if answer.file.line_id != self.phone.line_id:
                return say(self.phone, words.file_at_desk(inquiry.code), now=self.now, matter=matter)
            say(self.phone, File(answer.file), now=self.now, matter=matter)
        doubts = checks.check(answer.text, own=own_numbers(self.place))
        *before, last = words.review(
            inquiry, answer, token=token, question=asked.words_of(inquiry), lead=self._lead(), doubts=doubts
        )
        for one in before:
            say(self.phone, one, now=self.now, matter=matter)
        return say(self.phone, last, now=self.now, purpose=Purpose.REVIEW, matter=matter, token=token)

    def _said_there(self) -> str:
        """What a colleague wrote, for a notice that says no more than that somebody did."""
        verb, written = self.notice.verb, self.notice.key.rpartition(":")[2]
        if self.inquiry is None or not written.isdecimal():
            return ""
        rows = {"office": self.inquiry.office_id, "inquiry": self.inquiry}
        said = ""
        if verb in ("help.given", "note.mentioned"):
            said = Note.objects.filter(**rows, pk=written).values_list("text", flat=True).first() or ""
        elif verb == "help.refused":
            said = Disposition.objects.filter(**rows, pk=written).values_list("reason", flat=True).first() or ""
        elif verb == "inquiry.refused":
            refused = Disposition.objects.filter(**rows, state=DispositionState.REFUSED, coordinating=True)
            said = refused.order_by("-ended_at").values_list("reason", flat=True).first() or ""
        return f"“{words.cut(mask_numbers(said), PART)}”" if said else ""

    @property
    def worth_a_template(self) -> bool:
        """Whether it asks for a deed, is urgent or presses. Of the clock's and of further messages one opens all."""
        asks = bool(self.disposition or self.answer or self.wish or self.notice.urgent)
        if self.notice.verb in (*REMINDERS, *PRESSING, ADDED):
            return (asks or self.notice.verb in PRESSING) and not self._knocked()
        return asks

    def _knocked(self) -> bool:
        """Whether a template was sent lately, and the officer has not written since."""
        rows = NoticeDelivery.objects.filter(office=self.notice.office_id, officer=self.phone.officer_id)
        rows = rows.filter(state=DeliveryState.ANNOUNCED, outbound__isnull=False)
        return rows.filter(changed_at__gt=self.now - ONE_OPENS_ALL).exists()

    def announced(self) -> OfficerMessage | None:
        """Outside the window a template says that something waits. None when there is none that WhatsApp lets through:
        what waits follows when the officer writes for whatever reason."""
        template = templates.usable(self.phone.line, OFFICER_WAITING) if self.phone.line else None
        if template is None:
            return None
        token = new_token()
        values = [self.inquiry.code if self.inquiry else self.place.office.name, self._short()]
        message = FromTemplate(template, values=values, button_values=[words.payload(token, words.VIEW)])
        matter = Matter(inquiry=self.inquiry, disposition=self.disposition, answer=self.answer)
        return say(self.phone, message, now=self.now, purpose=Purpose.ANNOUNCEMENT, matter=matter, token=token)

    def _short(self) -> str:
        if self.notice.verb in PRESSING:
            return str(PRESSING[self.notice.verb])
        if self.notice.verb == ADDED:
            return _("warga menambah pesan")
        if self.disposition is not None:
            what = _("disposisi untuk seksi Anda")
            if not self.disposition.coordinating:
                what = _("seksi Anda diminta membantu")
            if self.disposition.due_at is None:
                return what
            when = words.moment(self.disposition.due_at, self.now, zone(self.place.office))
            return _("{what}, tenggat {moment}").format(what=what, moment=when)
        if self.wish is not None:
            return _("seksi minta waktu")
        return _("jawaban seksi siap diperiksa") if self.answer else _("ada yang mendesak")

    def _returned(self, inquiry: Inquiry) -> str:
        if self.notice.verb != "answer.returned":
            return ""
        rows = Answer.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=AnswerState.RETURNED)
        return rows.order_by("-id").values_list("reason", flat=True).first() or ""
