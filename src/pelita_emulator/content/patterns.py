"""Templates: what a new one must hold, and what a phone shows once the parameters are filled in."""

import re
from typing import Any

from .files import FILES
from .interactive import check_source
from .limits import InvalidError, Json, deep, limited, listing, mapping, one_of

NAME = re.compile(r"^[a-z0-9_]{1,512}$")
LANGUAGE = re.compile(r"^[a-z]{2,3}(_[A-Z]{2})?$")
PARAMETER = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
BUTTONS = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "OTP", "FLOW", "CATALOG", "REQUEST_CONTACT_INFO")
HEADERS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION")
ODD_SPACES = re.compile(r"[\n\t]| {5,}")
BODY_LENGTH = 1024
COUNT, FORMAT, LENGTH, SPACES = 132000, 132012, 132005, 132018


def parameters_of(text: Any) -> list[str]:
    """Names or numbers of the places to fill, each once, in order."""
    return list(dict.fromkeys(PARAMETER.findall(text))) if isinstance(text, str) else []


def check_new(wish: Json, categories: tuple[str, ...]) -> None:
    """A request to create a template. Raises InvalidError."""
    if not isinstance(wish.get("name"), str) or not NAME.match(wish["name"]):
        raise InvalidError("Param name must be lower case letters, digits and underscores.")
    if not isinstance(wish.get("language"), str) or not LANGUAGE.match(wish["language"]):
        raise InvalidError("Param language is not a valid language code.")
    category = wish.get("category")
    one_of(category.upper() if isinstance(category, str) else category, categories, "category")
    parts = listing(wish.get("components"), "components", 6)
    types = [deep(mapping(part, "components"), "type").upper() for part in parts]
    if types.count("BODY") != 1 or len(set(types)) < len(types):
        raise InvalidError("A template has exactly one BODY and at most one of every other component.")
    for type_, part in zip(types, parts, strict=True):
        one_of(type_, PARTS, "components['type']")
        PARTS[type_](part)


def _check_body(part: Json) -> None:
    limited(part, "text", BODY_LENGTH, "body")
    wanted = parameters_of(part["text"])
    if wanted and not part.get("example"):
        raise InvalidError("A BODY with parameters needs an example for each of them.")
    numbers = [name for name in wanted if name.isdigit()]
    if numbers and numbers != [str(number + 1) for number in range(len(wanted))]:
        raise InvalidError("Parameters must be {{1}}, {{2}}, {{3}} in this order.")
    if re.match(r"^\s*\{\{", part["text"]) or re.search(r"\}\}\s*$", part["text"]):
        raise InvalidError("A BODY cannot begin or end with a parameter.")


def _check_header(part: Json) -> None:
    kind = one_of(deep(part, "format").upper(), HEADERS, "header['format']")
    if kind == "TEXT":
        limited(part, "text", 60, "header")
        if len(parameters_of(part["text"])) > 1:
            raise InvalidError("A header has at most one parameter.")


def _check_footer(part: Json) -> None:
    limited(part, "text", 60, "footer")


def _check_buttons(part: Json) -> None:
    for button in listing(part.get("buttons"), "buttons", 10):
        kind = one_of(deep(mapping(button, "button"), "type").upper(), BUTTONS, "button['type']")
        if kind in ("QUICK_REPLY", "URL", "PHONE_NUMBER"):
            limited(button, "text", 25, "button")
        if kind == "URL":
            limited(button, "url", 2000, "button")
        if kind == "PHONE_NUMBER":
            limited(button, "phone_number", 20, "button")


PARTS = {"BODY": _check_body, "HEADER": _check_header, "FOOTER": _check_footer, "BUTTONS": _check_buttons}


def shown(components: list[Json], filling: list[Any]) -> Json:
    """The template with its parameters, as a phone shows it: {header?, media?, body, footer?, buttons}.

    Raises InvalidError with Meta's code when the parameters are not those of the template.
    """
    given = {}
    for part in filling:
        type_ = deep(mapping(part, "components"), "type").upper()
        given[f"BUTTON {part.get('index')}" if type_ == "BUTTON" else type_] = part
    made: Json = {"buttons": []}
    for part in components:
        type_ = deep(part, "type").upper()
        if type_ == "BODY":
            made["body"] = _filled("body", part.get("text", ""), given.pop("BODY", {}))
            if len(made["body"]) > BODY_LENGTH:
                raise InvalidError(f"Translated text too long: {len(made['body'])} of {BODY_LENGTH}.", LENGTH)
        elif type_ == "HEADER":
            made |= _header(part, given.pop("HEADER", {}))
        elif type_ == "FOOTER":
            made["footer"] = part.get("text", "")
        elif type_ == "BUTTONS":
            for number, button in enumerate(part.get("buttons") or ()):
                made["buttons"].append(_button(button, given.pop(f"BUTTON {number}", {})))
    if given:
        raise InvalidError(f"Component {next(iter(given)).lower()} is not part of the template.", FORMAT)
    return made


def _filled(where: str, text: str, part: Json) -> str:
    wanted, values = parameters_of(text), part.get("parameters") or []
    if len(values) != len(wanted):
        raise InvalidError(
            f"{where}: number of localizable_params ({len(values)}) does not match the expected number of params "
            f"({len(wanted)})",
            COUNT,
        )
    found: dict[str, str] = {}
    for number, value in enumerate(values):
        kind = deep(value, "type")
        content = deep(value, "text") or deep(value, kind, "fallback_value")
        if kind not in ("text", "currency", "date_time") or not content:
            raise InvalidError(f"{where}: Parameter {number + 1} must be a text.", FORMAT)
        if ODD_SPACES.search(content):
            raise InvalidError(
                f"{where}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces", SPACES
            )
        found[deep(value, "parameter_name") or wanted[number]] = content
    if set(found) != set(wanted):
        raise InvalidError(f"{where}: parameter_name must be one of {', '.join(wanted)}.", FORMAT)
    return PARAMETER.sub(lambda match: found[match[1]], text)


def _header(part: Json, given: Json) -> Json:
    kind = deep(part, "format").upper()
    if kind == "TEXT":
        return {"header": _filled("header", part.get("text", ""), given)}
    values = given.get("parameters") or []
    name = kind.lower()
    if len(values) != 1 or deep(values[0], "type") != name:
        raise InvalidError(f"header: Format mismatch, expected {kind}.", FORMAT)
    if name in FILES:
        check_source(values[0].get(name), f"header['{name}']")
    return {"media": {"type": name, name: values[0].get(name)}}


def _button(button: Json, given: Json) -> Json:
    kind = deep(button, "type").upper()
    made = {"type": kind, "text": deep(button, "text")}
    values = given.get("parameters") or []
    if kind == "QUICK_REPLY":
        made["payload"] = deep(values[0], "payload") if values else made["text"]
    elif kind == "URL":
        made["url"] = deep(button, "url")
        if parameters_of(made["url"]):
            if not values:
                raise InvalidError("buttons: Button at index 0 of type Url requires a parameter", COUNT)
            made["url"] = PARAMETER.sub(deep(values[0], "text"), made["url"])
    elif kind == "PHONE_NUMBER":
        made["phone_number"] = deep(button, "phone_number")
    return made
