"""An officer's own number as the screens show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from pelita.base import phone as numbers
from pelita.desk.models import OfficerPhone
from pelita.offices.models import Officer
from pelita.whatsapp.models import Line


@dataclass(frozen=True, slots=True)
class PhoneView:
    """``state``: none, awaited (a code is to be sent), doubted (another one is), or confirmed.

    ``code``: shown once, right after it was made.

    ``unreached_at``: since when nothing arrives there, in spite of the code.
    """

    officer: Officer
    state: str
    number: str = ""
    wanted: bool = True
    confirmed_at: datetime | None = None
    code: str = ""
    send_to: str = ""
    link: str = ""
    unreached_at: datetime | None = None


def view(officer: Officer, row: OfficerPhone | None, line: Line | None, *, code: str = "") -> PhoneView:
    if row is None:
        return PhoneView(officer, "none")
    if row.confirmed_at is not None:
        number = numbers.masked(row.wa_id or row.number)
        return PhoneView(
            officer, "confirmed", number, row.wanted, row.confirmed_at, unreached_at=row.unreached_at
        )  # fmt: skip
    words = f"PETUGAS {code}"
    state = "awaited" if row.code else "doubted"
    return PhoneView(
        officer, state, numbers.masked(row.number), row.wanted, code=words if code else "",
        send_to=numbers.local(line.display_phone) if line else "",
        link=f"https://wa.me/{line.display_phone}?text={quote(words)}" if line and code else "",
    )  # fmt: skip
