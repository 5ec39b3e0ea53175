"""Storage of finding: what can be found, the words in it, and what has to be looked at again.

Triggers put into ``SearchDue`` whatever changes what can be found (migrations); ``actions/indexing.py`` works it off.
Nothing else writes here. docs/decisions/0020 says why it is so.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from pelita.base.scoping import OfficeModel


class SearchRow(OfficeModel):
    """All words of one inquiry, or of those messages of a conversation that belong to no inquiry.

    ``tokens`` holds words as the normaliser leaves them and names as they are; beside them marks in capitals, which no
    word has: ``O<office>``, ``C<code without prefix>``, ``P<telephone number backwards>``.
    """

    # Without constraints: checking them would wait for rows that a set of messages holds, and the set for the words.
    # What is gone is made anew like everything else (`SearchDue`).
    conversation = models.ForeignKey(
        "desk.Conversation", on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    inquiry = models.ForeignKey(
        "desk.Inquiry", on_delete=models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField(help_text="When the inquiry was opened; the last of messages without one")
    tokens = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "inquiry"], condition=Q(inquiry__isnull=False), name="searchrow_inquiry_once"
            ),
            models.UniqueConstraint(
                fields=["office", "conversation"], condition=Q(inquiry__isnull=True), name="searchrow_rest_once"
            ),
        ]
        indexes = [
            GinIndex(fields=["tokens"], name="searchrow_tokens"),
            models.Index(fields=["office", "-at", "-id"], name="searchrow_newest"),
        ]


class SearchWord(OfficeModel):
    """A word that occurs at an office, and in how many rows. Words with a typing mistake find the right one here."""

    word = models.CharField(max_length=40)
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "word"], name="searchword_once")]
        indexes = [GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="searchword_similar")]


class SearchDue(models.Model):
    """A row of finding to be made again. Numbers only: written for every message, worked off for all offices."""

    office_number = models.BigIntegerField()
    conversation_number = models.BigIntegerField()
    inquiry_number = models.BigIntegerField(null=True)
