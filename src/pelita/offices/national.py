"""National holidays and joint leave, from the library `holidays`.

The library knows the yearly decision of three ministers (SKB) as soon as it is upgraded after it: days of joint leave
(cuti bersama) are known for decided years only, and days that hang on the moon say "(perkiraan)" until then. An office
corrects either with an exception of its own, which always wins.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=64)
def joint_leave_known(year: int) -> bool:
    """Whether the library knows the decision about cuti bersama of that year."""
    import holidays  # noqa: PLC0415 (as below)

    return bool(holidays.country_holidays("ID", categories=(holidays.GOVERNMENT,), years=year, expand=False))


@lru_cache(maxsize=64)
def national_days(year: int) -> tuple[tuple[date, str], ...]:
    """Days on which no government office works, with their Indonesian names, in order: holidays and joint leave."""
    # Half a second and 45 MB for tables of all countries, so only processes that count deadlines pay for them.
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays(
        "ID", categories=(holidays.PUBLIC, holidays.GOVERNMENT), language="id", years=year, expand=False
    )
    return tuple(sorted(found.items()))
