"""Reading less: Django joins whole rows, writes each of their columns into the statement, and has the join planned."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


@lru_cache(maxsize=100)
def besides(model: type[models.Model], path: str, *kept: str) -> tuple[str, ...]:
    """For ``defer``: every column of the table at ``path`` but its key and the kept ones.

    What is read all the same costs one more query for each row, which the literal counts of the tests would see.
    """
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 (Django's public name)
    return tuple(f"{path}__{name}" for name in columns if name not in kept)


def with_rare(rows: list[M], *keys: str) -> list[M]:
    """The same rows with what these foreign keys point to, a query for each key that any row has.

    For keys that most rows lack (files, templates): joining them costs every page, this only the pages that have them.
    """
    models.prefetch_related_objects(rows, *(key for key in keys if any(getattr(row, f"{key}_id") for row in rows)))
    return rows
