"""Storage of whom a number lets through no more."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class BlockState(models.TextChoices):
    """``due``: WhatsApp has still to be told; ``refused``: it said no, ``outcome`` says why."""

    DUE = "due"
    DONE = "done"
    REFUSED = "refused"


class Block(OfficeModel):
    """What the office wants for one person on one line: let through no more (``wanted``), or again.

    ``phone`` (digits) or ``user_id`` is the address, whichever is known.
    """

    line = models.ForeignKey("whatsapp.Line", on_delete=models.CASCADE, related_name="+")
    phone = models.CharField(max_length=20, blank=True)
    user_id = models.CharField(max_length=140, blank=True)
    wanted = models.BooleanField()
    state = models.CharField(max_length=8, choices=BlockState, default=BlockState.DUE)
    outcome = models.CharField(max_length=24, blank=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "phone", "user_id"], name="block_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="due"), name="block_due"),
            models.Index(fields=["office", "id"], name="block_office"),
        ]
