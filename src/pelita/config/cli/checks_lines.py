"""The checks of `pelita doctor` that need the product's models; imported once Django is set up."""

from __future__ import annotations

from pelita.base.crypto import SecretUnreadableError
from pelita.config.cli.checks import Finding
from pelita.whatsapp.models import Line, LineState


def lines() -> list[Finding]:
    """Every line: whether it sends, and whether its secrets can be read with our keys."""
    try:
        rows = list(Line.objects.across_offices("doctor looks at every line").order_by("pk"))
    except SecretUnreadableError as error:
        return [Finding("nomor WhatsApp", "problem", str(error))]
    if not rows:
        return [Finding("nomor WhatsApp", "problem", "belum ada nomor; sambungkan nomor kantor lebih dahulu")]
    return [state_of(row) for row in rows]


def state_of(line: Line) -> Finding:
    """One line. Named by WhatsApp's id: a phone number has no place in a log."""
    name = f"nomor WhatsApp {line.phone_number_id}"
    if line.state != LineState.ACTIVE:
        return Finding(name, "problem", f"berhenti: {line.stop_reason or 'tanpa alasan'}")
    if not line.token:
        return Finding(name, "problem", "token belum diisi")
    return Finding(name, "ok", "aktif")
