"""Counting how often the number was taken along."""

from __future__ import annotations

from datetime import datetime

from pelita.base import bulk
from pelita.offices.models import Office
from pelita.offices.rules import zone
from pelita.whatsapp.models import Way

# Two at once add two: the database adds, not we.
ADD = """
    INSERT INTO whatsapp_numbertaken (office_id, day, way, times) VALUES (%b, %b, %b, 1)
    ON CONFLICT (office_id, day, way) DO UPDATE SET times = whatsapp_numbertaken.times + 1
"""


def count(*, office: Office, way: Way, now: datetime) -> None:
    """Once more on the office's day. Writes no journal: nobody did something, somebody looked."""
    day = now.astimezone(zone(office)).date()
    bulk.run(ADD, [office.pk, day, way.value])
