"""Storage of the cost meter: how many messages WhatsApp delivered and charged, and what one costs."""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class Meter(OfficeModel):
    """Delivered messages of one line, month and category, kept up as statuses come in.

    ``month`` is the first day of the month in which the message was delivered, by UTC as WhatsApp counts. ``free``
    counts those that WhatsApp said it does not charge.
    """

    line = models.ForeignKey("whatsapp.Line", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    category = models.CharField(max_length=24, help_text="service, utility, marketing, authentication, … (open list)")
    delivered = models.PositiveIntegerField(default=0)
    free = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "month", "category"], name="meter_once")]
        indexes = [models.Index(fields=["office", "line", "month"], name="meter_month")]


class Price(OfficeModel):
    """What one charged message costs from a day on; the office edits it. Newest row of a category holds."""

    category = models.CharField(max_length=24)
    starts_on = models.DateField()
    amount = models.DecimalField(max_digits=10, decimal_places=4)
    currency = models.CharField(max_length=3, default="IDR")
    source = models.CharField(max_length=200, blank=True, help_text="Where the figure comes from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "category", "starts_on"], name="price_once")]
