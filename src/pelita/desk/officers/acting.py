"""What an officer's tap or quotation does: the same actions as on the screens, with the officer's own duties.

Nothing here decides who may do what. The actions do, and what they refuse comes back as their sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.desk import checks, deadlines
from pelita.desk.actions import drafting, helping, more_time, review, section
from pelita.desk.actions.drafting import Seat
from pelita.desk.actions.moving import taken
from pelita.desk.actions.telling import mark_read, tell
from pelita.desk.errors import DeskError, DraftClashError
from pelita.desk.models import (
    Answer,
    AnswerState,
    Channel,
    DispositionState,
    Holder,
    Inquiry,
    OfficerMessage,
    OfficerPhone,
    Purpose,
)
from pelita.desk.officers import filing, phones, words
from pelita.desk.officers.saying import Matter, new_token, open_now, own_numbers, say
from pelita.desk.queries.access import by_code
from pelita.desk.queries.clockwork import clockwork
from pelita.journal import actions as journal
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place, zone
from pelita.whatsapp.errors import WireError
from pelita.whatsapp.messages import Text
from pelita.whatsapp.models import Inbound, Media

VIA = "whatsapp"
WRITING = timedelta(minutes=15)  # since the last keystroke that the desk kept
# Messages of the office whose quotation is an answer, or a helping section's part.
ASKS = (Purpose.DISPOSITION, Purpose.ANSWER_PROMPT)
# And all whose quotation does something.
QUOTED = (*ASKS, Purpose.REFUSE_PROMPT, Purpose.RETURN_PROMPT)


def helps(said: OfficerMessage) -> bool:
    """Whether the message is about a hand-over by which the section only helps another one."""
    return said.disposition is not None and not said.disposition.coordinating


class Acting:
    """One officer at one moment, with the phone's row locked. ``message`` is what the officer just sent."""

    def __init__(self, phone: OfficerPhone, message: Inbound, *, now: datetime) -> None:
        self.phone, self.message, self.now = phone, message, now
        self.place: Place = phones.sight(phone, now=now)

    def reply(self, text: str, *, inquiry: Inquiry | None = None) -> None:
        """A word to the officer; none that comes so late (a file may) that WhatsApp would refuse it."""
        if not open_now(self.phone, self.now):
            return
        say(self.phone, text, now=self.now, matter=Matter(inquiry=inquiry), reply_to=self.message.wamid)

    def not_yours(self) -> None:
        """A button with a token that is none of this officer's."""
        self._refused(None, _("Tombol ini bukan untuk Anda, atau sudah tidak berlaku."), "token")

    # -- taps ---------------------------------------------------------------------------------------------------------

    def tap(self, said: OfficerMessage, deed: str, about: int) -> None:
        """A button of one of the office's own messages to this officer."""
        deeds: dict[str, Callable[[OfficerMessage], None]] = {
            words.ANSWER: lambda one: self._prompt(
                one, Purpose.ANSWER_PROMPT, words.prompt_part if helps(one) else words.prompt_answer, accepts=True
            ),
            words.REFUSE: lambda one: self._prompt(one, Purpose.REFUSE_PROMPT, words.prompt_refuse),
            words.RETURN: lambda one: self._prompt(one, Purpose.RETURN_PROMPT, words.prompt_return),
            words.SEND: self._send,
            words.TIME: lambda one: self._ask_time(one, about) if about else self._offer_time(one),
            words.GRANT: lambda one: self._decide_time(one, granted=True),
            words.DENY: lambda one: self._decide_time(one, granted=False),
            words.YES: lambda one: self._meant(one, about),
            words.PICK: lambda one: self._meant(one, about),
            words.NO: self._not_meant,
            words.VIEW: lambda _one: None,  # it opened the window, and what waits follows
        }
        run = deeds.get(deed)
        if run is None:
            self.reply(words.help_text())
        else:
            run(said)

    def _prompt(
        self, said: OfficerMessage, purpose: Purpose, make: Callable[[str], Text], *, accepts: bool = False
    ) -> None:
        """Ask for the words, if the matter still lies where it lay. ``accepts``: whoever wants that is at work."""

        def ask(inquiry: Inquiry) -> None:
            self.still_there(said, inquiry)
            self._stamp(inquiry, said, accepts=accepts)
            matter = Matter(inquiry=inquiry, disposition=said.disposition, answer=said.answer)
            say(
                self.phone, make(inquiry.code), now=self.now, purpose=purpose, matter=matter,
                reply_to=self.message.wamid,
            )  # fmt: skip

        self.do(said, ask)

    def _send(self, said: OfficerMessage) -> None:
        def send(inquiry: Inquiry) -> None:
            self.still_there(said, inquiry)
            answer = review.send(inquiry=inquiry, by=self.place, now=self.now, seen=said.version)
            announced = answer.state == AnswerState.WAITING
            done = (
                _("Warga diberi tahu bahwa jawaban {code} sudah ada.")
                if announced
                else _("Jawaban {code} dikirim ke warga.")
            )
            self._done(inquiry, "answer.sent", done)

        self.do(said, send)

    def _offer_time(self, said: OfficerMessage) -> None:
        def offer(inquiry: Inquiry) -> None:
            self.still_there(said, inquiry)
            self._stamp(inquiry, said, accepts=True)
            token, matter = new_token(), Matter(inquiry=inquiry, disposition=said.disposition)
            choices = deadlines.more_time(clockwork(inquiry.office_id, self.now).calendar, self.now, inquiry.due_at)
            menu = words.prompt_time(inquiry.code, choices, token=token, now=self.now, tz=zone(inquiry.office))
            say(self.phone, menu, now=self.now, purpose=Purpose.TIME_PROMPT, matter=matter, token=token)

        self.do(said, offer)

    def _ask_time(self, said: OfficerMessage, until: int) -> None:
        def ask(inquiry: Inquiry) -> None:
            self.still_there(said, inquiry)
            moment = datetime.fromtimestamp(until, UTC)
            more_time.ask_time(inquiry=inquiry, until=moment, by=self.place, now=self.now)
            self._done(inquiry, "time.asked", _("Permintaan waktu untuk {code} sudah disampaikan ke admin."))

        self.do(said, ask)

    def _decide_time(self, said: OfficerMessage, *, granted: bool) -> None:
        def decide(inquiry: Inquiry) -> None:
            self.still_there(said, inquiry)
            more_time.decide_time(
                inquiry=inquiry, granted=granted, by=self.place, now=self.now, request=said.wish_id or 0
            )
            done = _("Tenggat {code} diundur.") if granted else _("Tenggat {code} tetap.")
            self._done(inquiry, "time.granted" if granted else "time.refused", done)

        self.do(said, decide)

    def _meant(self, question: OfficerMessage, about: int) -> None:
        """The officer says for which matter the held text was. It counts once."""
        target = (
            OfficerMessage.objects.filter(office=self.phone.office_id, officer=self.phone.officer_id, pk=about)
            .select_related("inquiry", "disposition", "answer")
            .first()
        )
        if question.held is None or target is None or not self._use(question):
            self.reply(_("Pilihan ini sudah dipakai. Kutip pesannya untuk menjawab."))
            return
        # From here on the held message is of this matter, and as secret as it is.
        OfficerMessage.objects.filter(office=self.phone.office_id, inbound=question.held).update(
            inquiry=target.inquiry, about=target
        )
        self.quote(target, question.held)

    def _not_meant(self, question: OfficerMessage) -> None:
        if self._use(question):
            self.reply(words.help_text())

    def _use(self, question: OfficerMessage) -> bool:
        rows = OfficerMessage.objects.filter(office=self.phone.office_id, pk=question.pk, used_at__isnull=True)
        return bool(rows.update(used_at=self.now))

    # -- quotations ---------------------------------------------------------------------------------------------------

    def quote(self, said: OfficerMessage, message: Inbound) -> None:
        """A text or a file that answers one of the office's own messages to this officer."""
        if said.purpose not in QUOTED:
            self.reply(_("Ketuk salah satu tombol pada pesan itu.") if said.token else words.help_text())
        elif said.purpose == Purpose.DISPOSITION and message.type == "text" and words.nods(message.shown):
            self.notice(said)
        elif not filing.carries(message):
            self.do(said, lambda inquiry: self._say(inquiry, said, message))
        elif said.purpose not in ASKS or helps(said):
            self.reply(words.in_words())
        else:
            self.do(said, lambda inquiry: filing.wait(self, said, message, inquiry))

    def notice(self, said: OfficerMessage, *, silently: bool = False) -> None:
        """ "Siap Bu": the section has seen the matter and is at work. That is for the office, and no answer. Under what
        was handed in already it is politeness, and silence its answer."""
        if silently and said.inquiry is not None and by_code(self.place, said.inquiry.code) is None:
            return

        def accept(inquiry: Inquiry) -> None:
            if not self.is_open(said, inquiry):
                return
            self._stamp(inquiry, said, accepts=True)
            self._fact(inquiry, "officer.acted", step="disposition.accepted")
            if not silently:
                self.reply(words.noted(inquiry.code, helps=helps(said)), inquiry=inquiry)

        self.do(said, accept)

    def _stamp(self, inquiry: Inquiry, said: OfficerMessage, *, accepts: bool) -> None:
        """Who does something with a hand-over on the phone has opened it (as on the screen)."""
        if said.disposition is None:
            return
        helping.mark_read(inquiry=inquiry, by=self.place, now=self.now)
        if accepts:
            helping.accept(inquiry=inquiry, by=self.place, now=self.now)

    def _say(self, inquiry: Inquiry, said: OfficerMessage, message: Inbound) -> None:
        if said.purpose in ASKS and not helps(said) and filing.add_words(self, said, message, inquiry):
            return
        self.still_there(said, inquiry)
        self._stamp(inquiry, said, accepts=False)
        text = message.shown
        if said.purpose == Purpose.RETURN_PROMPT:
            self._send_back(inquiry, text, said.version)
        elif said.purpose == Purpose.REFUSE_PROMPT:
            self._refuse(inquiry, text, said)
        elif helps(said):
            self._contribute(inquiry, text, said)
        else:
            self.submit(inquiry, text, said)

    def submit(self, inquiry: Inquiry, text: str, said: OfficerMessage, file: Media | None = None) -> None:
        """Hand the answer to the admin; inside ``do``. What it should not say by accident is pointed out to both."""
        answer = section.submit(
            inquiry=inquiry, text=text, by=self.place, now=self.now, seat=self._seat(inquiry, said), file=file
        )
        done = _("Jawaban {code} sudah diserahkan ke admin. Terima kasih.")
        if file is not None:
            done = _("Jawaban {code} sudah diserahkan ke admin, bersama berkas Anda. Terima kasih.")
        elif answer.file is not None:
            done = _("Jawaban {code} sudah diserahkan ke admin, bersama berkas yang sudah terlampir. Terima kasih.")
        doubts = words.told_doubts(checks.check(answer.text, own=own_numbers(self.place)))
        self._done(inquiry, "answer.submitted", done, *doubts)

    def _contribute(self, inquiry: Inquiry, text: str, said: OfficerMessage) -> None:
        section_of = said.disposition.section_id if said.disposition else None
        helping.contribute(inquiry=inquiry, text=text, by=self.place, now=self.now, section=section_of)
        self._done(inquiry, "help.given", _("Bahan untuk {code} sudah diserahkan. Terima kasih."))

    def _seat(self, inquiry: Inquiry, said: OfficerMessage) -> Seat | None:
        """A colleague who is writing at the desk right now is not overwritten; what lies there longer is replaced."""
        draft = drafting.find(inquiry, said.disposition)
        busy = draft is not None and draft.author_id != self.phone.officer_id and self.now - draft.updated_at < WRITING
        return Seat(0, "") if busy else None

    def _refuse(self, inquiry: Inquiry, text: str, said: OfficerMessage) -> None:
        if said.disposition is not None and helps(said):
            section_of = said.disposition.section_id
            helping.decline(inquiry=inquiry, reason=text, by=self.place, now=self.now, section=section_of)
            self._done(inquiry, "help.refused", _("Admin tahu bahwa seksi Anda tidak ikut membantu {code}."))
            return
        section.refuse(inquiry=inquiry, reason=text, by=self.place, now=self.now)
        self._done(inquiry, "inquiry.refused", _("{code} dikembalikan ke admin dengan alasan Anda."))

    def _send_back(self, inquiry: Inquiry, text: str, version: int) -> None:
        review.send_back(inquiry=inquiry, reason=text, by=self.place, now=self.now, seen=version)
        self._done(inquiry, "answer.returned", _("Jawaban {code} dikembalikan ke seksi dengan alasan Anda."))

    def changed(self, original: OfficerMessage, *, deleted: bool) -> None:
        """The officer edits or deletes what was handed in already. It stays as it was; both hear that. An edit of what
        was no answer (any more) is none either, and the officer hears how to give one."""
        about = original.about
        if about is None or about.purpose not in ASKS or about.disposition_id is None or original.inquiry is None:
            return
        rows = Answer.objects.filter(
            office=self.phone.office_id, disposition=about.disposition_id, author=self.phone.officer_id
        )
        answer = rows.order_by("-id").first()
        inquiry = by_code(self.place, original.inquiry.code)
        if inquiry is None:
            return
        if answer is None or answer.state in (AnswerState.DRAFT, AnswerState.RETURNED):
            if not deleted:
                self._edited_in_vain(inquiry, about)
            return
        sent = answer.state != AnswerState.SUBMITTED
        if not sent:
            admins = [one for one in roster_of(inquiry.office, now=self.now).admins if one != self.phone.officer_id]
            tell(
                officers=admins, inquiry=inquiry, verb="answer.doubted", key=f"answer.doubted:{answer.pk}",
                now=self.now,
            )  # fmt: skip
        self._fact(inquiry, "officer.changed", deleted=deleted)
        self.reply(words.changed_after(inquiry.code, deleted=deleted, sent=sent), inquiry=inquiry)

    def _edited_in_vain(self, inquiry: Inquiry, about: OfficerMessage) -> None:
        """ "Siap Bu" became the answer by an edit, or a returned answer was mended by one. Words that wait for their
        file are read when it comes, as they stand then."""
        if words.nods(self.message.text):
            return
        if self.is_open(about, inquiry) and not filing.is_awaited(self.phone, about):
            self.note_refused(inquiry, "edited")
            self.reply(words.not_by_edit(inquiry.code, helps=helps(about)), inquiry=inquiry)

    # -- common -------------------------------------------------------------------------------------------------------

    def do(self, said: OfficerMessage, act: Callable[[Inquiry], None]) -> None:
        """Run one step about the message's inquiry, as far as this officer may see it. What is refused is undone, told
        in one sentence, and noted."""
        inquiry = by_code(self.place, said.inquiry.code) if said.inquiry else None
        if inquiry is None:
            self._refused(
                said.inquiry, _("Perkara ini tidak lagi di seksi Anda, jadi pesan Anda tidak diteruskan."), "gone"
            )
            return
        try:
            with transaction.atomic():
                act(inquiry)
                # Whoever acts on what was brought knows of it: the list need not count it any more.
                mark_read(by=self.place, inquiry=inquiry, now=self.now, brought=Channel.WHATSAPP)
        except DraftClashError as error:
            who = error.theirs.author.full_name
            sentence = _("{who} sedang menulis jawaban untuk {code} di meja. Bicarakan dulu, lalu kirim lagi.")
            self._refused(inquiry, sentence.format(who=who, code=inquiry.code), type(error).__name__)
        except (DeskError, WireError) as error:
            self._refused(inquiry, str(error), type(error).__name__)

    def still_there(self, said: OfficerMessage, inquiry: Inquiry) -> None:
        """The hand-over, or the answer, of which the message spoke must be the one that is open now."""
        if not self.is_open(said, inquiry):
            raise taken(inquiry)

    def is_open(self, said: OfficerMessage, inquiry: Inquiry) -> bool:
        """Whether it is."""
        if said.answer_id is not None:
            rows = Answer.objects.filter(office=inquiry.office_id, pk=said.answer_id, state=AnswerState.SUBMITTED)
            return rows.exists()
        if said.disposition is None:
            return True
        said.disposition.refresh_from_db(fields=["state"])
        # It stays open while the admin reads the answer.
        left = said.disposition.coordinating and inquiry.holder != Holder.SECTION
        return not left and said.disposition.state == DispositionState.OPEN

    def _done(self, inquiry: Inquiry, verb: str, sentence: str, *more: str) -> None:
        self._fact(inquiry, "officer.acted", step=verb)
        self.reply("\n".join([sentence.format(code=inquiry.code), *more]), inquiry=inquiry)

    def _refused(self, inquiry: Inquiry | None, sentence: str, why: str) -> None:
        self.note_refused(inquiry, why)
        self.reply(sentence)

    def note_refused(self, inquiry: Inquiry | None, why: str) -> None:
        """Write down that what the officer sent led to nothing."""
        self._fact(inquiry, "officer.refused", why=why)

    def _fact(self, inquiry: Inquiry | None, verb: str, **data: Any) -> None:
        journal.record(
            office=self.phone.office_id, verb=verb, subject=("officer", self.phone.officer_id), by=self.phone.officer,
            now=self.now, via=VIA, inbound=self.message.pk, code=inquiry.code if inquiry else "", **data,
        )  # fmt: skip
