"""An office's voice: puts a decision into the office's own words, with what its tables say at this moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pelita.assistant import composing, deciding, queries, words
from pelita.assistant.bulletin import Alert, Bulletin, News
from pelita.assistant.composing import Offer, Said, deed, joined
from pelita.assistant.deciding import Heard, Intent
from pelita.assistant.models import ReplyKind
from pelita.assistant.texts import Key, Texts
from pelita.catalog import queries as catalog
from pelita.catalog import rules as catalog_rules
from pelita.catalog.models import ServiceVersion
from pelita.catalog.understanding import Knowledge
from pelita.desk import rules, workflow
from pelita.desk.deadlines import Clockwork
from pelita.desk.models import Inquiry
from pelita.offices import queries as offices
from pelita.offices.models import Office, OpenHours, Section
from pelita.offices.rules import zone
from pelita.whatsapp.limits import LIST_BODY

ROOM = LIST_BODY - 600  # for requirements; the rest is for the greeting and the question under them
# Said without anything in front: one sentence matters, or it is about a matter that goes on.
SHORT = frozenset({ReplyKind.EMERGENCY, ReplyKind.REPEAT, ReplyKind.TRACK})
ANSWERED = frozenset({workflow.DELIVERED, workflow.CLOSED, workflow.WAITING})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply ready to be sent. ``versions``: of the services whose requirements it holds; ``greeted``: as new."""

    intent: Intent
    said: Said
    versions: tuple[int, ...] = ()
    greeted: bool = False


@dataclass(slots=True)
class Voice:
    """For one set of one office. Call :meth:`learn` once with all that is to be said."""

    office: Office
    texts: Texts
    knowledge: Knowledge
    clockwork: Clockwork
    bulletin: Bulletin
    now: datetime
    versions: dict[str, ServiceVersion] = field(default_factory=dict)
    chats: dict[str, str] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    hours: list[OpenHours] = field(default_factory=list)
    alerts: Sequence[Alert] = ()
    news: News | None = None
    own: dict[int, list[Inquiry]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, decided: Sequence[tuple[Heard, Intent]]) -> None:
        """Look up what these replies are made of. Eight queries at most, those that are needed."""
        kinds = {intent.kind for _, intent in decided}
        wanted = {code for _, intent in decided if intent.kind is ReplyKind.ANSWER for code in intent.services}
        if wanted:
            self.versions = queries.versions(self.office, wanted)
            said = catalog.contents(list(self.versions.values()))
            self.chats = {code: catalog_rules.chat_text(said[one.pk]) for code, one in self.versions.items()}
        if kinds & {ReplyKind.MENU, ReplyKind.LIST}:
            self.sections = offices.sections(self.office)
        if any(intent.hours for _, intent in decided):
            self.hours = offices.hours(self.office)
        if kinds - SHORT:
            self.alerts = self.bulletin.alerts(self.office, self.now)
        if ReplyKind.NEWS in kinds:
            self.news = self.bulletin.news(self.office, self.now)
        if ReplyKind.TRACK in kinds:
            askers = {one.inquiry.citizen_id for one, intent in decided if intent.kind is ReplyKind.TRACK}
            self.own = queries.own_inquiries(self.office.pk, askers)

    def say(self, heard: Heard, intent: Intent) -> Spoken | None:
        """The reply; what cannot be said leaves the matter to a person, and says so. None for silence."""
        found = self._spoken(heard, intent)
        if found is None and intent.kind not in {ReplyKind.PERSON, ReplyKind.REPEAT} and not deciding.in_hand(heard):
            other = deciding.for_person(heard)
            found = self._spoken(heard, replace(other, scores=intent.scores)) if other else None
        return found

    def _spoken(self, heard: Heard, intent: Intent) -> Spoken | None:  # noqa: PLR0911  # one line a kind
        match intent.kind:
            case ReplyKind.ANSWER:
                return self._answer(heard, intent)
            case ReplyKind.CHOICES:
                return self._choices(heard, intent)
            case ReplyKind.MENU:
                return self._menu(heard, intent)
            case ReplyKind.LIST:
                return self._list(heard, intent)
            case ReplyKind.HOURS:
                return self._hours(heard, intent)
            case ReplyKind.TRACK:
                return self._track(heard, intent)
            case ReplyKind.NEWS:
                return self._news(heard, intent)
            case ReplyKind.REPEAT:
                return self._short(heard, intent, Key.REPEAT)
            case ReplyKind.EMERGENCY:
                return self._short(heard, intent, Key.EMERGENCY)
            case _:
                return self._person(heard, intent)

    def _new(self, heard: Heard) -> bool:
        return not heard.past.known

    def _opening(self, heard: Heard) -> str:
        """In front of a reply: emergencies of which this citizen has not been told here, and the first greeting."""
        return joined(self._warning(heard), self._welcome(heard))

    def _warning(self, heard: Heard, *, always: bool = False) -> str:
        past = heard.past.at
        return joined(*(one.text for one in self.alerts if always or past is None or past < one.since))

    def _welcome(self, heard: Heard) -> str:
        """In front of the first reply that a citizen ever gets."""
        if not self._new(heard) or not self.texts.active(Key.GREETING):
            return ""
        return self.texts.say(Key.WELCOME, salam=words.daytime(self.now, zone(self.office)), kantor=self.office.name)

    def _with_welcome(self, heard: Heard, intent: Intent, said: Said, versions: tuple[int, ...] = ()) -> Spoken:
        return Spoken(intent, said, versions, greeted=self._new(heard) and self.texts.active(Key.GREETING))

    def _answer(self, heard: Heard, intent: Intent) -> Spoken | None:
        codes = [code for code in intent.services if code in self.versions]
        if not codes or not self.texts.active(Key.ASK):
            return None
        # Whoever words the question anew under this very answer was not helped by it.
        same = tuple(self.versions[code].pk for code in codes) == heard.past.versions
        if same and heard.message.type == "text" and not rules.is_choice(heard.text):
            return None
        whole = joined(*(self.chats[code] for code in codes))
        if len(whole) > ROOM and len(codes) > 1:
            return self._choices(heard, replace(intent, kind=ReplyKind.CHOICES, services=tuple(codes)))
        body = joined(self._opening(heard), whole, self._whereabouts(intent))
        said = composing.asking(body, self.texts.say(Key.ASK))
        return self._with_welcome(heard, intent, said, tuple(self.versions[code].pk for code in codes))

    def _choices(self, heard: Heard, intent: Intent) -> Spoken | None:
        names = {one.code: one.short_name for one in self.knowledge.services}
        offers = [Offer(deed(composing.SERVICE, code), names[code]) for code in intent.services if code in names]
        if not offers or not self.texts.active(Key.CHOICES):
            return None
        body = joined(self._opening(heard), self._whereabouts(intent), self.texts.say(Key.CHOICES))
        return self._with_welcome(heard, intent, composing.choosing(body, offers))

    def _menu(self, heard: Heard, intent: Intent) -> Spoken | None:
        if not self.texts.active(Key.MENU):
            welcome = joined(self._warning(heard, always=True), self._welcome(heard))
            greets = replace(intent, kind=ReplyKind.GREETING)
            return self._with_welcome(heard, greets, composing.plain(welcome)) if welcome else None
        greeting = ""
        if self._new(heard) and self.texts.active(Key.GREETING):
            salute = words.daytime(self.now, zone(self.office))
            greeting = self.texts.say(Key.GREETING, salam=salute, kantor=self.office.name)
        names: dict[int, list[str]] = defaultdict(list)
        for one in self.knowledge.services:
            names[one.section].append(one.short_name)
        rows = [(one.code, one.short_name, names[one.pk]) for one in self.sections if one.pk in names]
        body = joined(self._warning(heard, always=True), greeting, self.texts.say(Key.MENU, kantor=self.office.name))
        return self._with_welcome(heard, intent, composing.sections_menu(body, rows))

    def _list(self, heard: Heard, intent: Intent) -> Spoken | None:
        section = next((one for one in self.sections if one.code == intent.about), None)
        services = [(s.code, s.short_name) for s in self.knowledge.services if section and s.section == section.pk]
        if section is None or not services[intent.page * composing.SERVICES_A_PAGE :]:
            return self._menu(heard, replace(intent, kind=ReplyKind.MENU))
        body = joined(self._opening(heard), self.texts.say(Key.LIST, seksi=section.name))
        said = composing.services_page(body, section.code, services, intent.page)
        return self._with_welcome(heard, intent, said)

    def _hours(self, heard: Heard, intent: Intent) -> Spoken | None:
        body = self._whereabouts(intent)
        return self._with_welcome(heard, intent, composing.plain(joined(self._opening(heard), body))) if body else None

    def _news(self, heard: Heard, intent: Intent) -> Spoken | None:
        if self.news is None or not self.texts.active(Key.NEWS):
            return None
        told = self.texts.say(
            Key.NEWS, kantor=self.office.name, daftar="\n".join(self.news.lines), alamat=self.news.address
        )
        body = joined(self._opening(heard), told)
        asks = self.texts.active(Key.ASK)
        said = composing.asking(body, self.texts.say(Key.ASK)) if asks else composing.plain(body)
        return self._with_welcome(heard, intent, said)

    def _whereabouts(self, intent: Intent) -> str:
        """Hours and place, as far as they were asked for and the office says them."""
        said = []
        if intent.hours and self.texts.active(Key.HOURS) and self.hours:
            today = words.today(self.hours, self.clockwork.calendar, self.now)
            said.append(
                self.texts.say(Key.HOURS, kantor=self.office.name, jam=words.week(self.hours), hari_ini=today or " ")
            )
        if intent.place and self.texts.active(Key.PLACE) and self.office.address:
            said.append(self.texts.say(Key.PLACE, kantor=self.office.name, alamat=self.office.address))
        return joined(*said)

    def _track(self, heard: Heard, intent: Intent) -> Spoken | None:
        found = self._asked_about(heard, intent.about)
        if found is None and not intent.about:
            return None
        spot = workflow.spot_of(found.state, found.holder) if found else workflow.SPAM
        if found is None or spot == workflow.SPAM:
            if not self.texts.active(Key.NO_CODE):
                return None
            body = self.texts.say(Key.NO_CODE, contoh=f"{self.office.code_prefix}-4F7Q")
            return Spoken(replace(intent, kind=ReplyKind.NO_CODE, settles=False), composing.plain(body))
        if not self.texts.active(Key.TRACK):
            return None
        # Who asks about what was answered already has still something to ask: a person sees that.
        settles = intent.settles and spot not in ANSWERED
        return Spoken(replace(intent, settles=settles), composing.plain(self._standing(found)))

    def _asked_about(self, heard: Heard, code: str) -> Inquiry | None:
        """The citizen's own matter: by its code, else the newest that goes on. "Sudah jadi belum?" after all was
        answered is about a paper, of which nothing is known here."""
        own = self.own[heard.inquiry.citizen_id]
        if code:
            named = next((one for one in own if one.code == code), None)
            return named.merged_into if named and named.merged_into else named
        begun = heard.fresh and not deciding.in_hand(heard)  # by this very question
        others = [one for one in own if not (begun and one.pk == heard.inquiry.pk) and one.state != "merged"]
        return next((one for one in others if one.state in workflow.OPEN_STATES), None)

    def _standing(self, inquiry: Inquiry) -> str:
        if workflow.spot_of(inquiry.state, inquiry.holder) in ANSWERED:
            return self.texts.say(Key.TRACK_DONE, kode=inquiry.code)
        state = words.state(inquiry, inquiry.section.name if inquiry.section else "")
        due = inquiry.answer_due_at or inquiry.due_at
        if due is None or due <= self.now:
            return self.texts.say(Key.TRACK_LATE, kode=inquiry.code, keadaan=state)
        return self.texts.say(Key.TRACK, kode=inquiry.code, keadaan=state, janji=self._promise(due))

    def _promise(self, due: datetime) -> str:
        return words.promise(due, self.now, zone(self.office))

    def _short(self, heard: Heard, intent: Intent, key: Key) -> Spoken | None:
        """Without a greeting: here the one sentence matters."""
        if not self.texts.active(key):
            return None
        body = self.texts.say(key, kode=heard.inquiry.code, kantor=self.office.name)
        return Spoken(intent, composing.plain(body))

    def _person(self, heard: Heard, intent: Intent) -> Spoken | None:
        due = heard.inquiry.answer_due_at or heard.inquiry.due_at
        if not self.texts.active(Key.PERSON) or due is None:
            return None
        key = Key.CLOSED if words.closed(self.clockwork.calendar, self.now) else Key.PERSON
        first = [
            self.texts.say(one)
            for one, holds in ((Key.PHOTO, intent.photo), (Key.FILE, intent.unreadable))
            if holds and self.texts.active(one)
        ]
        told = self.texts.say(key, kode=heard.inquiry.code, janji=self._promise(due), kantor=self.office.name)
        if due <= self.now:  # no moment that is over is promised
            told = self.texts.say(Key.REPEAT, kode=heard.inquiry.code) if self.texts.active(Key.REPEAT) else ""
            if not told:
                return None
        return self._with_welcome(heard, intent, composing.plain(joined(self._opening(heard), *first, told)))
