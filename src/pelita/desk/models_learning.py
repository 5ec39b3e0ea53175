"""Storage of what dispositions teach: which words the questions had that a section was given."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class SectionMemory(OfficeModel):
    """One section's sums: ``words`` maps a word to how often a question with it was given to the section and stayed.

    Words of our own lists only (``understanding.remembered``), so that no name or number outlives its message. One row
    a section, because a page that proposes sections needs them all.
    """

    section = models.ForeignKey("offices.Section", on_delete=models.CASCADE, related_name="+", db_index=False)
    words = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "section"], name="section_memory_once")]
