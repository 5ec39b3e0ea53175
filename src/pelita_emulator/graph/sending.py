"""Taking a message of the business: checks in Meta's order, then stored, then on its way."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pelita_emulator.chats import with_reaction
from pelita_emulator.content.kinds import KINDS
from pelita_emulator.faults import Fault
from pelita_emulator.ids import BSUID, BadPhoneError, new_wamid, normal_phone
from pelita_emulator.lines import SERVICE
from pelita_emulator.records import IN, OUT, Citizen, Json, Message
from pelita_emulator.settings import Line
from pelita_emulator.ties import MARKETING, STOPPED

from .calls import Call
from .checks import checked_type, content_of
from .errors import refusal, required, webhook_error

if TYPE_CHECKING:
    from pelita_emulator.world import World

OPAQUE_LENGTH = 512
PHONE_LIKE = re.compile(r"^[+0-9()\s.-]+$")
NO_REPLY_TYPES = ("template", "reaction")


def messages(call: Call) -> Json:
    """POST /{phone_number_id}/messages: a message, or a read mark."""
    if "status" in call.content and "type" not in call.content:
        return mark_read(call.world, call.line, call.content)
    return accept(call.world, call.line, call.content, call.faults)


def accept(world: "World", line: Line, request: Json, faults: list[Fault]) -> Json:
    """Check and store one message, durable on return; the body of the 200 answer.

    Raises GraphError. `faults` are those that strike this call; only failed_status matters here.
    """
    if request.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    type_ = checked_type(world, line, request)
    opaque = request.get("biz_opaque_callback_data")
    if opaque is not None and (not isinstance(opaque, str) or len(opaque) > OPAQUE_LENGTH):
        raise refusal(100, f"Param biz_opaque_callback_data must be at most {OPAQUE_LENGTH} characters long.")
    address, citizen = _recipient(world, request)
    if citizen is not None and citizen.id in world.blocked(line.phone_number_id):
        raise refusal(131026, "The recipient is on the block list of this number.")
    body, category = content_of(world, line, type_, request[type_])
    context_id = _context_id(request, type_)
    _spend_rates(world, line, citizen.id if citizen else address)
    message = Message(
        seq=0,
        wamid=new_wamid(citizen.address if citizen else address),
        line=line.phone_number_id,
        citizen=citizen.id if citizen else None,
        direction=IN,
        type=type_,
        body=body,
        status="accepted",
        at=world.clock.now(),
        context_id=context_id,
        opaque=opaque,
        recipient=address,
        error=_reason_to_fail(world, line, citizen, type_, category, faults),
    )
    _keep(world, message, category)
    return {
        "messaging_product": "whatsapp",
        "contacts": [_answer_contact(request, address, citizen)],
        "messages": [{"id": message.wamid}],
    }


def _keep(world: "World", message: Message, category: str) -> None:
    """Price and store the message and let it go its way, unless it is held back for want of a payment method."""
    with world.store.transaction():
        if message.error is None:
            held, pricing = _price(world, message.line, category)
            message = replace(message, status="held" if held else "accepted", pricing=pricing)
        world.chats.add(message)
        if message.type == "reaction":
            _react(world, message.body["reaction"])
    if message.status == "accepted":
        world.journey.accepted(message)
        world.tell_lines_soon()


def mark_read(world: "World", line: Line, request: Json) -> Json:
    """Read marks on the citizen's messages up to this one, and the typing dots when asked for."""
    if request.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    if request.get("status") != "read":
        raise refusal(100, "Param status must be one of {READ}.")
    message = world.chats.get(str(request.get("message_id")))
    if message is None or message.direction != OUT or message.line != line.phone_number_id:
        raise refusal(100, "Param message_id is not the id of a message that was received.")
    citizen = world.people.get(message.citizen)
    if citizen is None:
        raise refusal(100, "Param message_id is not the id of a message that was received.")
    typing = request.get("typing_indicator")
    if typing is not None and (not isinstance(typing, dict) or typing.get("type") != "text"):
        raise refusal(100, "Param typing_indicator['type'] must be one of {TEXT}.")
    seen = world.chats.up_to(citizen.id, message.line, OUT, ("sent", "delivered"), message.seq)
    with world.store.transaction():
        for earlier in seen:
            world.chats.move(earlier.wamid, ("sent", "delivered"), "read")
    for earlier in seen:
        world.tell_message(earlier.wamid, citizen, message.line)
    if typing is not None:
        world.show_typing(citizen, message.line)
    return {"success": True}


def _recipient(world: "World", request: Json) -> tuple[str, Citizen | None]:
    """What the business wrote, and who that is; `to` wins over `recipient`."""
    to, recipient = request.get("to"), request.get("recipient")
    if to:
        if not isinstance(to, str) or not PHONE_LIKE.match(to):
            raise refusal(131009, "Param to is not a valid phone number.")
        try:
            phone = normal_phone(to if to.startswith("+") else "+" + to)
        except BadPhoneError:
            raise refusal(131009, "Param to is not a valid phone number.") from None
        return phone, world.people.at(phone)
    if recipient:
        if not isinstance(recipient, str) or not BSUID.match(recipient):
            raise refusal(131009, "Param recipient is not a valid business-scoped user id.")
        return recipient, world.people.at(recipient)
    raise required("to")


def _spend_rates(world: "World", line: Line, recipient: str) -> None:
    if not world.options.rates:
        return
    number, pair = world.rates.number(line.phone_number_id), world.rates.pair(line.phone_number_id, recipient)
    if not number.allows():
        raise refusal(130429)
    if not pair.allows():
        raise refusal(131056)
    number.spend()
    pair.spend()


def _reason_to_fail(
    world: "World", line: Line, citizen: Citizen | None, type_: str, category: str, faults: list[Fault]
) -> Json | None:
    """The error of the failed status that will follow, None when the message will arrive."""
    for fault in faults:
        if fault.kind == "failed_status":
            return webhook_error(fault.code, fault.details)
    if type_ == "template" and not world.lines.state(line.phone_number_id).payment_method:
        return webhook_error(131042)
    if citizen is None:
        return webhook_error(131026)
    if category == MARKETING and world.ties.has(STOPPED, line.phone_number_id, citizen.id):
        return webhook_error(131050)
    closed = world.window_left(citizen, line.phone_number_id) <= 0
    if closed and KINDS[type_].needs_window:
        if world.options.window_error == "http":
            raise refusal(131047)
        return webhook_error(131047)
    return None


def _price(world: "World", number: str, category: str) -> tuple[bool, Json]:
    """Whether the message is held back for want of a payment method, and its pricing.

    Since 1 October 2026 service messages cost after the month's free ones. Without a payment method the later ones
    are accepted with 200 and never delivered; no status follows either. Part of the caller's transaction.
    """
    now = world.clock.now()
    free = category == SERVICE and world.lines.used(number, now) < world.settings.free_service_messages
    if not free and not world.lines.state(number).payment_method:
        return True, {}
    world.lines.count(number, now, category)
    kind = "free_customer_service" if free else "regular"
    return False, {"billable": not free, "pricing_model": "PMP", "type": kind, "category": category}


def _react(world: "World", content: Any) -> None:
    """Show the office's reaction on the message it is about."""
    target = world.chats.get(content["message_id"])
    if target is not None:
        world.chats.change(target.wamid, marks=with_reaction(target.marks, "office", content["emoji"]))
        citizen = world.people.get(target.citizen)
        if citizen is not None:
            world.tell_message(target.wamid, citizen, target.line)


def _context_id(request: Json, type_: str) -> str | None:
    context = request.get("context")
    if not isinstance(context, dict) or type_ in NO_REPLY_TYPES:
        return None
    quoted = context.get("message_id")
    if not isinstance(quoted, str):
        raise refusal(100, "The parameter context['message_id'] is required.")
    return quoted


def _answer_contact(request: Json, address: str, citizen: Citizen | None) -> Json:
    contact: Json = {"input": request.get("to") or request["recipient"]}
    if request.get("to"):
        contact["wa_id"] = address
    elif citizen is not None and citizen.wa_id is not None:
        contact["wa_id"] = citizen.wa_id
    if citizen is not None:
        contact["user_id"] = citizen.user_id
    return contact
