"""Finding inquiries by words, names, numbers, codes and what they are about, the newest first.

Two ways to the rows, both with an end. Rare words: all matches out of the index of words, sorted here. Frequent words,
of which there are too many to sort: the rows from the newest on, until a page is full or 10,000 were looked at, 5,000
for a part of the office (``STEPS``, ``PART``); the page then says how far it came, and leads on. Whatever matches is
shown only if ``access.visible`` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Literal

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from pelita.base import bulk, language
from pelita.desk import search_words
from pelita.desk.models import Conversation, Entry, Identity, Inquiry, SearchRow
from pelita.desk.queries.access import visible
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.queue import make_cursor, parse_cursor
from pelita.desk.search_words import Term
from pelita.offices.models import Village
from pelita.offices.rules import Place

PAGE = 20
MOST_SORTED = 2000  # matches of the index of words that are sorted
SLICES = (60, 600, 2000)  # of those, looked at for what the officer may see
STEPS = (200, 2800, 7000)  # rows walked at once where matches are many
PART = (2400, 2600)  # the same for whoever sees a part of the office only, or asks for a part
MOST_CORRECTED = 3  # words of one question
MOST_LINES = 600  # lines read for the excerpts of a page
# What a result shows of its citizen, and of its lines.
SHOWN_OF_CITIZENS = ("office_id", "citizen__name", "citizen__book_name", "citizen__village__name")
SAID = ("inbound__text", "inbound__revoked_at", "outbound__text", "outbound__revoked_at", "note__text")

# One row with their number alone when there are too many.
_MATCHES = """
WITH found AS MATERIALIZED (
    SELECT id, inquiry_id, conversation_id, at FROM desk_searchrow
    WHERE tokens @@ %b::tsquery AND at >= %b AND (at, id) < (%b, %b) LIMIT %b + 1
)
SELECT n, id, inquiry_id, conversation_id, at
FROM (SELECT count(*) AS n FROM found) AS counted LEFT JOIN found ON n <= %b
"""
_WALK = """
SELECT id, inquiry_id, conversation_id, at, hit, n FROM (
    SELECT *, row_number() OVER () AS n FROM (
        SELECT id, inquiry_id, conversation_id, at, tokens @@ %b::tsquery AS hit FROM desk_searchrow
        WHERE office_id = %b AND at >= %b AND (at, id) < (%b, %b) ORDER BY at DESC, id DESC LIMIT %b
    ) AS walked
) AS numbered WHERE hit OR n = %b
"""
_FLOOR = """
SELECT at FROM desk_searchrow WHERE office_id = %b AND at >= %b AND at <= %b ORDER BY at DESC, id DESC OFFSET %b LIMIT 1
"""
_KNOWN = "SELECT word, count FROM desk_searchword WHERE office_id = %b AND word = ANY(%b) AND count > 0"
_SIMILAR = """
SELECT word, max(count) FROM desk_searchword, unnest(%b::text[]) AS typed
WHERE office_id = %b AND count > 0 AND NOT word = ANY(%b) AND (word %% typed OR word LIKE %b)
AND (similarity(word, typed) >= 0.4 OR word LIKE %b)
GROUP BY word ORDER BY max(similarity(word, typed)) DESC, max(count) DESC LIMIT 3
"""

Spot = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the index: an inquiry, or the messages of a conversation that belong to none."""

    row: int
    inquiry: int | None
    conversation: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found. ``entry``: the line that says most of it; None when a name, number or code was found.

    ``inquiry`` is None for messages without an inquiry in a conversation that has none which the officer may see.
    ``rest``: the messages belong to no inquiry; ``inquiry`` then is the newest of the conversation.
    """

    conversation: Conversation
    inquiry: Inquiry | None
    at: datetime
    entry: Entry | None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page. ``cursor``: where the next one begins, empty at the end. ``reached``: the page is short because so many
    rows were looked at down to this moment; ``corrected``: words that were looked for in place of typed ones.
    """

    hits: list[Hit]
    terms: tuple[Term, ...] = ()
    cursor: str = ""
    reached: datetime | None = None
    corrected: tuple[str, ...] = ()


def search(place: Place, text: str, narrowing: Narrowing, *, now: datetime, after: str = "") -> Found:
    """One page of what an officer looks for. Nothing asked: nothing found."""
    terms = search_words.read(text, prefix=place.office.code_prefix)
    if not terms and narrowing.empty:
        return Found([])
    known = _known(place, terms)
    terms, instead = _corrected(place, terms, known)
    looking = _Looking(place, search_words.question(place.office.pk, terms), narrowing, now, parse_cursor(after))
    looking.many = not after and narrowing.any_day and _surely_many(terms, known)
    matches = looking.page() if terms else looking.narrowed()
    hits = _hits(place, matches[:PAGE], terms)
    more, last = len(matches) > PAGE, matches[:PAGE]
    stopped = None if more else looking.stopped
    return Found(
        hits=[hit for hit, _ in hits],
        terms=terms,
        cursor=make_cursor(last[-1].at, last[-1].row) if more else make_cursor(*stopped) if stopped else "",
        reached=stopped[0] if stopped else None,
        # Only what the page shows anyway: a word of another section's inquiry must not be told by correcting to it.
        corrected=tuple(word for word in instead if any(word in said for _, said in hits)),
    )


class _Looking:
    """One question on its way through the rows."""

    def __init__(self, place: Place, question: str, narrowing: Narrowing, now: datetime, start: Spot | None) -> None:
        self.place, self.question, self.narrowing, self.now = place, question, narrowing, now
        self.since, end = narrowing.days(place.office)
        self.end: Spot = min(start, (end, 0)) if start else (end, 0)
        self.steps = STEPS if place.sees_all and narrowing.only_days else PART
        self.many = False  # whether there are surely too many matches to sort them
        self.stopped: Spot | None = None  # the walk ended here without having seen everything

    def page(self) -> list[Match]:
        """Up to a page and one more."""
        found: list[Match] = []
        for matches in self._sorted() or self._walked():
            found += self._visible(matches)
            if len(found) > PAGE:
                break
        return found

    def narrowed(self) -> list[Match]:
        """The same without words: inquiries only, looked through by the database. Their own ids stand in the cursor."""
        rows = self.narrowing.apply(visible(self.place), self.place.office, now=self.now).order_by("-opened_at", "-id")
        end, pk = self.end
        rows = rows.filter(Q(opened_at__lt=end) | Q(opened_at=end, pk__lt=pk))
        if self.narrowing.unfinished:
            return _matches(rows.filter(opened_at__gte=self.since)[: PAGE + 1])
        found: list[Match] = []
        office = self.place.office
        for step in accumulate(self.steps):
            floors = bulk.run(_FLOOR, [office.pk, self.since, end, step - 1])
            floor = floors[0][0] if floors else self.since
            newest = SearchRow.objects.filter(office=office, at__gte=floor, at__lte=end).values("inquiry")
            found = _matches(rows.filter(pk__in=newest, opened_at__gte=floor)[: PAGE + 1])
            self.stopped = (floor, 0) if floors else None
            if len(found) > PAGE or not floors:
                break
        return found

    def _sorted(self) -> Iterator[list[Match]] | None:
        """All matches in slices, newest first; None when there are too many of them."""
        if self.many:
            return None
        rows = bulk.run(_MATCHES, [self.question, self.since, *self.end, MOST_SORTED, MOST_SORTED])
        count = rows[0][0]
        if count > MOST_SORTED:
            return None
        matches = (Match(*row[1:]) for row in rows[:count])
        ordered = sorted(matches, key=lambda one: (one.at, one.row), reverse=True)
        return (ordered[begin:end] for begin, end in pairwise((0, *SLICES)))

    def _walked(self) -> Iterator[list[Match]]:
        """Matches among the rows from the newest on, for as long as it may take."""
        end = self.end
        for step in self.steps:
            rows = bulk.run(_WALK, [self.question, self.place.office.pk, self.since, *end, step, step])
            whole = bool(rows) and rows[-1][5] == step  # else the rows came to their end
            self.stopped = (rows[-1][3], rows[-1][0]) if whole else None
            yield [Match(*row[:4]) for row in rows if row[4]]
            if self.stopped is None:
                return
            end = self.stopped

    def _visible(self, matches: Sequence[Match]) -> list[Match]:
        if not matches:
            return []
        wanted = f"{{{','.join(str(one.inquiry) for one in matches if one.inquiry is not None)}}}"
        rows = self.narrowing.apply(visible(self.place), self.place.office, now=self.now)
        seen = set(rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [wanted])).values_list("pk", flat=True))
        rests = self.place.sees_all and self.narrowing.only_days
        return [one for one in matches if (rests if one.inquiry is None else one.inquiry in seen)]


def _matches(rows: QuerySet[Inquiry]) -> list[Match]:
    return [Match(one, one, talk, at) for one, talk, at in rows.values_list("pk", "conversation", "opened_at")]


def _known(place: Place, terms: tuple[Term, ...]) -> dict[str, int]:
    """In how many rows of the office each token occurs, marks left out. One query, none without words."""
    words = sorted({word for term in terms for word in term.words if word[:1].islower()})
    return dict(bulk.run(_KNOWN, [place.office.pk, words])) if words else {}


def _surely_many(terms: tuple[Term, ...], known: dict[str, int]) -> bool:
    """Whether what is counted anyway says that all matches cannot be sorted: putting 60,000 together to see that
    they are too many costs more than walking. Of several words nothing is known but each for itself."""
    ways = terms[0].ways if len(terms) == 1 else ()
    return any(len(way) == 1 and known.get(way[0], 0) > MOST_SORTED for way in ways)


def _corrected(
    place: Place, terms: tuple[Term, ...], known: dict[str, int]
) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Words that occur nowhere at the office are looked for in the spelling of those that do; ``known`` then knows
    these too.

    Never by a name of a village alone: half of them look alike.
    """
    office = place.office.pk
    typed = [term for term in terms if len(term.said) > 3 and search_words.is_word(term.said) and not term.starts]
    unknown = [term for term in typed if not any(known.keys() >= set(way) for way in term.ways)][:MOST_CORRECTED]
    if not unknown:
        return terms, ()
    villages = sorted({
        word for name in Village.objects.filter(office=office).values_list("name", flat=True)
        for word in language.tokens(name)
    })  # fmt: skip
    instead: dict[Term, list[str]] = {}
    for term in unknown:
        begins = f"{term.said}%"
        asked = [language.spellings(term.said), office, villages, begins, begins]
        similar = dict(bulk.run(_SIMILAR, asked))
        known |= similar
        instead[term] = list(similar)
    found = tuple(term.or_else(instead[term]) if term in instead else term for term in terms)
    return found, tuple(dict.fromkeys(word for words in instead.values() for word in words))


def _hits(place: Place, matches: Sequence[Match], terms: tuple[Term, ...]) -> list[tuple[Hit, frozenset[str]]]:
    """The matches with what a screen needs, and all tokens that each would show."""
    if not matches:
        return []
    conversations = _conversations(place, matches)
    newest = _newest_inquiries(place, [one.conversation for one in matches if one.inquiry is None])
    inquiries = _inquiries(place, [one.inquiry for one in matches if one.inquiry is not None] + list(newest.values()))
    lines = _lines(place, matches)
    found = []
    for match in matches:
        rest = match.inquiry is None
        inquiry = inquiries.get(newest.get(match.conversation, 0) if match.inquiry is None else match.inquiry)
        conversation = conversations.get(match.conversation)
        if conversation is None:
            continue  # poured into another one a moment ago; its rows follow
        best: Entry | None = None
        most = 0
        said = set(language.tokens(f"{conversation.citizen.name} {conversation.citizen.book_name}"))
        for entry in lines.get((match.conversation, match.inquiry), ()):
            tokens = set(language.normalise(words_of(entry))).union(language.tokens(words_of(entry)))
            said |= tokens
            score = sum(not term.words.isdisjoint(tokens) for term in terms)
            if score > most:
                best, most = entry, score
        found.append((Hit(conversation, inquiry, match.at, best, rest), frozenset(said)))
    return found


def words_of(entry: Entry) -> str:
    """What a line of the thread says, as far as it may be shown."""
    message = entry.inbound or entry.outbound
    return message.shown if message else entry.note.text if entry.note else ""


def _conversations(place: Place, matches: Sequence[Match]) -> dict[int, Conversation]:
    rows = Conversation.objects.filter(office=place.office, pk__in={one.conversation for one in matches})
    rows = rows.select_related("citizen__village").only(*SHOWN_OF_CITIZENS)
    return {row.pk: row for row in rows.prefetch_related(_names())}


def _names() -> Prefetch[Literal["citizen__identities"]]:
    # Prefetching follows citizens that were read with their office.
    people = Identity.objects.across_offices("prefetch of scoped citizens").filter(retired_at=None)
    return Prefetch("citizen__identities", queryset=people.only("citizen_id", "kind", "value").order_by("last_seen"))


def _newest_inquiries(place: Place, conversations: Sequence[int]) -> dict[int, int]:
    """The newest inquiry of each conversation that the officer may see. No query without conversations."""
    if not conversations:
        return {}
    rows = visible(place).filter(conversation__in=conversations).order_by("conversation", "-id")
    return dict(rows.distinct("conversation").values_list("conversation", "pk"))


def _inquiries(place: Place, wanted: Sequence[int]) -> dict[int, Inquiry]:
    rows = visible(place).filter(pk__in=wanted).select_related("section")
    shown = ("office_id", "code", "kind", "state", "holder", "secret", "automatic", "summary", "section__short_name")
    return {row.pk: row for row in rows.only(*shown)}


def _lines(place: Place, matches: Sequence[Match]) -> dict[tuple[int, int | None], list[Entry]]:
    """The newest lines of what matched, by conversation and inquiry: an inquiry's own lines only."""
    own = [one.inquiry for one in matches if one.inquiry is not None]
    loose = [one.conversation for one in matches if one.inquiry is None]
    rows = Entry.objects.filter(office=place.office).filter(
        Q(inquiry__in=own) | Q(inquiry__isnull=True, conversation__in=loose) if loose else Q(inquiry__in=own)
    )
    found: dict[tuple[int, int | None], list[Entry]] = {}
    rows = rows.select_related("inbound", "outbound", "note").only("conversation_id", "inquiry_id", *SAID)
    for entry in rows.order_by("-at", "-id")[:MOST_LINES]:
        found.setdefault((entry.conversation_id, entry.inquiry_id), []).append(entry)
    return found
