"""Every write of templates: by a person, by WhatsApp's list, by WhatsApp's news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from pelita.journal import actions as journal
from pelita.offices.models import Role
from pelita.offices.rules import Place
from pelita.whatsapp import jobs, templates
from pelita.whatsapp.errors import BadTemplateError, NotAllowedError, TemplateBusyError
from pelita.whatsapp.gateways.management import Listed
from pelita.whatsapp.models import Line, Template, TemplateState, TemplateSync
from pelita.whatsapp.templates import Draft

REGULAR = timedelta(hours=6)  # news may get lost; the list is the truth
LEASE = timedelta(minutes=2)  # longer than a comparison takes
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
LAG = timedelta(minutes=10)
REASON = 200


def _require(place: Place, office_id: int) -> None:
    if place.office.pk != office_id or not place.roles & {Role.ADMIN, Role.OPERATOR}:
        raise NotAllowedError


def _fact(template: Template, verb: str, *, by: Place | None, now: datetime, **data: Any) -> None:
    journal.record(
        office=template.office_id, verb=verb, subject=("template", template.pk), by=by.officer if by else None, now=now,
        name=template.name[:80], language=template.language, **data,
    )  # fmt: skip


# -- by a person ----------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_sync(*, line: Line, by: Place | None, now: datetime) -> None:
    """Let a worker compare the line's templates with WhatsApp's list. The screen says so until it has."""
    if by is not None:
        _require(by, line.office_id)
    rows = TemplateSync.objects.filter(office=line.office_id, line=line)
    if not rows.update(asked_at=now, next_at=now):
        TemplateSync.objects.bulk_create(
            [TemplateSync(office_id=line.office_id, line=line, asked_at=now, next_at=now)], ignore_conflicts=True
        )
    if by is not None:
        journal.record(office=line.office_id, verb="template.asked", subject=("line", line.pk), by=by.officer, now=now)
    jobs.wake_templates(line.pk)


@transaction.atomic
def create(*, line: Line, draft: Draft, by: Place, now: datetime) -> Template:
    """Keep a new template and let a worker hand it in. Raises NotAllowedError and BadTemplateError."""
    _require(by, line.office_id)
    components = templates.components_of(draft)
    try:
        with transaction.atomic():
            made = Template.objects.create(
                office_id=line.office_id, line=line, name=draft.name, language=draft.language,
                category=draft.category, components=components, purpose=draft.purpose, created_at=now, changed_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise BadTemplateError(
            "name", _("Nama ini sudah ada dalam bahasa itu, atau baru dihapus. Pakai nama lain.")
        ) from error
    _fact(made, "template.created", by=by, now=now)
    ask_sync(line=line, by=None, now=now)
    return made


@transaction.atomic
def hand_in_again(*, template: Template, by: Place, now: datetime) -> None:
    """Try once more what WhatsApp did not take. Raises TemplateBusyError when it is not such a one any more."""
    _require(by, template.office_id)
    again = Template.objects.filter(office=template.office_id, pk=template.pk, state=TemplateState.DRAFT)
    if not again.exclude(reason="").update(reason="", changed_at=now):
        raise TemplateBusyError
    _fact(template, "template.created", by=by, now=now)
    ask_sync(line=template.line, by=None, now=now)


@transaction.atomic
def delete(*, template: Template, by: Place, now: datetime) -> None:
    """Let a worker delete it at WhatsApp, which keeps its name for 30 days; one that was never there is gone at once.

    Raises TemplateBusyError when somebody else did.
    """
    _require(by, template.office_id)
    row = Template.objects.select_for_update().get(office=template.office_id, pk=template.pk)
    if row.state in {TemplateState.DELETED, TemplateState.PENDING_DELETION}:
        raise TemplateBusyError
    row.state = TemplateState.PENDING_DELETION if row.provider_id else TemplateState.DELETED
    row.changed_at = now
    row.save(update_fields=["state", "changed_at"])
    _fact(template, "template.deleted", by=by, now=now)
    ask_sync(line=template.line, by=None, now=now)


# -- by the worker --------------------------------------------------------------------------------------------------


@transaction.atomic
def look_after(*, now: datetime) -> None:
    """Give every line that has none its comparison: a new number needs the product's own template."""
    # The office is the outer line's, so the guard has nothing to add here.
    there = TemplateSync.objects.across_offices("of the line that the outer query names").filter(line=OuterRef("pk"))
    without = Line.objects.across_offices("the worker looks after the templates of every line").filter(~Exists(there))
    TemplateSync.objects.bulk_create(
        [TemplateSync(office_id=line.office_id, line=line, asked_at=now, next_at=now) for line in without],
        ignore_conflicts=True,
    )


def due(now: datetime) -> list[int]:
    """Lines whose templates are to be compared now."""
    rows = TemplateSync.objects.across_offices("the worker looks after the templates of every line")
    return list(rows.filter(next_at__lte=now).order_by("next_at").values_list("line", flat=True)[:100])


@transaction.atomic
def begin(*, line_id: int, now: datetime) -> Line | None:
    """The line, when its comparison is due and no other worker has it."""
    rows = TemplateSync.objects.across_offices("a job names its line, and the line its office")
    if not rows.filter(line=line_id, next_at__lte=now).update(next_at=now + LEASE):
        return None
    return Line.objects.across_offices("a job names its line, and the line its office").get(pk=line_id)


@transaction.atomic
def take_list(*, line: Line, listed: Sequence[Listed], now: datetime) -> None:
    """Bring the line's templates in step with WhatsApp's whole list; make the product's own ones that are missing."""
    known = {
        (row.name, row.language): row
        for row in Template.objects.filter(office=line.office_id, line=line).select_for_update()
    }
    for one in listed:
        row = known.pop((one.name, one.language), None)
        if row is None:
            row = Template(
                office_id=line.office_id, line=line, name=one.name, language=one.language, created_at=now,
                changed_at=now,
            )  # fmt: skip
        _take_one(row, one, now)
    for row in known.values():
        # A list may lag behind what was handed in a moment ago.
        fresh = row.changed_at > now - LAG
        if not fresh and row.state not in {TemplateState.DRAFT, TemplateState.DELETED}:
            change(row, {"state": TemplateState.DELETED}, now)
    _make_own(line, now)


def _take_one(row: Template, one: Listed, now: datetime) -> None:
    wanted: dict[str, Any] = {
        "provider_id": one.provider_id, "category": one.category, "components": one.components,
        "quality": one.quality, "reason": one.reason,
    }  # fmt: skip
    if row.state != TemplateState.PENDING_DELETION:
        wanted["state"] = templates.state_of(one.status)
    if not row.purpose:
        wanted["purpose"] = templates.purpose_of(one.name, one.components)
    elif not templates.serves(one.components, row.purpose):
        wanted["purpose"] = ""  # changed at WhatsApp's side into something else
    change(row, wanted, now)


def change(row: Template, wanted: dict[str, Any], now: datetime) -> None:
    """Write what differs, with a fact when people would notice."""
    changed = {name for name, value in wanted.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, wanted[name])
    new = row.pk is None
    row.synced_at = now
    if changed:
        row.changed_at = now
    row.save()
    if new or changed & {"state", "quality", "category", "reason"}:
        _fact(row, "template.changed", by=None, now=now, state=row.state)


def _make_own(line: Line, now: datetime) -> None:
    rows = Template.objects.filter(office=line.office_id, line=line)
    for own in templates.OWN:
        if not rows.filter(purpose=own.purpose).exists() and not rows.filter(name=own.name).exists():
            made = Template.objects.create(
                office_id=line.office_id, line=line, name=own.name, language=own.language, category=own.category,
                components=templates.components_of(own), purpose=own.purpose, created_at=now, changed_at=now,
            )  # fmt: skip
            _fact(made, "template.created", by=None, now=now)


def to_hand_in(line: Line) -> list[Template]:
    """What WhatsApp has not seen yet. One that it refused waits for a person."""
    rows = Template.objects.filter(office=line.office_id, line=line, state=TemplateState.DRAFT, reason="")
    return list(rows.order_by("id"))


def to_delete(line: Line) -> list[Template]:
    rows = Template.objects.filter(office=line.office_id, line=line, state=TemplateState.PENDING_DELETION)
    return list(rows.exclude(provider_id="").order_by("id"))


@transaction.atomic
def handed_in(*, template: Template, provider_id: str, status: str, category: str, now: datetime) -> None:
    """WhatsApp has it; news that came faster than its answer wins."""
    rows = Template.objects.filter(office=template.office_id, pk=template.pk, state=TemplateState.DRAFT)
    state = templates.state_of(status)
    moved = rows.update(
        provider_id=provider_id, state=state, category=category or template.category, changed_at=now, synced_at=now
    )
    if moved:
        _fact(template, "template.changed", by=None, now=now, state=state)


@transaction.atomic
def refused(*, template: Template, reason: str, now: datetime) -> None:
    """WhatsApp did not take it; a person must change something."""
    said = " ".join(reason.split())[:REASON] or _("WhatsApp menolak tanpa alasan")
    rows = Template.objects.filter(office=template.office_id, pk=template.pk, state=TemplateState.DRAFT)
    if rows.update(reason=said, changed_at=now):
        _fact(template, "template.changed", by=None, now=now, state=TemplateState.DRAFT)


@transaction.atomic
def deleted(*, template: Template, now: datetime) -> None:
    rows = Template.objects.filter(office=template.office_id, pk=template.pk, state=TemplateState.PENDING_DELETION)
    if rows.update(state=TemplateState.DELETED, changed_at=now):
        _fact(template, "template.changed", by=None, now=now, state=TemplateState.DELETED)


@transaction.atomic
def finish(*, line: Line, begun: datetime, error: str, now: datetime) -> None:
    """The comparison is over, with the outcome that stopped it or none. Whoever asked meanwhile is served next."""
    row = TemplateSync.objects.select_for_update().get(office=line.office_id, line=line)
    waited = row.answered_at is None or row.asked_at > row.answered_at
    row.answered_at, row.error = begun, error
    row.failures = row.failures + 1 if error else 0
    pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.failures - 1, 10)) if error else REGULAR
    row.next_at = now if row.asked_at > begun else now + pause
    row.save(update_fields=["answered_at", "error", "failures", "next_at"])
    if waited:
        journal.record(office=line.office_id, verb="template.synced", subject=("line", line.pk), by=None, now=now)
