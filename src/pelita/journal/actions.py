"""The one write of this room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pelita.base import bulk
from pelita.journal.models import Fact
from pelita.offices.models import Office, Officer


def record(
    *,
    office: Office | int,
    verb: str,
    subject: tuple[str, int],
    by: Officer | None,
    now: datetime,
    audience: Iterable[int] = (),
    **data: Any,
) -> Fact:
    """Add one fact inside the caller's transaction.

    ``subject`` is a pair such as ``("inquiry", 17)``; ``by`` is None when a citizen or the clock caused it;
    ``data`` may hold states, ids and codes, never a citizen's words, name, phone number or NIK.
    """
    fact = Fact(
        office_id=office if isinstance(office, int) else office.pk,
        at=now,
        actor=by,
        verb=verb,
        subject_type=subject[0],
        subject_id=subject[1],
        audience=sorted(set(audience)),
        data=data,
    )
    record_all([fact])
    return fact


def record_all(facts: Sequence[Fact]) -> None:
    """Add facts in their order inside the caller's transaction, in one statement. Same rules as for one."""
    bulk.insert(facts)
