"""Whom a number lets through no more: POST, DELETE and GET of /{phone_number_id}/block_users."""

from pelita_emulator.ids import BadPhoneError, normal_phone
from pelita_emulator.records import Citizen, Json

from .calls import Call
from .errors import CODES, refusal, required

SOME_FAILED = 139100


def listed(call: Call) -> Json:
    blocked = call.world.blocked(call.line.phone_number_id)
    people = [citizen for citizen in call.world.people if citizen.id in blocked]
    data = [{"messaging_product": "whatsapp", "wa_id": one.wa_id, "user_id": one.user_id} for one in people]
    return {"data": [{"block_users": data}], "paging": {}}


def block(call: Call) -> Json:
    return _each(call, wanted=True)


def unblock(call: Call) -> Json:
    return _each(call, wanted=False)


def _each(call: Call, *, wanted: bool) -> Json:
    if call.content.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    wishes = call.content.get("block_users")
    if not isinstance(wishes, list) or not wishes or not all(isinstance(one, dict) for one in wishes):
        raise required("block_users")
    blocked = call.world.blocked(call.line.phone_number_id)
    done: list[Json] = []
    failed: list[Json] = []
    for wish in wishes:
        citizen, given = _meant(call, wish)
        code = _objection(call, citizen, wanted=wanted)
        if citizen is None or code:
            failed.append({"input": given, "errors": [_error(code)]})
            continue
        (blocked.add if wanted else blocked.discard)(citizen.id)
        done.append({"input": given, "wa_id": citizen.wa_id or "", "user_id": citizen.user_id})
    call.world.keep_blocked(call.line.phone_number_id, blocked)
    answer: Json = {"added_users" if wanted else "removed_users": done}
    if failed:
        error = refusal(SOME_FAILED)
        # Meta answers 400 with the list and an error beside it.
        error.beside = {"messaging_product": "whatsapp", "block_users": {**answer, "failed_users": failed}}
        raise error
    return {"messaging_product": "whatsapp", "block_users": answer}


def _meant(call: Call, wish: Json) -> tuple[Citizen | None, str]:
    given = str(wish.get("user") or wish.get("user_id") or "")
    if wish.get("user_id"):
        return call.world.people.at(given), given
    try:
        return call.world.people.at(normal_phone(given if given.startswith("+") else "+" + given)), given
    except BadPhoneError:
        return None, given


def _objection(call: Call, citizen: Citizen | None, *, wanted: bool) -> int:
    """Meta's code against it, 0 for none: only who wrote within a day can be blocked."""
    if citizen is None:
        return 131009
    closed = call.world.window_left(citizen, call.line.phone_number_id) <= 0
    return 131047 if wanted and closed else 0


def _error(code: int) -> Json:
    known = CODES[code]
    return {"message": known.title, "code": code, "error_data": {"details": known.details}}
