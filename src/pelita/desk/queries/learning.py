"""Reads of what dispositions taught."""

from __future__ import annotations

from pelita.desk.models_learning import SectionMemory
from pelita.desk.taught import Taught
from pelita.offices.models import Office


def taught(office: Office) -> Taught:
    """The office's sums. One query, as many rows as there are sections."""
    return Taught(dict(SectionMemory.objects.filter(office=office).values_list("section_id", "words")))
