"""/{waba}/message_templates: create, list page by page, delete; and a template's own object."""

import base64
import binascii
from typing import Any

from pelita_emulator.content.limits import InvalidError
from pelita_emulator.content.patterns import check_new
from pelita_emulator.records import Json
from pelita_emulator.templates import CATEGORIES, Template, create, tell_page

from .calls import Call
from .errors import GraphError, refusal, template_exists, template_missing, unknown_object

PAGE, MOST = 25, 1000


def add(call: Call) -> Json:
    """POST: {"id", "status", "category"}."""
    wish = call.content
    try:
        check_new(wish, CATEGORIES)
    except InvalidError as reason:
        raise refusal(reason.code, str(reason)) from None
    if call.world.templates.named(call.object_id, wish["name"], wish["language"]):
        raise template_exists()
    template = create(call.world, call.object_id, wish)
    return {"id": template.id, "status": template.status, "category": template.category}


def listed(call: Call) -> Json:
    """GET: {"data", "paging"}, filtered by name, status, language and category, with `limit`, `after`, `before`."""
    found = [
        template
        for template in call.world.templates.all(call.object_id)
        if all(
            not call.query(name) or getattr(template, name) == call.query(name)
            for name in ("name", "status", "language", "category")
        )
    ]
    limit = min(MOST, int(call.query("limit"))) if call.query("limit").isdigit() else PAGE
    start = 0
    if call.query("after"):
        start = _place(found, call.query("after")) + 1
    elif call.query("before"):
        start = max(0, _place(found, call.query("before")) - limit)
    page = found[start : start + limit]
    answer: Json = {"data": [chosen(call, about(template)) for template in page]}
    if page:
        answer["paging"] = {"cursors": {"before": _cursor(page[0]), "after": _cursor(page[-1])}}
        if start + limit < len(found):
            answer["paging"]["next"] = str(call.request.url.include_query_params(after=_cursor(page[-1]), limit=limit))
    return answer


def one(call: Call) -> Json:
    return chosen(call, about(_own(call)))


def edit(call: Call) -> Json:
    """POST /{template_id}: new components; the template is looked at anew."""
    template = _own(call)
    wish = {"name": template.name, "language": template.language, "category": template.category, **call.content}
    try:
        check_new({"components": template.components, **wish}, CATEGORIES)
    except InvalidError as reason:
        raise refusal(reason.code, str(reason)) from None
    approved = call.world.options.template_review == "approve"
    call.world.templates.change(
        template,
        components=wish.get("components", template.components),
        category=wish["category"].upper(),
        status="APPROVED" if approved else "PENDING",
    )
    tell_page(call.world)
    return {"success": True}


def remove(call: Call) -> Json:
    """DELETE ?name= takes every language, with &hsm_id= only that one."""
    name, template_id = call.query("name"), call.query("hsm_id")
    found = [
        template
        for template in call.world.templates.all(call.object_id)
        if template.name == name and template_id in ("", template.id)
    ]
    if not found:
        raise template_missing()
    for template in found:
        call.world.templates.remove(template)
    tell_page(call.world)
    return {"success": True}


def about(template: Template) -> Json:
    """A template as Graph shows it."""
    item: Json = {
        "name": template.name,
        "parameter_format": template.format,
        "components": template.components,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "id": template.id,
        "quality_score": {"score": template.quality},
    }
    return item if template.status != "REJECTED" else {**item, "rejected_reason": template.reason}


def chosen(call: Call, everything: Json) -> Json:
    """Graph's `fields`: those alone, the id always."""
    wanted = {name.strip() for name in call.query("fields").split(",") if name.strip()}
    return {name: value for name, value in everything.items() if name == "id" or name in wanted or not wanted}


def _own(call: Call) -> Template:
    template = call.world.templates.get(call.object_id)
    if template is None or all(line.waba_id != template.waba for line in call.lines):
        raise unknown_object(call.object_id)
    return template


def _cursor(template: Template) -> str:
    return base64.urlsafe_b64encode(template.id.encode()).decode().rstrip("=")


def _place(found: list[Template], cursor: Any) -> int:
    try:
        template_id = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return next(number for number, template in enumerate(found) if template.id == template_id)
    except (binascii.Error, UnicodeDecodeError, StopIteration):
        raise GraphError(
            400, {"message": "(#100) Invalid cursors values", "type": "OAuthException", "code": 100}
        ) from None
