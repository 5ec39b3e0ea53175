"""What WhatsApp says about templates by itself. They belong to an account: every line of it hears.

News come unordered and sometimes not at all, so each also asks for the list, which has the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from pelita.whatsapp import jobs, templates
from pelita.whatsapp.actions.places import lines_of
from pelita.whatsapp.actions.templates import REASON, change
from pelita.whatsapp.models import Item, Line, Template, TemplateSync
from pelita.whatsapp.parse import text_of
from pelita.whatsapp.ports import Handlers

SECOND = timedelta(seconds=1)


def take_status(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:  # noqa: ARG001  # FieldHandler
    """``message_template_status_update``."""
    lines = lines_of(items)
    for item in items:
        said = _said(item)
        event = text_of(said.get("event"))
        _apply(
            item, lines[item.pk], {"state": templates.state_of(event), "reason": _reason(said)} if event else {}, now
        )


def take_quality(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:  # noqa: ARG001  # FieldHandler
    """``message_template_quality_update``."""
    lines = lines_of(items)
    for item in items:
        quality = text_of(_said(item).get("new_quality_score"))[:12]
        _apply(item, lines[item.pk], {"quality": quality} if quality else {}, now)


def take_components(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:  # noqa: ARG001  # as above
    """``message_template_components_update`` tells a part of the new texts only; the list tells all."""
    lines = lines_of(items)
    for item in items:
        _apply(item, lines[item.pk], {}, now)


def take_category(items: Sequence[Item], *, now: datetime, handlers: Handlers) -> None:  # noqa: ARG001  # FieldHandler
    """``template_category_update``. With ``correct_category`` it only warns of a change to come."""
    lines = lines_of(items)
    for item in items:
        said = _said(item)
        category = "" if said.get("correct_category") else text_of(said.get("new_category"))[:24]
        _apply(item, lines[item.pk], {"category": category} if category else {}, now)


def _said(item: Item) -> dict[str, Any]:
    said = item.payload.get("item")
    return said if isinstance(said, dict) else {}


def _reason(said: dict[str, Any]) -> str:
    other = said.get("other_info")
    more = text_of(other.get("title")) if isinstance(other, dict) else ""
    reason = text_of(said.get("reason"))
    return ("" if reason.upper() == "NONE" else reason)[:REASON] or more[:REASON]


def _apply(item: Item, lines: Sequence[Line], wanted: dict[str, Any], now: datetime) -> None:
    at = item.occurred_at
    for row in _rows(lines, _said(item)) if wanted and lines else ():
        # WhatsApp's moments are whole seconds. What is older than our knowledge was overtaken.
        if at is None or at + SECOND >= row.changed_at:
            change(row, wanted, now)
    for line in lines:
        TemplateSync.objects.filter(office=line.office_id, line=line).update(next_at=now)
        jobs.wake_templates(line.pk)


def _rows(lines: Sequence[Line], said: dict[str, Any]) -> list[Template]:
    """The template that a piece of news speaks of, in each of the account's lines, locked."""
    provider_id = text_of(said.get("message_template_id"))
    name, language = text_of(said.get("message_template_name")), text_of(said.get("message_template_language"))
    which = Q(name=name, language=language)
    if provider_id:
        which |= Q(provider_id=provider_id)
    rows = Template.objects.across_offices("news of an account reach its lines").filter(which, line__in=lines)
    return list(rows.select_for_update(of=("self",)).order_by("id"))
