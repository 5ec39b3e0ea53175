"""Makes the replies of one set and writes them down: messages, lines of threads, moves, and what was understood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from pelita.assistant import deciding
from pelita.assistant.bulletin import Bulletin
from pelita.assistant.deciding import Heard
from pelita.assistant.models import Reply, ReplyKind
from pelita.assistant.speaking import Spoken, Voice
from pelita.assistant.texts import Texts
from pelita.base import bulk
from pelita.catalog import queries as catalog
from pelita.desk.actions.gathering import Gathering
from pelita.desk.models import Entry
from pelita.desk.queries.clockwork import clockworks
from pelita.desk.workflow import Actor, Move
from pelita.offices.models import Office
from pelita.whatsapp.actions.enqueue_set import Letter, enqueue_set
from pelita.whatsapp.models import Outbound

_TALKED = f"""
UPDATE desk_conversation AS t SET last_entry_at = greatest(t.last_entry_at, u.at)
FROM {bulk.given(office="bigint", talk="bigint", at="timestamptz")}
WHERE t.office_id = u.office AND t.id = u.talk
"""  # noqa: S608 (constants)


# After these the last list is still the one that was read last.
GOES_ON = frozenset({ReplyKind.ANSWER, ReplyKind.HOURS, ReplyKind.TRACK, ReplyKind.NO_CODE, ReplyKind.NEWS})


class Answering:
    """The conversations of one set that may be answered; the caller holds them and their inquiries locked."""

    def __init__(
        self, heard: Sequence[Heard], texts: Mapping[int, Texts], bulletin: Bulletin, *, now: datetime
    ) -> None:
        self.heard, self.texts, self.bulletin, self.now = heard, texts, bulletin, now

    def answer(self) -> None:
        """One reply to each at most. Queries: three to ten an office, six for all."""
        by_office: dict[int, list[Heard]] = defaultdict(list)
        for one in self.heard:
            by_office[one.inquiry.office_id].append(one)
        offices = Office.objects.filter(pk__in=by_office) if by_office else ()
        said = [found for office in offices for found in self._said(office, by_office[office.pk])]
        if said:
            self._write(said)

    def _said(self, office: Office, heard: Sequence[Heard]) -> list[tuple[Heard, Spoken]]:
        reader = catalog.reader(office)
        decided = [
            (one, intent)
            for one in heard
            if (intent := deciding.decide(one, reader.read(one.text), reader.knowledge.services, self.now)) is not None
        ]
        if not decided:
            return []
        clockwork = clockworks([office.pk], self.now)[office.pk]
        voice = Voice(office, self.texts[office.pk], reader.knowledge, clockwork, self.bulletin, self.now)
        voice.learn(decided)
        return [(one, spoken) for one, intent in decided if (spoken := voice.say(one, intent)) is not None]

    def _write(self, said: Sequence[tuple[Heard, Spoken]]) -> None:
        rows = enqueue_set([self._letter(heard, spoken) for heard, spoken in said], now=self.now)
        entries, replies = [], []
        gathering = Gathering(self.now)
        gathering.held(heard.inquiry for heard, _ in said)
        for (heard, spoken), row in zip(said, rows, strict=True):
            entries.append(self._entry(heard, row))
            replies.append(self._reply(heard, spoken, row))
            if spoken.intent.settles:
                gathering.move(heard.inquiry, Move.REPLY, Actor.ASSISTANT, unread=0, due_at=None)
            gathering.note(heard.inquiry, "inquiry.replied", kind=str(spoken.intent.kind), outbound=row.pk)
        bulk.insert(entries)
        bulk.insert(replies)
        bulk.run(_TALKED, bulk.columns([(row.office_id, row.thread, self.now) for row in rows], 3))
        gathering.save()

    def _entry(self, heard: Heard, row: Outbound) -> Entry:
        return bulk.new(
            Entry, office_id=row.office_id, conversation_id=row.thread, inquiry_id=heard.inquiry.pk, at=self.now,
            outbound_id=row.pk, automatic=True,
        )  # fmt: skip

    def _letter(self, heard: Heard, spoken: Spoken) -> Letter:
        message = heard.message
        return Letter(
            office_id=message.office_id, line_id=message.line_id, thread=heard.inquiry.conversation_id,
            to_phone=message.wa_id, to_user_id=message.user_id, message=spoken.said.message, reply_to=message.wamid,
        )  # fmt: skip

    def _reply(self, heard: Heard, spoken: Spoken, row: Outbound) -> Reply:
        # A number after "kami teruskan" is no row any more.
        past = heard.past
        goes_on = past.at is not None and self.now - past.at <= deciding.CARRIED and spoken.intent.kind in GOES_ON
        offered = spoken.said.offered or (past.offered if goes_on else ())
        return bulk.new(
            Reply, office_id=row.office_id, conversation_id=row.thread, inquiry_id=heard.inquiry.pk,
            inbound_id=heard.message.pk, outbound_id=row.pk, kind=spoken.intent.kind, greeted=spoken.greeted,
            services=[list(pair) for pair in spoken.intent.scores], versions=list(spoken.versions),
            offered=list(offered), at=self.now,
        )  # fmt: skip
