"""One step for several inquiries. Each is moved by itself, by the ordinary action: what somebody else took meanwhile
stays as it is and is named, and the others are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pelita.desk.actions import dispose, review
from pelita.desk.errors import InvalidError, TakenError
from pelita.desk.models import Inquiry
from pelita.desk.queries.access import visible
from pelita.offices.models import Section
from pelita.offices.rules import Place

MOST = 100  # inquiries of one step
Seen = tuple[str, int]  # code of an inquiry, and its version as it was on the screen


@dataclass(slots=True)
class Done:
    """Codes that were moved, and those that were not, each with the sentence that says why."""

    moved: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def dispose_many(*, chosen: Sequence[Seen], section: Section, by: Place, now: datetime, instruction: str = "") -> Done:
    """Hand several inquiries to one section, each with the deadline that the policy gives its kind.

    Raises InvalidError or NotAllowedError before the first is moved.
    """

    def act(inquiry: Inquiry, seen: int) -> None:
        dispose.dispose(inquiry=inquiry, section=section, by=by, now=now, instruction=instruction, seen=seen)

    return _each(chosen, by, act, alike=True)


def close_many(*, chosen: Sequence[Seen], by: Place, now: datetime) -> Done:
    """Finish several inquiries that need no (further) answer. Raises NotAllowedError before the first is closed.

    One that may not be closed yet (its citizen was not told of a referral) is named and stops no other.
    """

    def act(inquiry: Inquiry, seen: int) -> None:
        review.close(inquiry=inquiry, by=by, now=now, seen=seen)

    return _each(chosen, by, act)


def _each(chosen: Sequence[Seen], by: Place, act: Callable[[Inquiry, int], None], *, alike: bool = False) -> Done:
    """``alike``: what is wrong with the first is wrong with the form, and so with all."""
    rows = visible(by).filter(code__in=[code for code, _ in chosen[:MOST]]).select_related("office", "section")
    known = {inquiry.code: inquiry for inquiry in rows}
    done = Done()
    for code, seen in chosen[:MOST]:
        inquiry = known.get(code)
        if inquiry is None:
            done.left.append((code, "Sudah tidak ada di meja Anda."))
            continue
        try:
            act(inquiry, seen)
        except (TakenError, InvalidError) as error:
            if alike and isinstance(error, InvalidError) and not done.moved and not done.left:
                raise
            done.left.append((code, str(error)))
        else:
            done.moved.append(code)
    return done
