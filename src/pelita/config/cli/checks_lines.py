"""The checks of `pelita doctor` that need the product's models; imported once Django is set up."""

from __future__ import annotations

from django.conf import settings

from pelita.base import clock
from pelita.base.crypto import SecretUnreadableError
from pelita.config import wiring
from pelita.config.cli.checks import Finding
from pelita.whatsapp.actions.connecting import record_examination
from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.examination import examine
from pelita.whatsapp.models import Line, LineState
from pelita.whatsapp.queries import inbox_figures
from pelita.whatsapp.webhook import PATH


def lines(*, offline: bool) -> list[Finding]:
    """Every line: whether it sends, whether its secrets can be read with our keys, and unless ``offline`` what
    WhatsApp and our own webhook say of it. What was found is kept for the number's page."""
    try:
        rows = list(Line.objects.across_offices("doctor looks at every line").select_related("app").order_by("pk"))
    except SecretUnreadableError as error:
        return [Finding("nomor WhatsApp", "problem", str(error))]
    if not rows:
        return [Finding("nomor WhatsApp", "problem", "belum ada nomor; sambungkan nomor kantor lebih dahulu")]
    found = [inbox()]
    for row in rows:
        found.append(state_of(row))
        if not offline:
            found += examined(row)
    return found


def inbox() -> Finding:
    """What came in and waits for a person: items that failed too often, bodies that nobody can read."""
    figures = inbox_figures()
    found = []
    if figures.items_dead:
        found.append(f"{figures.items_dead} butir gagal diolah; coba lagi di halaman Nomor, Tersimpan tanpa diolah")
    if figures.bodies_quarantined:
        found.append(f"{figures.bodies_quarantined} kiriman tidak terbaca; lihat docs/how-to/read-a-stuck-message.md")
    return Finding("kotak masuk", "warning" if found else "ok", "; ".join(found) or "tidak ada yang tertinggal")


def examined(line: Line) -> list[Finding]:
    """What the examination says of one line, each finding with what to do."""
    name = f"nomor {line.phone_number_id}"
    try:
        checks = examine(line, examiners=wiring.EXAMINERS, webhook=settings.PUBLIC_URL + PATH, now=clock.now())
    except (BadLineError, KeyError) as error:
        return [Finding(name, "problem", str(error))]
    record_examination(line=line, checks=checks, now=clock.now())
    return [Finding(f"{name}, {check.title.lower()}", check.state.value, check.words) for check in checks]


def state_of(line: Line) -> Finding:
    """One line. Named by WhatsApp's id: a phone number has no place in a log."""
    name = f"nomor WhatsApp {line.phone_number_id}"
    if line.state != LineState.ACTIVE:
        return Finding(name, "problem", f"berhenti: {line.stop_reason or 'tanpa alasan'}")
    if not line.token:
        return Finding(name, "problem", "token belum diisi")
    return Finding(name, "ok", "aktif")
