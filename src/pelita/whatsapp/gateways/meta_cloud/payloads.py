"""Outgoing messages as the Cloud API wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pelita.whatsapp import patterns
from pelita.whatsapp.gateways import base
from pelita.whatsapp.gateways.base import REACTION, READ_MARK, TEMPLATE, Outgoing

Json = dict[str, Any]

# These are shown without what they quote, so Meta takes no context with them.
_WITHOUT_CONTEXT = (TEMPLATE, REACTION)

_TEMPLATE_BUTTONS = {
    "QUICK_REPLY": ("quick_reply", "payload", "payload"),
    "URL": ("url", "text", "text"),
    "COPY_CODE": ("copy_code", "coupon_code", "coupon_code"),
}


def payload_of(outgoing: Outgoing) -> Json:
    """The JSON body of POST /{phone_number_id}/messages. Raises KeyError for a kind that Meta does not know."""
    if outgoing.kind == READ_MARK:
        return {"messaging_product": "whatsapp", "status": "read", "message_id": outgoing.reply_to}
    type_, content = _content(outgoing)
    body: Json = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_address(outgoing),
        "type": type_,
        type_: content,
        # The only thing of ours that statuses bring back: it settles calls whose answer was lost.
        "biz_opaque_callback_data": outgoing.key,
    }
    if outgoing.reply_to and outgoing.kind not in _WITHOUT_CONTEXT:
        body["context"] = {"message_id": outgoing.reply_to}
    return body


def _address(outgoing: Outgoing) -> Json:
    """``to`` in E.164 with its plus; the business-scoped id only without a phone (with both, Meta takes ``to``)."""
    if outgoing.to_phone:
        return {"to": "+" + outgoing.to_phone}
    return {"recipient": outgoing.to_user_id}


def _content(outgoing: Outgoing) -> tuple[str, Any]:
    """Meta's type, and what stands under that name."""
    if outgoing.kind in base.FILES:
        return outgoing.kind, _file(outgoing)
    if outgoing.kind in _INTERACTIVE:
        return "interactive", _interactive(outgoing)
    return outgoing.kind, _PLAIN[outgoing.kind](outgoing)


def _text(outgoing: Outgoing) -> Json:
    # A preview would fetch whatever address a text holds and show its picture as if the office had sent it.
    return {"body": outgoing.text, "preview_url": False}


def _file(outgoing: Outgoing) -> Json:
    named = outgoing.kind == base.DOCUMENT
    return {
        "id": outgoing.media_id,
        **_given(caption=outgoing.text, filename=outgoing.content.get("filename", "") if named else ""),
    }


def _location(outgoing: Outgoing) -> Json:
    return dict(outgoing.content["location"])


def _contacts(outgoing: Outgoing) -> list[Json]:
    return [_contact(person) for person in outgoing.content["people"]]


def _contact(person: Mapping[str, Any]) -> Json:
    ids = person.get("wa_ids", [])
    phones = [
        {"phone": phone, "type": "CELL", **_given(wa_id=ids[number] if number < len(ids) else "")}
        for number, phone in enumerate(person.get("phones", []))
    ]
    # Meta wants one more part of the name beside the whole.
    name = {"formatted_name": person["name"], "first_name": person["name"]}
    company = person.get("organization", "")
    return {"name": name, **_given(phones=phones, org={"company": company} if company else None)}


def _reaction(outgoing: Outgoing) -> Json:
    return {"message_id": outgoing.reply_to, "emoji": outgoing.content.get("emoji", "")}


def _interactive(outgoing: Outgoing) -> Json:
    type_, action = _INTERACTIVE[outgoing.kind]
    header, footer = outgoing.content.get("header", ""), outgoing.content.get("footer", "")
    return {
        "type": type_,
        **_given(
            header={"type": "text", "text": header} if header else None,
            body={"text": outgoing.text} if outgoing.text else None,
            footer={"text": footer} if footer else None,
        ),
        "action": action(outgoing),
    }


def _buttons(outgoing: Outgoing) -> Json:
    return {"buttons": [{"type": "reply", "reply": dict(one)} for one in outgoing.content["buttons"]]}


def _list(outgoing: Outgoing) -> Json:
    return {"button": outgoing.content["button"], "sections": list(outgoing.content["sections"])}


def _product(outgoing: Outgoing) -> Json:
    ((_, product),) = outgoing.content["products"]
    return {"catalog_id": outgoing.catalog_id, "product_retailer_id": product}


def _product_list(outgoing: Outgoing) -> Json:
    sections = [
        {**_given(title=title), "product_items": [{"product_retailer_id": product} for product in products]}
        for title, *products in outgoing.content["products"]
    ]
    return {"catalog_id": outgoing.catalog_id, "sections": sections}


def _catalog(outgoing: Outgoing) -> Json:
    action: Json = {"name": "catalog_message"}
    for _, product in outgoing.content.get("products", []):
        action["parameters"] = {"thumbnail_product_retailer_id": product}
    return action


def _request(name: str) -> Callable[[Outgoing], Json]:
    return lambda _outgoing: {"name": name}


def _template(outgoing: Outgoing) -> Json:
    pattern = outgoing.template
    if pattern is None:
        raise KeyError("template")
    parts = pattern.components
    found = [
        *_header(outgoing, parts),
        *_texts("body", patterns.text_of(parts, "BODY"), outgoing.content.get("values", [])),
        *_template_buttons(patterns.buttons(parts), outgoing.content.get("button_values", [])),
    ]
    return {"name": pattern.name, "language": {"code": pattern.language}, **_given(components=found)}


def _header(outgoing: Outgoing, parts: Sequence[patterns.Component]) -> list[Json]:
    kind = patterns.file_kind(parts)
    if kind and outgoing.media_id:
        return [{"type": "header", "parameters": [{"type": kind, kind: {"id": outgoing.media_id}}]}]
    return _texts("header", patterns.header_text(parts), outgoing.content.get("header_values", []))


def _texts(where: str, text: str, values: Sequence[str]) -> list[Json]:
    if not values:
        return []
    names = patterns.variables(text)
    parameters = [
        {"type": "text", **({} if name.isdigit() else {"parameter_name": name}), "text": value}
        for name, value in zip(names, values, strict=True)
    ]
    return [{"type": where, "parameters": parameters}]


def _template_buttons(buttons: Sequence[patterns.Component], values: Sequence[str]) -> list[Json]:
    found = []
    for number, (button, value) in enumerate(zip(buttons, values, strict=False)):
        if value:
            type_, parameter, key = _TEMPLATE_BUTTONS[patterns.button_type(button)]
            parameters = [{"type": parameter, key: value}]
            found.append({"type": "button", "sub_type": type_, "index": str(number), "parameters": parameters})
    return found


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value}


_PLAIN: Mapping[str, Callable[[Outgoing], Any]] = {
    base.TEXT: _text,
    base.LOCATION: _location,
    base.CONTACTS: _contacts,
    REACTION: _reaction,
    TEMPLATE: _template,
}
_INTERACTIVE: Mapping[str, tuple[str, Callable[[Outgoing], Json]]] = {
    base.BUTTONS: ("button", _buttons),
    base.LIST: ("list", _list),
    base.LOCATION_REQUEST: ("location_request_message", _request("send_location")),
    base.CONTACT_REQUEST: ("request_contact_info", _request("request_contact_info")),
    base.PRODUCT: ("product", _product),
    base.PRODUCT_LIST: ("product_list", _product_list),
    base.CATALOG: ("catalog_message", _catalog),
}
