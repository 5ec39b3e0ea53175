"""Message templates of the accounts: their life, and the webhooks that tell of it."""

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from .content.patterns import parameters_of
from .ids import new_number
from .records import Json
from .store import Store

if TYPE_CHECKING:
    from .world import World

STATUSES = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "PENDING_DELETION")
CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
QUALITIES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
_JSON = "components"


class BadTemplateError(ValueError):
    """The template cannot be so; the text says why, in Indonesian."""


@dataclass(frozen=True)
class Template:
    """`waba` is the account, `format` POSITIONAL or NAMED; `reason` says why it was rejected ("NONE" otherwise)."""

    id: str
    waba: str
    name: str
    language: str
    status: str
    category: str
    components: list[Json]
    quality: str = "UNKNOWN"
    format: str = "POSITIONAL"
    reason: str = "NONE"

    def part(self, type_: str) -> Json:
        """The component of a type, {} when the template has none."""
        return next((part for part in self.components if str(part.get("type", "")).upper() == type_), {})


class Templates:
    """Rows of `templates`."""

    def __init__(self, store: Store) -> None:
        self._db = store.db

    def add(self, template: Template) -> None:
        values = asdict(template) | {_JSON: json.dumps(template.components, ensure_ascii=False)}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO templates ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - names of this package

    def get(self, template_id: str) -> Template | None:
        row = self._db.execute("SELECT * FROM templates WHERE id = ?", (template_id,)).fetchone()
        return None if row is None else _template(row)

    def named(self, waba: str, name: str, language: str) -> Template | None:
        row = self._db.execute(
            "SELECT * FROM templates WHERE waba = ? AND name = ? AND language = ?", (waba, name, language)
        ).fetchone()
        return None if row is None else _template(row)

    def all(self, waba: str | None = None) -> list[Template]:
        """Of one account or of all, newest first, as Meta lists them."""
        rows = self._db.execute("SELECT * FROM templates WHERE ? IS NULL OR waba = ? ORDER BY rowid DESC", (waba, waba))
        return [_template(row) for row in rows]

    def change(self, template: Template, **values: Any) -> Template:
        changed = replace(template, **values)
        plain = {
            name: json.dumps(value, ensure_ascii=False) if name == _JSON else value for name, value in values.items()
        }
        pairs = ", ".join(f"{name} = ?" for name in plain)
        self._db.execute(f"UPDATE templates SET {pairs} WHERE id = ?", [*plain.values(), template.id])  # noqa: S608 - names of this package
        return changed

    def remove(self, template: Template) -> None:
        self._db.execute("DELETE FROM templates WHERE id = ?", (template.id,))


def _template(row: sqlite3.Row) -> Template:
    values = dict(row)
    return Template(**{**values, _JSON: json.loads(values[_JSON])})


def create(world: "World", waba: str, wish: Json) -> Template:
    """A new template, already checked; approved at once unless the options let it wait."""
    approved = world.options.template_review == "approve"
    template = Template(
        id=new_number(),
        waba=waba,
        name=wish["name"],
        language=wish["language"],
        status="APPROVED" if approved else "PENDING",
        category=wish["category"].upper(),
        components=wish["components"],
        format=str(wish.get("parameter_format", "POSITIONAL")).upper(),
    )
    world.templates.add(template)
    if approved:
        _tell(world, template, "message_template_status_update", _status_value(template))
    tell_page(world)
    return template


def change(world: "World", template: Template, wish: Json) -> Template:
    """Move a template as Meta does: `status` (with `reason`), `quality`, `category`, `components`. Each is told.

    Raises BadTemplateError before anything changes.
    """
    known = {"status": STATUSES, "quality": QUALITIES, "category": CATEGORIES}
    for name, value in wish.items():
        right = value in known[name] if name in known else name in ("reason", _JSON)
        if not right or (name == "reason" and not isinstance(value, str)) or (name == _JSON and not _is_parts(value)):
            raise BadTemplateError(f"“{name}” tidak dikenal pada templat atau nilainya tidak sesuai.")
    changed = template
    if "status" in wish:
        reason = wish.get("reason", "INVALID_FORMAT" if wish["status"] == "REJECTED" else "NONE")
        changed = world.templates.change(changed, status=wish["status"], reason=reason)
        _tell(world, changed, "message_template_status_update", _status_value(changed))
    if "quality" in wish:
        value = {"previous_quality_score": changed.quality, "new_quality_score": wish["quality"]}
        changed = world.templates.change(changed, quality=wish["quality"])
        _tell(world, changed, "message_template_quality_update", value)
    if "category" in wish:
        value = {"previous_category": changed.category, "new_category": wish["category"]}
        changed = world.templates.change(changed, category=wish["category"])
        _tell(world, changed, "template_category_update", value)
    if _JSON in wish:
        changed = world.templates.change(changed, components=wish[_JSON])
        _tell(world, changed, "message_template_components_update", _components_value(changed))
    tell_page(world)
    return changed


def tell_page(world: "World") -> None:
    if world.hub.heard:
        world.hub.publish("templates", templates=[plain(template) for template in world.templates.all()])


def plain(template: Template) -> Json:
    """As the control API and the page show it."""
    return {**asdict(template), "parameters": len(parameters_of(template.part("BODY").get("text")))}


def _is_parts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) and part.get("type") for part in value)


def _status_value(template: Template) -> Json:
    value: Json = {"event": template.status, "reason": template.reason, "message_template_category": template.category}
    if template.status == "REJECTED":
        value["rejection_info"] = {"reason": template.reason, "recommendation": "Change the template and try again."}
    return value


def _components_value(template: Template) -> Json:
    value: Json = {"message_template_element": template.part("BODY").get("text", "")}
    for type_, name in (("HEADER", "message_template_title"), ("FOOTER", "message_template_footer")):
        if text := template.part(type_).get("text"):
            value[name] = text
    if buttons := template.part("BUTTONS").get("buttons"):
        value["message_template_buttons"] = [
            {"message_template_button_type": button["type"], "message_template_button_text": button.get("text", "")}
            for button in buttons
        ]
    return value


def _tell(world: "World", template: Template, field: str, value: Json) -> None:
    """To the webhook of the account's first number."""
    lines = world.lines.of_account(template.waba)
    about: Json = {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }
    if lines:
        world.announce(lines[0], field, {**about, **value})
