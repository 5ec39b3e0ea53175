"""Who reads or answers an inquiry right now. Nothing of it is kept: no fact, no history, an unlogged table.

A page says every 20 seconds that it is still there, and at once when its person begins or stops to type, or leaves.
Told are only those who have the same inquiry open themselves: they passed its door a moment ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from pelita.desk.models import Doing, Inquiry
from pelita.offices.rules import Place

CHANNEL = "pelita_presence"
EXPIRES = timedelta(seconds=45)  # two beats that a bad connection swallowed, and a bit

_OTHERS = """
SELECT b.doing, p.officer_id, o.full_name, p.doing FROM (SELECT 1) AS one
LEFT JOIN before b ON b.at >= %(fresh)s
LEFT JOIN desk_presence p ON p.office_id = %(office)s AND p.inquiry_id = %(inquiry)s
  AND p.officer_id <> %(officer)s AND p.at >= %(fresh)s
LEFT JOIN offices_officer o ON o.id = p.officer_id ORDER BY p.doing DESC, o.full_name
"""
_BEFORE = """
WITH before AS (
  SELECT doing, at FROM desk_presence
  WHERE office_id = %(office)s AND inquiry_id = %(inquiry)s AND officer_id = %(officer)s
),"""
_STAY = f"""{_BEFORE} gone AS (
  DELETE FROM desk_presence
  WHERE office_id = %(office)s AND officer_id = %(officer)s AND inquiry_id <> %(inquiry)s AND at < %(fresh)s
), kept AS (
  INSERT INTO desk_presence (office_id, inquiry_id, officer_id, doing, at)
  VALUES (%(office)s, %(inquiry)s, %(officer)s, %(doing)s, %(now)s)
  ON CONFLICT (office_id, inquiry_id, officer_id) DO UPDATE SET doing = excluded.doing, at = excluded.at
) {_OTHERS}"""  # noqa: S608  # put together from this file alone
_LEAVE = f"""{_BEFORE} gone AS (
  DELETE FROM desk_presence WHERE office_id = %(office)s AND inquiry_id = %(inquiry)s AND officer_id = %(officer)s
) {_OTHERS}"""  # noqa: S608  # put together from this file alone


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else at the inquiry."""

    name: str
    doing: str


def be_present(*, inquiry: Inquiry, doing: Doing | None, by: Place, now: datetime) -> list[Present]:
    """Say that the officer reads or types, or with None that the officer left. Returns the others, who types first.

    One statement, and a second one when something changed and somebody is there to hear of it.
    """
    values = {
        "office": inquiry.office_id, "inquiry": inquiry.pk, "officer": by.officer.pk, "doing": doing, "now": now,
        "fresh": now - EXPIRES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STAY if doing else _LEAVE, values)
        rows = cursor.fetchall()
        others = [(officer, Present(name, what)) for _before, officer, name, what in rows if officer is not None]
        if others and rows[0][0] != doing:
            told = ",".join(str(officer) for officer, _present in others)
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{inquiry.office_id}:{inquiry.code}:{told}"])
    return [present for _officer, present in others]
