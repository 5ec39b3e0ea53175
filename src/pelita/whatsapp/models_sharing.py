"""How often an office's number was taken along: daily counts and nothing about anybody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel


class Way(models.TextChoices):
    """What was counted: an opened page by where its address stood, a taken contact, an opened chat."""

    WEB = "web", _("Halaman dibuka dari situs")
    POSTER = "poster", _("Dari poster")
    STICKER = "stiker", _("Dari stiker")
    LEAFLET = "selebaran", _("Dari selebaran")
    CONTACT = "vcf", _("Kontak disimpan")
    CHAT = "wa", _("Chat dibuka")


class NumberTaken(OfficeModel):
    """How often on one day in one way; a row begins with the first time."""

    day = models.DateField()
    way = models.CharField(max_length=12, choices=Way)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        # Serves the sums of a period too: an office has six rows a day.
        constraints = [models.UniqueConstraint(fields=["office", "day", "way"], name="number_taken_once")]
