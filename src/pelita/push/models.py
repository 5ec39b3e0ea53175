"""Storage of the browsers and installed desks to which an officer wants to be pushed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from pelita.base.crypto import ForgivingSealedField
from pelita.base.scoping import OfficeModel


class Device(OfficeModel):
    """One browser of one officer, as its push service knows it.

    ``endpoint`` is a secret: whoever has it may write there. It is sealed, and appears in no log, fact or address;
    ``endpoint_hash`` (SHA-256, hexadecimal) stands for it. A browser belongs to whoever turned it on last. Both
    secrets are empty where the key that sealed them is gone; nothing arrives there until it is turned on anew.
    """

    officer = models.ForeignKey("offices.Officer", on_delete=models.CASCADE, related_name="+")
    endpoint = ForgivingSealedField()
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.BinaryField(help_text="The browser's public key, 65 bytes")
    auth = ForgivingSealedField(help_text="16 bytes that browser and office share, base64url")
    words = models.CharField(max_length=60, help_text="What the officer knows it by, such as 'Chrome di Android'")
    created_at = models.DateTimeField()
    ok_at = models.DateTimeField(null=True, help_text="Its push service last took something")
    failed_at = models.DateTimeField(null=True, help_text="Nothing was taken since; cleared by the next success")
    test_at = models.DateTimeField(null=True, help_text="The officer wants to see whether it works")

    class Meta:
        # An officer has at most ten; the index of the foreign key finds them.
        indexes = [models.Index(fields=["test_at"], condition=Q(test_at__isnull=False), name="device_test")]
