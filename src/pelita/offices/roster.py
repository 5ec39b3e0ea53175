"""Who is on duty in an office on one day: whom a matter concerns, by role and section. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pelita.offices.models import Duty, Role
from pelita.offices.rules import running


@dataclass(frozen=True, slots=True)
class Roster:
    """The duties that run on ``day``. Every answer is ids of officers in the order of their duties, each once."""

    day: date
    duties: Sequence[Duty]

    @property
    def admins(self) -> list[int]:
        """Everybody who relays today, substitutes too."""
        return self._who(lambda duty: duty.role == Role.ADMIN)

    @property
    def leaders(self) -> list[int]:
        return self._who(lambda duty: duty.role == Role.LEADER)

    def of_section(self, section: int | None) -> list[int]:
        """Officers and heads of the section."""
        return self._who(lambda duty: duty.section_id == section and duty.role in {Role.OFFICER, Role.HEAD})

    def heads(self, section: int | None) -> list[int]:
        return self._who(lambda duty: duty.section_id == section and duty.role == Role.HEAD)

    def _who(self, wanted: Callable[[Duty], bool]) -> list[int]:
        return list(dict.fromkeys(duty.officer_id for duty in self.duties if wanted(duty)))


def roster(duties: Iterable[Duty], day: date) -> Roster:
    return Roster(day, [duty for duty in duties if running(duty, day)])
