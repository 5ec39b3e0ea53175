"""Storage of example files: how a paper that is asked for looks, or the form itself.

Few, small and for everybody, so the bytes lie in the database: they are copied, backed up and deleted with it.
"""

from __future__ import annotations

from django.db import models

from pelita.base.scoping import OfficeModel


class ExampleFile(OfficeModel):
    """A checked file, once for an office however many versions show it."""

    sha256 = models.CharField(max_length=64, help_text="Hexadecimal, of ``content``")
    kind = models.CharField(max_length=40, help_text="image/jpeg or application/pdf, by content")
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "sha256"], name="example_file_once")]


class Example(OfficeModel):
    """The file beside one requirement of a version, by the requirement's position."""

    version = models.ForeignKey("catalog.ServiceVersion", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    file = models.ForeignKey(ExampleFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="As it is offered for keeping")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "version", "position"], name="example_once")]
