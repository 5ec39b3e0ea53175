"""How the archive of the reading measurements is made inside the database, one set after the other.

Two temporary tables say what there is, everything else follows from them: `talk` (citizen and conversation have its id)
and `matter` (an inquiry; the ids of its lines are four times its own and the three after it).
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from pelita.desk.models import Answer, Citizen, Conversation, Disposition, Entry, Identity, Inquiry
from pelita.journal.models import Fact
from pelita.whatsapp.models import Body, Inbound, Item, Outbound

LINES = 4  # of an inquiry: question, addition, answer, thanks
OTHERS = 99  # small offices
_ALPHABET = "23467ACDEFGHJKMNPQRTVWXYZ"
_CODE = " || ".join(f"substr('{_ALPHABET}', 1 + (m.id / {25**place}) %% 25, 1)" for place in range(5))

_TALK = """
CREATE TEMP TABLE talk ON COMMIT DROP AS
SELECT 1000000 + t.n AS id, t.office, t.n, l.line, abs(hashint8(t.n)) AS h FROM (
    SELECT n, %(office)s AS office FROM generate_series(0, %(talks)s - 1) AS n
    UNION ALL
    SELECT %(talks)s + n, o.id FROM generate_series(0, %(small)s * %(others)s - 1) AS n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM offices_office WHERE code LIKE 'bench-%%') AS o
        ON o.place = n %% %(others)s
) AS t
JOIN (SELECT office_id, min(id) AS line FROM whatsapp_line GROUP BY office_id) AS l ON l.office_id = t.office
"""
# A quarter of the large office's citizens asked twice, one very often. Four years, evenly; the newest are still open.
_MATTER = """
CREATE TEMP TABLE matter ON COMMIT DROP AS
SELECT 1000000 + m.n AS id, t.id AS talk, t.office, t.line, t.n AS talk_n, abs(hashint8(m.n + 77)) AS h,
    %(now)s - interval '4 years' * (1 - m.share) - interval '1 hour' AS at, m.state,
    CASE WHEN m.state <> 'new' AND t.office = %(office)s
        THEN (%(sections)s::bigint[])[1 + abs(hashint8(m.n)) %% array_length(%(sections)s::bigint[], 1)] END AS section,
    CASE m.state WHEN 'new' THEN 'admin' WHEN 'answered' THEN 'admin' WHEN 'dispositioned' THEN 'section'
        WHEN 'delivered' THEN 'citizen' ELSE 'nobody' END AS holder
FROM (
    SELECT n, CASE WHEN n < %(long)s THEN 0 ELSE n %% %(talks)s END AS talk, n::float8 / (%(talks)s * 5 / 4) AS share,
        CASE WHEN n < %(talks)s * 5 / 4 - %(open)s THEN 'closed' ELSE
            (ARRAY['new', 'new', 'dispositioned', 'dispositioned', 'answered', 'delivered'])[1 + n %% 6] END AS state
    FROM generate_series(0, %(talks)s * 5 / 4 - 1) AS n
    UNION ALL
    SELECT %(talks)s * 5 / 4 + n, %(talks)s + n, n::float8 / (%(small)s * %(others)s), 'closed'
    FROM generate_series(0, %(small)s * %(others)s - 1) AS n
) AS m
JOIN talk AS t ON t.n = m.talk
"""
_LINE = """
CREATE TEMP TABLE line ON COMMIT DROP AS
SELECT m.id * 4 + k AS id, m.id AS matter, m.talk, m.office, m.line, m.state, k, m.at + k * interval '20 minutes' AS at,
    coalesce(s.words, 'matur nuwun') AS words, m.talk_n
FROM matter AS m CROSS JOIN generate_series(0, 3) AS k
LEFT JOIN said AS s ON k < 3 AND s.kind = CASE WHEN k = 2 THEN 'reply' ELSE 'ask' END
    AND s.n = abs(hashint8(m.id * 4 + k)) %% CASE WHEN k = 2 THEN 4000 ELSE 30000 END
"""
_PHONE = "'62812' || lpad({0}::text, 8, '0')"
_INBOUND = "line AS l WHERE l.k <> 2"
_OUTBOUND = "line AS l WHERE l.k = 2"
_CHOICE = "({0}::{1}[])[1 + t.h / {2} %% array_length({0}::{1}[], 1)]"
_GIVEN, _FAMILY = _CHOICE.format("%(given)s", "text", 7), _CHOICE.format("%(family)s", "text", 991)
_VILLAGE = _CHOICE.format("%(villages)s", "bigint", 31)
_FACTS = """
matter AS m CROSS JOIN unnest(ARRAY['inquiry.opened', 'inquiry.dispositioned', 'inquiry.closed']) AS verb
WHERE verb = 'inquiry.opened' OR (verb = 'inquiry.dispositioned' AND m.section IS NOT NULL) OR m.state = 'closed'
"""
_DUE = """
INSERT INTO desk_searchdue (office_number, conversation_number, inquiry_number)
SELECT office, talk, id FROM matter ORDER BY id
"""
COUNTED = (Citizen, Identity, Conversation, Body, Item, Inbound, Outbound, Inquiry, Entry, Disposition, Answer)

Insert = tuple[type[models.Model], str, dict[str, str]]
STATEMENTS: tuple[str | Insert, ...] = (
    _TALK, _MATTER, "CREATE INDEX ON said (kind, n)", "ANALYZE said", _LINE, "ANALYZE talk, matter, line",
    (Citizen, "talk AS t", {
        "id": "t.id", "office_id": "t.office", "created_at": "%(now)s",
        "name": f"{_GIVEN} || ' ' || {_FAMILY}",
        "village_id": f"CASE WHEN t.office = %(office)s AND t.n %% 3 > 0 THEN {_VILLAGE} END",
    }),
    (Identity, "talk AS t", {
        "office_id": "t.office", "citizen_id": "t.id", "kind": "'wa_id'", "value": _PHONE.format("t.n"),
        "first_seen": "%(now)s", "last_seen": "%(now)s",
    }),
    (Identity, "talk AS t", {
        "office_id": "t.office", "citizen_id": "t.id", "kind": "'user_id'", "value": "'ID.' || t.n",
        "first_seen": "%(now)s", "last_seen": "%(now)s",
    }),
    (Conversation, "talk AS t", {
        "id": "t.id", "office_id": "t.office", "citizen_id": "t.id", "line_id": "t.line",
        "last_inbound_at": "%(now)s - interval '1 hour'", "last_entry_at": "%(now)s",
    }),
    (Body, "(SELECT 1) AS one", {
        "id": "1000000", "received_at": "%(now)s", "app_id": "(SELECT min(id) FROM whatsapp_app)", "raw": "'{}'::bytea",
        "state": "'done'",
    }),
    (Item, _INBOUND, {
        "id": "l.id", "office_id": "l.office", "line_id": "l.line", "body_id": "1000000", "kind": "'message'",
        "field": "'messages'", "key": "'archive:' || l.id", "payload": "'{}'", "state": "'done'", "next_at": "l.at",
    }),
    (Inbound, _INBOUND, {
        "id": "l.id", "office_id": "l.office", "line_id": "l.line", "item_id": "l.id", "wamid": "'wamid.in.' || l.id",
        "user_id": "'ID.' || l.talk_n", "wa_id": _PHONE.format("l.talk_n"), "type": "'text'", "text": "l.words",
        "sent_at": "l.at", "received_at": "l.at",
    }),
    (Outbound, _OUTBOUND, {
        "id": "l.id", "office_id": "l.office", "line_id": "l.line", "thread": "l.talk", "text": "l.words",
        "state": "'accepted'", "delivery": "'read'", "wamid": "'wamid.out.' || l.id", "next_at": "l.at",
        "created_at": "l.at", "accepted_at": "l.at", "to_phone": _PHONE.format("l.talk_n"), "metered": "true",
    }),
    (Inquiry, "matter AS m JOIN line AS l ON l.id = m.id * 4", {
        "id": "m.id", "office_id": "m.office", "conversation_id": "m.talk", "citizen_id": "m.talk",
        "code": f"CASE WHEN m.office = %(office)s THEN 'KML-' ELSE 'UJI-' END || {_CODE}",
        "kind": "(ARRAY['question', 'question', 'question', 'request', 'complaint', 'aspiration'])[1 + m.h %% 6]",
        "state": "m.state", "holder": "m.holder", "held_since": "m.at", "question_id": "m.id * 4",
        "summary": "left(l.words, 200)", "section_id": "m.section", "opened_at": "m.at",
        "waiting_since": "CASE WHEN m.state IN ('new', 'dispositioned', 'answered') THEN m.at END",
        "due_at": "CASE WHEN m.state IN ('new', 'dispositioned', 'answered') THEN m.at + interval '2 days' END",
        "delivered_at": "CASE WHEN m.state IN ('delivered', 'closed') THEN m.at + interval '1 hour' END",
        "closed_at": "CASE WHEN m.state = 'closed' THEN m.at + interval '2 hours' END",
        "unread": "CASE WHEN m.state = 'new' THEN 2 ELSE 0 END",
    }),
    (Entry, "line AS l", {
        "office_id": "l.office", "conversation_id": "l.talk", "inquiry_id": "l.matter", "at": "l.at",
        "inbound_id": "CASE WHEN l.k <> 2 THEN l.id END", "outbound_id": "CASE WHEN l.k = 2 THEN l.id END",
    }),
    (Disposition, "matter AS m WHERE m.section IS NOT NULL", {
        "id": "m.id", "office_id": "m.office", "inquiry_id": "m.id", "section_id": "m.section",
        "given_by_id": "%(officer)s", "given_at": "m.at", "instruction": "'Sebutkan syaratnya.'",
        "state": "CASE WHEN m.state = 'dispositioned' THEN 'open' ELSE 'answered' END",
    }),
    (Answer, "matter AS m JOIN line AS l ON l.id = m.id * 4 + 2 WHERE m.state NOT IN ('new', 'dispositioned')", {
        "office_id": "m.office", "inquiry_id": "m.id",
        "disposition_id": "CASE WHEN m.section IS NOT NULL THEN m.id END",
        "author_id": "%(officer)s", "text": "l.words",
        "final_text": "CASE WHEN m.state = 'answered' THEN '' ELSE l.words END",
        "outbound_id": "CASE WHEN m.state <> 'answered' THEN l.id END",
        "state": "CASE WHEN m.state = 'answered' THEN 'submitted' ELSE 'delivered' END", "created_at": "m.at",
        "updated_at": "m.at", "submitted_at": "m.at",
    }),
    (Fact, _FACTS, {
        "office_id": "m.office", "at": "m.at", "verb": "verb", "subject_type": "'inquiry'", "subject_id": "m.id",
        "actor_id": "CASE WHEN verb = 'inquiry.dispositioned' THEN %(officer)s END",
        "data": "CASE WHEN verb = 'inquiry.dispositioned' THEN jsonb_build_object('disposition', m.id) ELSE '{}' END",
    }),
    _DUE,
)  # fmt: skip


def sequence(model: type[models.Model]) -> str:
    """What is added after this begins behind what was made here."""
    table = model._meta.db_table  # noqa: SLF001 (Django's own, documented)
    return f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608


def insert(model: type[models.Model], source: str, given: dict[str, str]) -> str:
    """INSERT … SELECT with what the model fills in for columns that are not given."""
    columns = dict(given)
    for field in model._meta.concrete_fields:  # noqa: SLF001 (Django's own, documented)
        name = str(field.column)
        if name not in columns and not field.primary_key and not field.null:
            columns[name] = _default(field)
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: SLF001, S608
        f"SELECT {', '.join(columns.values())} FROM {source}"
    )


def _default(field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    value = field.get_default()
    if isinstance(field, ArrayField):
        return "'{}'"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + str(value).replace("'", "''") + "'"
    if isinstance(value, dict | list):
        return f"'{json.dumps(value)}'"
    raise TypeError(f"{field} needs a value")
