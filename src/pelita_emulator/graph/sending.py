"""Taking a message of the business: checks in Meta's order, then stored, then on its way."""

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pelita_emulator.faults import Fault
from pelita_emulator.ids import BSUID, BadPhoneError, new_wamid, normal_phone
from pelita_emulator.kinds import KINDS, InvalidError
from pelita_emulator.records import IN, OUT, Citizen, Json, Message
from pelita_emulator.settings import Line

from .errors import refusal, required, webhook_error

if TYPE_CHECKING:
    from pelita_emulator.world import World

OPAQUE_LENGTH = 512
PHONE_LIKE = re.compile(r"^[+0-9()\s.-]+$")
NO_REPLY_TYPES = ("template", "reaction")


def accept(world: "World", line: Line, request: Json, faults: list[Fault]) -> Json:
    """Check and store one message, durable on return; the body of the 200 answer.

    Raises GraphError. `faults` are those that strike this call; only failed_status matters here.
    """
    if request.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    type_ = _checked_type(request)
    opaque = request.get("biz_opaque_callback_data")
    if opaque is not None and (not isinstance(opaque, str) or len(opaque) > OPAQUE_LENGTH):
        raise refusal(100, f"Param biz_opaque_callback_data must be at most {OPAQUE_LENGTH} characters long.")
    address, citizen = _recipient(world, request)
    _spend_rates(world, line, citizen.id if citizen else address)
    error = _reason_to_fail(world, line, citizen, type_, faults)
    message = Message(
        seq=0,
        wamid=new_wamid(citizen.address if citizen else address),
        line=line.phone_number_id,
        citizen=citizen.id if citizen else None,
        direction=IN,
        type=type_,
        body={type_: request[type_]},
        status="accepted",
        at=world.clock.now(),
        context_id=_context_id(request, type_),
        opaque=opaque,
        recipient=address,
        error=error,
    )
    with world.store.transaction():
        if error is None:
            message = replace(message, pricing=_price(world, line, type_))
        world.store.add_message(message)
    world.journey.accepted(message)
    return {
        "messaging_product": "whatsapp",
        "contacts": [_answer_contact(request, address, citizen)],
        "messages": [{"id": message.wamid}],
    }


def mark_read(world: "World", line: Line, request: Json) -> Json:
    """Read marks on the citizen's messages up to this one, and the typing dots when asked for."""
    if request.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    if request.get("status") != "read":
        raise refusal(100, "Param status must be one of {READ}.")
    message = world.store.message(str(request.get("message_id")))
    if message is None or message.direction != OUT or message.line != line.phone_number_id:
        raise refusal(100, "Param message_id is not the id of a message that was received.")
    citizen = world.store.citizen("id", message.citizen or "")
    if citizen is None:
        raise refusal(100, "Param message_id is not the id of a message that was received.")
    typing = request.get("typing_indicator")
    if typing is not None and (not isinstance(typing, dict) or typing.get("type") != "text"):
        raise refusal(100, "Param typing_indicator['type'] must be one of {TEXT}.")
    seen = world.store.messages_up_to(citizen.id, message.line, OUT, ("sent", "delivered"), message.seq)
    with world.store.transaction():
        for earlier in seen:
            world.store.move_message(earlier.wamid, ("sent", "delivered"), status="read")
    for earlier in seen:
        world.tell_message(earlier.wamid, citizen, message.line)
    if typing is not None:
        world.show_typing(citizen, message.line)
    return {"success": True}


def _checked_type(request: Json) -> str:
    type_ = request.get("type", "text")
    if not isinstance(type_, str) or type_ not in KINDS:
        names = ", ".join(sorted(KINDS)).upper()
        raise refusal(100, f'Param type must be one of {{{names}}} - got "{type_}".')
    if request.get("recipient_type", "individual") not in ("individual", "group"):
        raise refusal(100, "Param recipient_type must be one of {INDIVIDUAL, GROUP}.")
    if type_ not in request:
        raise required(type_)
    try:
        KINDS[type_].check(request[type_])
    except InvalidError as reason:
        raise refusal(100, str(reason)) from None
    return type_


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
        return phone, world.store.citizen("phone", phone)
    if recipient:
        if not isinstance(recipient, str) or not BSUID.match(recipient):
            raise refusal(131009, "Param recipient is not a valid business-scoped user id.")
        return recipient, world.store.citizen("user_id", recipient)
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
    world: "World", line: Line, citizen: Citizen | None, type_: str, faults: list[Fault]
) -> Json | None:
    """The error of the failed status that will follow, None when the message will arrive."""
    for fault in faults:
        if fault.kind == "failed_status":
            return webhook_error(fault.code, fault.details)
    if citizen is None:
        return webhook_error(131026)
    closed = world.window_left(citizen, line.phone_number_id) <= 0
    if closed and KINDS[type_].needs_window:
        if world.options.window_error == "http":
            raise refusal(131047)
        return webhook_error(131047)
    return None


def _price(world: "World", line: Line, type_: str) -> Json:
    """Service messages are charged after the month's free ones (rule since 1 October 2026)."""
    category = "utility" if type_ == "template" else "service"
    month = time.strftime("%Y-%m", time.gmtime(world.clock.now()))
    key = f"service/{line.phone_number_id}/{month}"
    used = int(world.store.fact(key, 0))
    billable = category != "service" or used >= world.settings.free_service_messages
    if category == "service":
        world.store.keep_fact(key, used + 1)
    kind = "regular" if billable else "free_customer_service"
    return {"billable": billable, "pricing_model": "PMP", "type": kind, "category": category}


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
