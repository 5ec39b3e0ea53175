"""Keeps what can be found in step with what is stored. A chore of the worker; the work lies in ``SearchDue``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from pelita.base import bulk
from pelita.desk import search_words

BATCH = 500  # changes in one round
# Lines of one inquiry that can be found; beyond that it is no inquiry any more, and a row must stay small.
NEWEST = 400
_TURN = 0x5EA2C4

_TAKE = """
DELETE FROM desk_searchdue WHERE id IN (SELECT id FROM desk_searchdue ORDER BY id LIMIT %b)
RETURNING office_number, conversation_number, inquiry_number
"""
_INQUIRIES = f"""
SELECT q.office_id, q.conversation_id, q.id, q.opened_at, q.code, q.account, q.outside_number, q.citizen_id
FROM {bulk.given(office="bigint", inquiry="bigint")}
JOIN desk_inquiry AS q ON q.id = u.inquiry AND q.office_id = u.office
"""  # noqa: S608 (constants)
_RESTS = f"""
SELECT c.office_id, c.id, c.citizen_id FROM {bulk.given(office="bigint", conversation="bigint")}
JOIN desk_conversation AS c ON c.id = u.conversation AND c.office_id = u.office
"""  # noqa: S608 (constants)
_SAID = """
    SELECT e.at, coalesce(
        CASE WHEN i.revoked_at IS NULL THEN i.text END, CASE WHEN o.revoked_at IS NULL THEN o.text END, n.text, ''
    ) AS text
    FROM desk_entry AS e
    LEFT JOIN whatsapp_inbound AS i ON i.id = e.inbound_id
    LEFT JOIN whatsapp_outbound AS o ON o.id = e.outbound_id
    LEFT JOIN desk_note AS n ON n.id = e.note_id
"""
_SAID_IN_INQUIRIES = f"""
SELECT u.inquiry, s.text, s.at FROM {bulk.given(office="bigint", inquiry="bigint")}, LATERAL (
    {_SAID} WHERE e.office_id = u.office AND e.inquiry_id = u.inquiry ORDER BY e.at DESC, e.id DESC LIMIT {NEWEST}
) AS s
"""  # noqa: S608 (constants)
_SAID_IN_RESTS = f"""
SELECT u.conversation, s.text, s.at FROM {bulk.given(office="bigint", conversation="bigint")}, LATERAL (
    {_SAID} WHERE e.office_id = u.office AND e.conversation_id = u.conversation AND e.inquiry_id IS NULL
    ORDER BY e.at DESC, e.id DESC LIMIT {NEWEST}
) AS s
"""  # noqa: S608 (constants)
_CITIZENS = f"""
SELECT c.id, c.name, c.book_name, coalesce(v.name, ''),
    (SELECT array_agg(i.value) FROM desk_identity AS i
     WHERE i.office_id = c.office_id AND i.citizen_id = c.id AND i.kind IN ('wa_id', 'phone') AND i.retired_at IS NULL)
FROM {bulk.given(office="bigint", citizen="bigint")}
JOIN desk_citizen AS c ON c.id = u.citizen AND c.office_id = u.office
LEFT JOIN offices_village AS v ON v.id = c.village_id
"""  # noqa: S608 (constants)
_OLD = f"""
SELECT r.office_id, tsvector_to_array(r.tokens)
FROM {bulk.given(office="bigint", conversation="bigint", inquiry="bigint")}
JOIN desk_searchrow AS r ON r.office_id = u.office AND r.inquiry_id = u.inquiry
UNION ALL
SELECT r.office_id, tsvector_to_array(r.tokens)
FROM {bulk.given(office="bigint", conversation="bigint", inquiry="bigint")}
JOIN desk_searchrow AS r ON r.office_id = u.office AND r.conversation_id = u.conversation AND r.inquiry_id IS NULL
WHERE u.inquiry IS NULL
"""  # noqa: S608 (constants)
_GIVEN_ROWS = bulk.given(office="bigint", conversation="bigint", inquiry="bigint", at="timestamptz", words="text")
_WRITE = f"""
INSERT INTO desk_searchrow (office_id, conversation_id, inquiry_id, at, tokens)
SELECT u.office, u.conversation, u.inquiry, u.at, array_to_tsvector(string_to_array(u.words, ' '))
FROM {_GIVEN_ROWS} WHERE u.inquiry IS NOT NULL
ON CONFLICT (office_id, inquiry_id) WHERE inquiry_id IS NOT NULL
DO UPDATE SET conversation_id = EXCLUDED.conversation_id, at = EXCLUDED.at, tokens = EXCLUDED.tokens
"""  # noqa: S608 (constants)
_WRITE_RESTS = f"""
INSERT INTO desk_searchrow (office_id, conversation_id, inquiry_id, at, tokens)
SELECT u.office, u.conversation, NULL, u.at, array_to_tsvector(string_to_array(u.words, ' '))
FROM {_GIVEN_ROWS} WHERE u.inquiry IS NULL
ON CONFLICT (office_id, conversation_id) WHERE inquiry_id IS NULL
DO UPDATE SET at = EXCLUDED.at, tokens = EXCLUDED.tokens
"""  # noqa: S608 (constants)
_FORGET = f"""
DELETE FROM desk_searchrow AS r USING {bulk.given(office="bigint", conversation="bigint", inquiry="bigint")}
WHERE r.office_id = u.office AND (r.inquiry_id = u.inquiry OR
    (u.inquiry IS NULL AND r.inquiry_id IS NULL AND r.conversation_id = u.conversation))
"""  # noqa: S608 (constants)
_COUNT = f"""
INSERT INTO desk_searchword (office_id, word, count)
SELECT u.office, u.word, u.more FROM {bulk.given(office="bigint", word="text", more="integer")}
ORDER BY u.office, u.word
ON CONFLICT (office_id, word) DO UPDATE SET count = desk_searchword.count + EXCLUDED.count
"""  # noqa: S608 (constants)

Key = tuple[int, int, int | None]  # office, conversation, inquiry


@dataclass(slots=True)
class _Row:
    """One row of finding in the making."""

    key: Key
    at: datetime | None
    citizen: int
    code: str = ""
    texts: list[str] = field(default_factory=list)


def index_due(*, limit: int = BATCH) -> int:
    """Make anew the rows of finding for up to ``limit`` changes. Returns how many changes; 0 when nothing is due.

    One process at a time: the count of words is shared by all rows of an office. Another one gets 0 at once.
    """
    with transaction.atomic():
        [[mine]] = bulk.run("SELECT pg_try_advisory_xact_lock(%b)", [_TURN])
        if not mine:
            return 0
        due: list[Key] = [(office, talk, inquiry) for office, talk, inquiry in bulk.run(_TAKE, [limit])]
        if due:
            _index(list(dict.fromkeys(due)))
    return len(due)


def _index(keys: Sequence[Key]) -> None:
    rows = _inquiries(keys) + _rests(keys)
    people = _people(rows)
    old = bulk.run(_OLD, bulk.columns(keys, 3) * 2)
    counted: Counter[tuple[int, str]] = Counter()
    for office, tokens in old:
        counted.subtract((office, token) for token in tokens if search_words.is_word(token))
    written = []
    for row in rows:
        office, talk, inquiry = row.key
        names, numbers = people.get(row.citizen, ([], []))
        tokens = search_words.tokens_of(office_id=office, code=row.code, texts=row.texts, names=names, numbers=numbers)
        counted.update((office, token) for token in tokens if search_words.is_word(token))
        written.append((office, talk, inquiry, row.at, " ".join(tokens)))
    columns = bulk.columns(written, 5)
    bulk.run(_WRITE, columns)
    bulk.run(_WRITE_RESTS, columns)
    # By what makes a row one: an inquiry may lie in another conversation by now.
    kept = {(row.key[0], row.key[2] or row.key[1], row.key[2] is None) for row in rows}
    gone = [key for key in keys if (key[0], key[2] or key[1], key[2] is None) not in kept]
    bulk.run(_FORGET, bulk.columns(gone, 3))
    changed = [(office, word, more) for (office, word), more in counted.items() if more]
    bulk.run(_COUNT, bulk.columns(changed, 3))


def _inquiries(keys: Sequence[Key]) -> list[_Row]:
    wanted = bulk.columns([(office, inquiry) for office, _, inquiry in keys if inquiry is not None], 2)
    found = {
        pk: _Row((office, talk, pk), at, citizen, code, [account, outside])
        for office, talk, pk, at, code, account, outside, citizen in bulk.run(_INQUIRIES, wanted)
    }
    for pk, text, _ in bulk.run(_SAID_IN_INQUIRIES, wanted):
        if pk in found:
            found[pk].texts.append(text)
    return list(found.values())


def _rests(keys: Sequence[Key]) -> list[_Row]:
    """Messages without an inquiry: what the phone's history held, thanks after the end. None left: no row."""
    wanted = bulk.columns([(office, talk) for office, talk, inquiry in keys if inquiry is None], 2)
    found = {talk: _Row((office, talk, None), None, citizen) for office, talk, citizen in bulk.run(_RESTS, wanted)}
    for talk, text, at in bulk.run(_SAID_IN_RESTS, wanted):
        row = found[talk]
        row.at = row.at or at  # the newest comes first
        row.texts.append(text)
    return [row for row in found.values() if row.at is not None]


def _people(rows: Sequence[_Row]) -> dict[int, tuple[list[str], list[str]]]:
    """Names and telephone numbers of the rows' citizens."""
    wanted = bulk.columns(list({(row.key[0], row.citizen) for row in rows}), 2)
    return {
        pk: ([name, book, village], numbers or []) for pk, name, book, village, numbers in bulk.run(_CITIZENS, wanted)
    }
