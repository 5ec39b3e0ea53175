"""Interactive messages: what each kind must hold. Values that are wrong get 131009, as Meta answers them."""

from collections.abc import Callable
from typing import Any

from .files import FILES
from .limits import BAD_VALUE, InvalidError, Json, deep, limited, listing, mapping, one_of

HEADERS = ("text", "image", "video", "document")


def check_interactive(content: Any) -> None:
    item = mapping(content, "interactive")
    name = one_of(item.get("type"), INTERACTIVE, "interactive['type']")
    check, body_most = INTERACTIVE[name]
    if body_most:
        body = mapping(item.get("body"), "interactive['body']")
        limited(body, "text", body_most, "interactive['body']")
    if item.get("footer") is not None:
        limited(mapping(item["footer"], "interactive['footer']"), "text", 60, "interactive['footer']")
    if item.get("header") is not None:
        _check_header(name, mapping(item["header"], "interactive['header']"))
    elif name == "product_list":
        raise InvalidError("The parameter interactive['header'] is required.")
    check(mapping(item.get("action"), "interactive['action']"))


def _check_header(name: str, header: Json) -> None:
    known = ("text",) if name in ("list", "product_list") else HEADERS
    kind = one_of(header.get("type"), known, "interactive['header']['type']", BAD_VALUE)
    if kind == "text":
        limited(header, "text", 60, "interactive['header']", code=BAD_VALUE)
    else:
        check_source(header.get(kind), f"interactive['header']['{kind}']")


def check_source(item: Any, where: str) -> None:
    """A file by `id` or by `link`, never both."""
    file = mapping(item, where)
    if ("id" in file) == ("link" in file):
        raise InvalidError(f"Param {where} must have exactly one of 'id' and 'link'.")
    value = file.get("id", file.get("link"))
    if not isinstance(value, str) or not value:
        raise InvalidError(f"Param {where} must be a string.")
    if "link" in file and not value.startswith(("http://", "https://")):
        raise InvalidError(f"Param {where}['link'] is not a valid URI.")


def media(name: str) -> Callable[[Any], None]:
    """The check of a message that is a file."""

    def check(content: Any) -> None:
        check_source(content, name)
        if FILES[name].caption:
            limited(content, "caption", 1024, name, required=False)
        elif "caption" in content:
            raise InvalidError(f"Param {name}['caption'] is not supported.")
        limited(content, "filename", 240, name, required=False)

    return check


def check_buttons(action: Json) -> None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise InvalidError("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3.", BAD_VALUE)
    seen: set[str] = set()
    for button in buttons:
        reply = mapping(mapping(button, "button").get("reply"), "button['reply']")
        _counted(reply, "title", 20, "Button title")
        _counted(reply, "id", 256, "Button id")
        if reply["id"] in seen or reply["title"] in seen:
            raise InvalidError("Button ids and titles must be unique.", BAD_VALUE)
        seen |= {reply["id"], reply["title"]}


def check_list(action: Json) -> None:
    _counted(action, "button", 20, "Button label")
    sections = listing(action.get("sections"), "action['sections']", 10, BAD_VALUE)
    rows: list[Json] = []
    for section in sections:
        if len(sections) > 1 or mapping(section, "section").get("title") is not None:
            _counted(mapping(section, "section"), "title", 24, "Section title")
        rows += listing(section.get("rows"), "section['rows']", 10, BAD_VALUE)
    if len(rows) > 10:
        raise InvalidError("Total row count exceed max allowed count: 10.", BAD_VALUE)
    for row in rows:
        _counted(mapping(row, "row"), "id", 200, "Row id")
        _counted(row, "title", 24, "Row title")
        if row.get("description") is not None:
            _counted(row, "description", 72, "Row description")
    if len({row["id"] for row in rows}) < len(rows):
        raise InvalidError("Row ids must be unique.", BAD_VALUE)


def check_link(action: Json) -> None:
    _named(action, "cta_url")
    parameters = mapping(action.get("parameters"), "action['parameters']")
    _counted(parameters, "display_text", 20, "Button text")
    if not deep(parameters, "url").startswith(("http://", "https://")):
        raise InvalidError("Param action['parameters']['url'] is not a valid URI.", BAD_VALUE)


def check_flow(action: Json) -> None:
    _named(action, "flow")
    parameters = mapping(action.get("parameters"), "action['parameters']")
    for name in ("flow_message_version", "flow_cta"):
        limited(parameters, name, 30, "action['parameters']", code=BAD_VALUE)
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise InvalidError("Exactly one of 'flow_id' and 'flow_name' is required.", BAD_VALUE)


def check_product(action: Json) -> None:
    for name in ("catalog_id", "product_retailer_id"):
        limited(action, name, 256, "action", code=BAD_VALUE)


def check_products(action: Json) -> None:
    limited(action, "catalog_id", 256, "action", code=BAD_VALUE)
    items = 0
    for section in listing(action.get("sections"), "action['sections']", 10, BAD_VALUE):
        _counted(mapping(section, "section"), "title", 24, "Section title")
        products = listing(section.get("product_items"), "section['product_items']", 30, BAD_VALUE)
        for product in products:
            limited(mapping(product, "product_item"), "product_retailer_id", 256, "product_item", code=BAD_VALUE)
        items += len(products)
    if items > 30:
        raise InvalidError("Total product count exceed max allowed count: 30.", BAD_VALUE)


def named(name: str) -> Callable[[Json], None]:
    return lambda action: _named(action, name)


def _named(action: Json, name: str) -> None:
    if action.get("name") != name:
        raise InvalidError(f"Param action['name'] must be one of {{{name}}}.", BAD_VALUE)


def _counted(parent: Json, name: str, most: int, what: str) -> None:
    value = parent.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise InvalidError(f"{what} length invalid. Min length: 1, Max length: {most}", BAD_VALUE)


# Each kind: the check of its action, and the most characters of its body (0 when it has none).
INTERACTIVE: dict[str, tuple[Callable[[Json], None], int]] = {
    "button": (check_buttons, 1024),
    "list": (check_list, 4096),
    "cta_url": (check_link, 1024),
    "flow": (check_flow, 1024),
    "location_request_message": (named("send_location"), 1024),
    "request_contact_info": (named("request_contact_info"), 1024),
    "product": (check_product, 0),
    "product_list": (check_products, 1024),
    "catalog_message": (named("catalog_message"), 1024),
}
PRODUCTS = ("product", "product_list", "catalog_message")
