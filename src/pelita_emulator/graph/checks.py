"""What a message to be sent holds: Meta's limits, its files, its catalogue, its template."""

from typing import TYPE_CHECKING

from pelita_emulator.content.files import FILES, bare
from pelita_emulator.content.interactive import PRODUCTS
from pelita_emulator.content.kinds import KINDS
from pelita_emulator.content.limits import InvalidError
from pelita_emulator.content.patterns import shown
from pelita_emulator.lines import SERVICE
from pelita_emulator.records import Json
from pelita_emulator.settings import Line

from .errors import refusal, required

if TYPE_CHECKING:
    from pelita_emulator.world import World

SENDING_STOPPED = {"PAUSED": 132015, "DISABLED": 132016}


def checked_type(world: "World", line: Line, request: Json) -> str:
    type_ = request.get("type", "text")
    if not isinstance(type_, str) or type_ not in KINDS:
        names = ", ".join(sorted(KINDS)).upper()
        raise refusal(100, f'Param type must be one of {{{names}}} - got "{type_}".')
    if request.get("recipient_type", "individual") not in ("individual", "group"):
        raise refusal(100, "Param recipient_type must be one of {INDIVIDUAL, GROUP}.")
    if type_ not in request:
        raise required(type_)
    content = request[type_]
    try:
        KINDS[type_].check(content)
    except InvalidError as reason:
        raise refusal(reason.code, str(reason)) from None
    if type_ in FILES:
        _check_file(world, line, type_, content)
    elif type_ == "interactive":
        header = content.get("header") or {}
        if header.get("type") in FILES:
            _check_file(world, line, header["type"], header[header["type"]])
        if content["type"] in PRODUCTS:
            _check_catalog(world, line, content["action"])
    return type_


def _check_file(world: "World", line: Line, type_: str, content: Json) -> None:
    """A file by id must still be there, belong to the number, and be what the type takes."""
    if type_ not in FILES or "id" not in content:
        return
    file = world.shelf.get(content["id"])
    if file is None or file.line not in ("", line.phone_number_id):
        raise refusal(131053, "The media id does not exist, or it has expired. Upload the file again.")
    most = FILES[type_].types.get(bare(file.mime_type))
    if most is None:
        raise refusal(131053, f"Unsupported {type_} type {file.mime_type}.")
    if file.size > most:
        raise refusal(131053, f"Media file size too big for {type_}. Max file size: {most} bytes.")


def content_of(world: "World", line: Line, type_: str, content: Json) -> tuple[Json, str]:
    """The message's body with what a phone shows of a template, and the category that it costs."""
    if type_ != "template":
        return {type_: content}, SERVICE
    name, language = content["name"], content["language"]["code"]
    template = world.templates.named(line.waba_id, name, language)
    if template is not None and template.status in SENDING_STOPPED:
        raise refusal(SENDING_STOPPED[template.status])
    if template is None or template.status != "APPROVED":
        raise refusal(132001, f"template name ({name}) does not exist in {language}")
    try:
        made = shown(template.components, content.get("components") or [])
    except InvalidError as reason:
        raise refusal(reason.code, str(reason)) from None
    if file := made.get("media"):
        _check_file(world, line, file["type"], file[file["type"]])
    return {type_: content, "shown": made}, template.category.lower()


def _check_catalog(world: "World", line: Line, action: Json) -> None:
    catalog = world.lines.state(line.phone_number_id).catalog_id
    if not catalog or action.get("catalog_id", catalog) != catalog:
        raise refusal(131009, "Products not found in FB Catalog. No such catalog is connected to this account.")
    known = {item["id"] for item in world.goods.all(catalog)}
    wanted = [action.get("product_retailer_id")] + [
        item.get("product_retailer_id") for section in action.get("sections", []) for item in section["product_items"]
    ]
    # A catalogue that nobody has written to is one whose items are not ours to know.
    if known and not known.issuperset(one for one in wanted if one):
        raise refusal(131009, "Products not found in FB Catalog. Some products are not available in the catalog.")
