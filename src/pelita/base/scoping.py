"""Every query carries its office; a query without one is an error.

Tenant models inherit :class:`OfficeModel`. Their ``objects`` refuses to run SQL whose WHERE clause does not pin
``office`` to a value, whatever way the filter was built. Platform work that must see all offices (a sweep, the
migration of data) says so with ``across_offices("reason")``; a test lists those places.
Django itself follows foreign keys through ``_base_manager``: a pointer held by a scoped row stays scoped.
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql import Query
from django.db.models.sql.subqueries import DeleteQuery, UpdateQuery
from django.db.models.sql.where import AND, WhereNode

M = TypeVar("M", bound=models.Model)
FIELD = "office"


class UnscopedQueryError(RuntimeError):
    """A query on an office's table did not say which office."""


def pins_office(where: WhereNode, query: Query) -> bool:
    """Whether every row of the query's own table that can match belongs to one named office."""
    if where.negated or (where.connector != AND and len(where.children) > 1):
        return False
    for child in where.children:
        if isinstance(child, WhereNode):
            if pins_office(child, query):
                return True
        elif isinstance(child, Exact):
            column = child.lhs
            own = isinstance(column, Col) and column.alias == query.base_table and column.target.name == FIELD
            # A column of the same query is no value; one of an outer query (OuterRef) is.
            same = isinstance(child.rhs, Col) and child.rhs.alias in query.alias_map
            if own and child.rhs is not None and not same:
                return True
    return False


class _Guard(Query):
    """Refuses to become SQL without an office. Sits in front of Django's own query classes."""

    across_reason: str = ""

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not self.across_reason and not self.is_empty() and not pins_office(self.where, self):
            name = self.model.__name__ if self.model else "?"
            raise UnscopedQueryError(f"Query on {name} without an office: filter(office=…) or across_offices('why').")
        return super().get_compiler(*args, **kwargs)

    def chain(self, klass: type[Query] | None = None) -> Any:
        return super().chain(_GUARDED.get(klass, klass) if klass else None)


class _GuardedUpdate(_Guard, UpdateQuery):
    pass


class _GuardedDelete(_Guard, DeleteQuery):
    pass


_GUARDED: dict[type[Query] | None, type[Query]] = {UpdateQuery: _GuardedUpdate, DeleteQuery: _GuardedDelete}


class OfficeQuerySet(models.QuerySet[M]):
    """A queryset that only runs when it names its office."""

    def __init__(self, model: type[M] | None = None, query: Query | None = None, **kwargs: Any) -> None:
        if query is None and model is not None:
            query = _Guard(model)
        super().__init__(model=model, query=query, **kwargs)

    def across_offices(self, reason: str) -> Self:
        """The same rows without the guard. ``reason`` is for the reader and for the test that lists the places."""
        if not reason:
            raise ValueError("Say why this query may see every office.")
        found = self.all()
        found.query.across_reason = reason  # type: ignore[attr-defined]  # set on our guard
        return found

    def delete(self) -> tuple[int, dict[str, int]]:
        # Django's fast delete changes the query's class behind our back, so look before.
        if not getattr(self.query, "across_reason", "") and not pins_office(self.query.where, self.query):
            raise UnscopedQueryError(f"Delete on {self.model.__name__} without an office.")
        return super().delete()


class OfficeModel(models.Model):
    """A row that belongs to one office. Subclasses declare the ``office`` foreign key through this base."""

    # No index of its own: those of the tables begin with the office, and one more is written with every row.
    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        abstract = True
