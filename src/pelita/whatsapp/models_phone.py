"""Storage of what a number shares with the app on the office's phone (coexistence)."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class AddressBookEntry(OfficeModel):
    """A person in the address book of the office's phone. ``removed_at`` set: taken out there since."""

    line = models.ForeignKey("whatsapp.Line", on_delete=models.PROTECT, related_name="+")
    wa_id = models.CharField(max_length=20, blank=True)
    user_id = models.CharField(max_length=140, blank=True)
    name = models.CharField(max_length=200)
    synced_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "wa_id", "user_id"], name="address_once")]
        indexes = [models.Index(fields=["office", "line", "name", "id"], name="address_list")]
