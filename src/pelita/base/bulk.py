"""Many rows in one statement: inserts and conditional updates that cost what the rows cost, and nothing for each call.

Columns travel as arrays (``unnest``), one parameter each and bound by the server, so that a statement has the same
text for any number of rows and is prepared once. Django's ``bulk_create`` writes every value into the statement's text
and ``bulk_update`` a CASE for each row and column; both cost several times as much.

Everything runs on Django's connection, in its transaction. The guard of scoping.py does not look in here: rows carry
their office, and reads and updates match on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import orjson
import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from pelita.base.crypto import SealedField

M = TypeVar("M", bound=models.Model)


def run(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """A statement whose parameters the server binds (``%b`` for lists). Returns its rows, none when it gives none."""
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)  # Django's own would write the parameters into the text
    cursor.format = psycopg.pq.Format.BINARY  # read by the driver's C, jsonb as what it holds
    wrapped = connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
    with wrapped as ready:
        ready.execute(sql, parameters)
        return ready.fetchall() if cursor.description else []


def given(**columns: str) -> str:
    """``unnest(…) AS u(…, ord)`` of columns given as name=type; the parameters are one list for each, in order."""
    arrays = ", ".join(f"%b::{kind}[]" for kind in columns.values())
    return f"unnest({arrays}) WITH ORDINALITY AS u({', '.join(columns)}, ord)"


def columns(rows: Collection[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows of ``width`` values turned into the lists that :func:`given` takes; there may be none."""
    return [[row[place] for row in rows] for place in range(width)]


def load(model: type[M], rest: str, parameters: Sequence[Any] = ()) -> list[M]:
    """Rows as instances. ``rest`` follows ``SELECT … FROM table AS t``: it joins, filters, orders and locks.

    It must pin ``t.office_id``, which nothing here can check. Sealed fields are left for whoever asks for them.
    """
    meta = _meta(model)
    columns = [_column(field) for field in meta.concrete_fields if not isinstance(field, SealedField)]
    names = ", ".join(f"t.{column.name}" for column in columns)
    found = run(f"SELECT {names} FROM {meta.db_table} AS t {rest}", parameters)  # noqa: S608 (names of models)
    attributes = [column.attribute for column in columns]
    return [_instance(model, dict(zip(attributes, row, strict=True)), stored=True) for row in found]


def new(model: type[M], **values: Any) -> M:
    """An instance to be inserted, for a third of the price of calling the model: columns (``office_id``, not
    ``office``), no signals, and defaults for what is left out. For rows of which a set makes hundreds.
    """
    plain, made = _defaults(model)
    return _instance(
        model, {**plain, **{name: make() for name, make in made if name not in values}, **values}, stored=False
    )


def insert(rows: Sequence[M], *, unless: Collection[str] = ()) -> list[M]:
    """Insert new rows in their order; each gets its primary key. Returns those that were inserted.

    ``unless`` names the attributes of a unique constraint: rows that would break it (because of a stored row or of an
    earlier one of these) are then left out, and keep no key. Otherwise raises IntegrityError.
    """
    if not rows:
        return []
    meta = _meta(type(rows[0]))
    columns = [_column(field) for field in meta.concrete_fields if not field.primary_key]
    known = [_column(meta.get_field(name)) for name in unless]
    found = run(
        f"INSERT INTO {meta.db_table} ({', '.join(column.name for column in columns)})"  # noqa: S608 (names of models)
        f" SELECT {', '.join(column.read for column in columns)} FROM {_unnest(columns)} ORDER BY u.ord"
        f"{' ON CONFLICT DO NOTHING' if unless else ''}"
        f" RETURNING {', '.join(['id', *(column.name for column in known)])}",
        [column.values(rows) for column in columns],
    )
    if not unless:
        for row, (pk,) in zip(rows, found, strict=True):
            _stored(row, pk)
        return list(rows)
    keys = {tuple(values): pk for pk, *values in found}
    inserted = []
    for row in rows:
        # The first of equal ones is the one that went in.
        pk = keys.pop(tuple(getattr(row, column.attribute) for column in known), None)
        if pk is not None:
            _stored(row, pk)
            inserted.append(row)
    return inserted


def update(rows: Sequence[M], fields: Iterable[str], *, was: Mapping[str, Sequence[Any]] | None = None) -> set[int]:
    """Write these attributes of the rows, matched by primary key and office. Returns the keys of those that changed.

    ``was``: attribute → what the database must still hold for each row. Where it holds something else, somebody was
    faster and the row is left alone.
    """
    if not rows:
        return set()
    meta = _meta(type(rows[0]))
    new = [_column(meta.get_field(name)) for name in fields]
    keys = [_column(meta.pk), _column(meta.get_field("office"))]
    old = [(_column(meta.get_field(name)), list(values)) for name, values in (was or {}).items()]
    conditions = [_column_named(column, "key_") for column in keys] + [
        _column_named(column, "was_") for column, _ in old
    ]
    found = run(
        f"UPDATE {meta.db_table} AS t SET {', '.join(f'{column.name} = {column.read}' for column in new)}"  # noqa: S608
        f" FROM {_unnest([*new, *conditions])}"
        f" WHERE {' AND '.join(f't.{column.name[4:]} = {column.read}' for column in conditions)} RETURNING t.id",
        [column.values(rows) for column in (*new, *keys)] + [column.converted(values) for column, values in old],
    )
    return {pk for (pk,) in found}


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a model: how its values travel and how the statement reads them out of ``u``."""

    attribute: str
    name: str
    kind: str  # PostgreSQL's type, without a length
    array: str  # type of the array's elements
    convert: Callable[[Any], Any] | None

    @property
    def read(self) -> str:
        return f"u.{self.name}" if self.array == self.kind else f"u.{self.name}::{self.kind}"

    def values(self, rows: Sequence[models.Model]) -> list[Any]:
        return self.converted(map(attrgetter(self.attribute), rows))

    def converted(self, values: Iterable[Any]) -> list[Any]:
        convert = self.convert
        return list(values) if convert is None else [None if one is None else convert(one) for one in values]


@cache
def _column(field: models.Field[Any, Any]) -> _Column:
    kind = (field.db_type(connection) or "").partition("(")[0]
    array = kind
    convert: Callable[[Any], Any] | None = None
    if isinstance(field, ArrayField):
        array, convert = "text", _list_text
    elif kind == "jsonb":
        array, convert = "text", _json_text
    elif isinstance(field, SealedField):
        convert = field.get_prep_value
    elif kind in {"varchar", "text"}:
        kind = array = "text"
        convert = str  # a choice is a string of a type that psycopg does not know
    return _Column(field.attname, str(field.column), kind, array, convert)


def _column_named(column: _Column, prefix: str) -> _Column:
    return _Column(column.attribute, prefix + column.name, column.kind, column.array, column.convert)


def _unnest(columns: Sequence[_Column]) -> str:
    return given(**{column.name: column.array for column in columns})


def _json_text(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # deeper or with longer numbers than the fast writer takes
        return json.dumps(value)


def _list_text(value: Iterable[int]) -> str:
    return "{" + ",".join(map(str, map(int, value))) + "}"


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What a new instance holds: values as they are, and those that are made for each."""
    fields = _meta(model).concrete_fields
    made = {field.attname: field.default for field in fields if field.has_default() and callable(field.default)}
    return {field.attname: field.get_default() for field in fields if field.attname not in made}, list(made.items())


def _instance(model: type[M], values: dict[str, Any], *, stored: bool) -> M:
    """What calling the model would make of whole columns, without its signals and its look at each field."""
    instance = model.__new__(model)
    instance.__dict__.update(values)
    state = instance._state = ModelState()  # noqa: SLF001 (as Model.__init__ does)
    state.adding, state.db = not stored, DEFAULT_DB_ALIAS if stored else None
    return instance


def _stored(row: models.Model, pk: int) -> None:
    row.pk = pk
    state = row._state  # noqa: SLF001 (what Django itself does after an insert)
    state.adding, state.db = False, DEFAULT_DB_ALIAS


def _meta(model: type[models.Model]) -> Any:
    return model._meta  # noqa: SLF001 (documented for everybody's use, in spite of its name)
