"""What the menu of every page shows: whether anything waits for this person, how much was told, and whether the number
works. One statement.

Putting these questions into SQL costs more than their answers, and they depend on nothing but the duties. So the
words of the statement are kept for each place (docs/decisions/0030); what they ask is still ``queue`` and ``notices``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from pelita.desk.queries import notices, queue
from pelita.offices.rules import Place
from pelita.whatsapp import queries as wire

KEPT = 2048  # places whose statement a process knows; a regency has some hundred officers

Key = tuple[int, int, frozenset[str], frozenset[int]]
_statements: dict[Key, tuple[str, list[Any]]] = {}


@dataclass(frozen=True, slots=True)
class Lamps:
    """``desk``: something lies with the admin, or with the leaders what is secret. ``tasks``: something waits for the
    officer's sections. ``unread``: how many notices, ``notices.COUNTED`` for that many or more. ``sending``: the
    first of the office's numbers works."""

    desk: bool
    tasks: bool
    unread: int
    sending: bool


def lamps(place: Place) -> Lamps:
    """One query."""
    key = (place.office.pk, place.officer.pk, place.roles, place.section_ids)
    if key not in _statements:
        if len(_statements) >= KEPT:
            _statements.clear()
        _statements[key] = _statement(place)
    sql, values = _statements[key]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        desk, tasks, unread, sending = cursor.fetchone()
    return Lamps(desk, tasks, unread, bool(sending))


def _statement(place: Place) -> tuple[str, list[Any]]:
    desk, desk_values = _any([queue.at_desk(place)] if place.sees_all else [])
    tasks, task_values = _any(list(queue.at_section(place)) if place.works_in_section else [])
    unread, unread_values = _words(notices.unread(place).values("pk"))
    counted = f"(SELECT count(*) FROM ({unread}) AS told)"  # noqa: S608 (the words of a queryset)
    line, line_values = _words(wire.first_works(place.office))
    values = [*desk_values, *task_values, *unread_values, *line_values]
    return f"SELECT {desk}, {tasks}, {counted}, ({line})", values


def _any(rows: list[QuerySet[Any]]) -> tuple[str, list[Any]]:
    """Whether one of these holds anything."""
    found = [part for one in rows if (part := _part(one)) is not None]
    values = [value for _sql, own in found for value in own]
    return " OR ".join(f"EXISTS ({sql})" for sql, _own in found) or "false", values


def _part(rows: QuerySet[Any]) -> tuple[str, list[Any]] | None:
    try:
        return _words(rows.order_by().values("pk"))
    except EmptyResultSet:
        return None


def _words(rows: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    sql, values = rows.query.sql_with_params()
    return sql, list(values)
