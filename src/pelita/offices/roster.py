"""Who is on duty in an office on one day: whom a matter concerns, by role and section. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pelita.offices.models import Duty, Role
from pelita.offices.rules import running


@dataclass(frozen=True, slots=True)
class Roster:
    """The duties that run on ``day``, who is ``away``, and who stands in for whom (absent → substitute).

    Every answer is ids of officers in the order of their duties, each once. Behind an absent one stands the
    substitute: both are told, because a phone may be looked at on leave.
    """

    day: date
    duties: Sequence[Duty]
    covers: Mapping[int, int]
    away: frozenset[int] = frozenset()

    def somebody(self, officers: Iterable[int]) -> bool:
        """Whether one of these is there today."""
        return any(one not in self.away for one in officers)

    @property
    def everybody(self) -> list[int]:
        return self._who(lambda _: True)

    @property
    def admins(self) -> list[int]:
        """Everybody who relays today, substitutes too."""
        return self._who(lambda duty: duty.role == Role.ADMIN)

    @property
    def leaders(self) -> list[int]:
        return self._who(lambda duty: duty.role == Role.LEADER)

    @property
    def deputies(self) -> list[int]:
        """Sekcam: leaders with a section of their own; without one every leader."""
        found = self._who(lambda duty: duty.role == Role.LEADER and duty.section_id is not None)
        return found or self.leaders

    @property
    def chiefs(self) -> list[int]:
        """Camat: leaders of no section; without one every leader."""
        return self._who(lambda duty: duty.role == Role.LEADER and duty.section_id is None) or self.leaders

    def of_section(self, section: int | None) -> list[int]:
        """Officers and heads of the section."""
        return self._who(lambda duty: duty.section_id == section and duty.role in {Role.OFFICER, Role.HEAD})

    def heads(self, section: int | None) -> list[int]:
        return self._who(lambda duty: duty.section_id == section and duty.role == Role.HEAD)

    def beside_admins(self) -> list[int]:
        """Who is nearest when no admin comes and is there: heads, then officers of the sections in which admins work,
        then the leaders."""
        admins = set(self.admins)
        sections = [duty.section_id for duty in self.duties if duty.officer_id in admins and duty.section_id]
        near = [one for section in sections for one in (*self.heads(section), *self.of_section(section))]
        return [one for one in dict.fromkeys((*near, *self.leaders)) if one not in admins and one not in self.away]

    def held_by(self, officer: int) -> list[Duty]:
        """The duties of the officer, own and covered."""
        return [duty for duty in self.duties if officer in {duty.officer_id, self.covers.get(duty.officer_id)}]

    def _who(self, wanted: Callable[[Duty], bool]) -> list[int]:
        found: dict[int, None] = {}
        for duty in self.duties:
            if wanted(duty):
                found[duty.officer_id] = None
                if duty.officer_id in self.covers:
                    found[self.covers[duty.officer_id]] = None
        return list(found)


def roster(duties: Iterable[Duty], day: date, covers: Mapping[int, int | None]) -> Roster:
    """``covers``: everybody who is away, with the substitute if there is one."""
    standing = {absent: one for absent, one in covers.items() if one is not None}
    return Roster(day, [duty for duty in duties if running(duty, day)], standing, frozenset(covers))
