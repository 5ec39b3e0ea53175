"""Reads of templates. Each takes the office or its line."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from pelita.offices.models import Office
from pelita.whatsapp.models import Line, Template, TemplateState, TemplateSync

PAGE = 30
# Between the parts of a cursor: no name or language holds it.
SEPARATOR = "~"


def usable(line: Line, purpose: str) -> Template | None:
    """The approved template for a purpose, in the line's language when there is one in it."""
    rows = Template.objects.filter(office=line.office_id, line=line, purpose=purpose, state=TemplateState.APPROVED)
    found = list(rows.order_by("id"))
    return next((one for one in found if one.language == line.language), found[0] if found else None)


def why_none(line: Line, purpose: str) -> str:
    """Why no template serves a purpose, and what to do, as a sentence."""
    rows = Template.objects.filter(office=line.office_id, line=line, purpose=purpose)
    newest = rows.exclude(state=TemplateState.DELETED).order_by("-changed_at").first()
    if newest is None:
        return _(
            "Templat pemberitahuan belum ada di nomor ini. Buka Nomor WhatsApp, Templat pesan, lalu tekan Ambil dari "
            "WhatsApp."
        )
    if newest.state in {TemplateState.DRAFT, TemplateState.PENDING, TemplateState.IN_APPEAL} and not newest.reason:
        return _("Templat pemberitahuan masih diperiksa WhatsApp. Kirim lagi sesudah disetujui.")
    return _("Templat pemberitahuan tidak bisa dipakai ({state}). Perbaiki di Nomor WhatsApp, Templat pesan.").format(
        state=newest.get_state_display().lower()
    )


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """Rows by name and language, and the cursor of what follows (empty at the end)."""

    rows: list[Template]
    cursor: str


def page(office: Office, *, after: str = "") -> TemplatePage:
    """One page of the office's templates, deleted ones left out. Served by the index ``template_list``."""
    rows = Template.objects.filter(office=office).exclude(state=TemplateState.DELETED)
    line, name, language = _cursor(after)
    if name:
        later = Q(name__gt=name) | Q(name=name, language__gt=language)
        rows = rows.filter(Q(line__gt=line) | Q(later, line=line))
    found = list(rows.select_related("line").defer("line__token").order_by("line", "name", "language")[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    last = found[-1] if found else None
    cursor = SEPARATOR.join((str(last.line_id), last.name, last.language)) if more and last else ""
    return TemplatePage(found, cursor)


def _cursor(text: str) -> tuple[int, str, str]:
    parts = text.split(SEPARATOR)
    if len(parts) != 3 or not (parts[0].isdecimal() and len(parts[0]) <= 18):
        return 0, "", ""
    return int(parts[0]), parts[1], parts[2]


def one(office: Office, pk: int) -> Template | None:
    return Template.objects.filter(office=office, pk=pk).select_related("line").defer("line__token").first()


def syncs(office: Office) -> list[TemplateSync]:
    """How current the lists are, line by line."""
    return list(TemplateSync.objects.filter(office=office).order_by("line"))
