"""Who held an inquiry for how long, from its journal. Pure: facts in, durations out.

Four clocks, and each runs apart: the admin's, the section's, the citizen's (an answer waits to be opened or reacted
to), and silence, how long nobody has done anything. The first three add up what was; silence is what is now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pelita.desk.models import Holder, InquiryState
from pelita.journal.models import Fact

NONE = timedelta(0)
FINAL = frozenset({InquiryState.CLOSED, InquiryState.MERGED, InquiryState.SPAM})
# Looks, stamps and alarms are no news for the citizen, who waits on: they do not end a silence.
LOOKS = frozenset({"disposition.read", "notice.made", "inquiry.escalated"})


@dataclass(frozen=True, slots=True)
class Clocks:
    """Durations. ``sections`` splits ``section`` by the section that held it (ids)."""

    admin: timedelta = NONE
    section: timedelta = NONE
    citizen: timedelta = NONE
    silence: timedelta = NONE
    sections: dict[int, timedelta] = field(default_factory=dict)


def clocks(facts: Iterable[Fact], now: datetime) -> Clocks:
    """The clocks of one inquiry at ``now``. ``facts`` are its own, oldest first; one without a holder changes no hand.

    All stand still from its end on, until it is opened again.
    """
    spent = dict.fromkeys(Holder, NONE)
    by_section: dict[int, timedelta] = {}
    holder, section, since, spoken = "", 0, now, now
    ended = False
    for fact in [*facts, None]:
        at = fact.at if fact else now
        if holder and not ended:
            spent[Holder(holder)] += at - since
            if holder == Holder.SECTION and section:
                by_section[section] = by_section.get(section, NONE) + (at - since)
        if fact is None:
            break
        since = at
        if fact.verb not in LOOKS:
            spoken = at
        if fact.data.get("holder"):
            holder, ended = fact.data["holder"], fact.data.get("state") in FINAL
            section = _section(fact, section)
    return Clocks(
        admin=spent[Holder.ADMIN],
        section=spent[Holder.SECTION],
        citizen=spent[Holder.CITIZEN],
        silence=NONE if ended else now - spoken,
        sections=by_section,
    )


def _section(fact: Fact, before: int) -> int:
    """Which section holds it after this fact: a hand-over names it, everything else leaves it."""
    return int(fact.data.get("section") or 0) if fact.verb == "inquiry.dispositioned" else before
