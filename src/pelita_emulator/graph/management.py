"""What an office can ask about its number and its account."""

from pelita_emulator.records import Json
from pelita_emulator.settings import Line

from .calls import Call
from .errors import refusal
from .templates import chosen


def number(call: Call) -> Json:
    """GET /{phone_number_id}: the fields asked for, or the usual ones."""
    return chosen(call, about_number(call, call.line))


def about_number(call: Call, line: Line) -> Json:
    state = call.world.lines.state(line.phone_number_id)
    return {
        "id": line.phone_number_id,
        "verified_name": line.name,
        "display_phone_number": "+" + line.display_phone,
        "quality_rating": state.quality,
        "platform_type": "CLOUD_API",
        "code_verification_status": "VERIFIED",
        "throughput": {"level": state.throughput},
        "is_on_biz_app": state.coexistence,
        "account_mode": "LIVE",
        "status": "CONNECTED" if state.connected else "DISCONNECTED",
        "name_status": "APPROVED",
        "is_official_business_account": False,
        "health_status": {"can_send_message": "AVAILABLE" if state.connected else "BLOCKED"},
    }


def account(call: Call) -> Json:
    """GET /{waba}: the account itself."""
    line = call.line
    return chosen(
        call,
        {
            "id": line.waba_id,
            "name": line.name,
            "timezone_id": "41",
            "message_template_namespace": f"ns_{line.waba_id}",
            "currency": "IDR",
            "account_review_status": "APPROVED",
            "business_verification_status": "verified",
            "health_status": {"can_send_message": "AVAILABLE"},
        },
    )


def numbers(call: Call) -> Json:
    """GET /{waba}/phone_numbers."""
    own = [line for line in call.lines if line.waba_id == call.object_id]
    return {"data": [chosen(call, about_number(call, line)) for line in own], "paging": {}}


def apps(call: Call) -> Json:
    """GET /{waba}/subscribed_apps: who gets the account's webhooks."""
    line = call.line
    data = {"id": line.app_id, "name": line.name, "link": "https://www.facebook.com/games/?app_id=" + line.app_id}
    subscribed = call.world.lines.state(line.phone_number_id).subscribed
    return {"data": [{"whatsapp_business_api_data": data}] if subscribed else []}


def subscribe(call: Call) -> Json:
    return _subscribe(call, wanted=True)


def unsubscribe(call: Call) -> Json:
    return _subscribe(call, wanted=False)


def _subscribe(call: Call, *, wanted: bool) -> Json:
    for line in call.world.lines.of_account(call.object_id):
        call.world.lines.change(line.phone_number_id, {"subscribed": wanted})
    call.world.courier.wake()
    call.world.tell_lines()
    return {"success": True}


def commerce(call: Call) -> Json:
    """GET /{phone_number_id}/whatsapp_commerce_settings."""
    state = call.world.lines.state(call.line.phone_number_id)
    settings = {
        "id": call.line.phone_number_id,
        "is_cart_enabled": state.is_cart_enabled,
        "is_catalog_visible": state.is_catalog_visible,
    }
    return {"data": [settings] if state.catalog_id else []}


def set_commerce(call: Call) -> Json:
    """POST ?is_cart_enabled=false&is_catalog_visible=true, or the same as JSON."""
    wanted: Json = {}
    for name in ("is_cart_enabled", "is_catalog_visible"):
        value = call.content.get(name, call.query(name))
        if value not in ("", True, False, "true", "false"):
            raise refusal(100, f"Param {name} must be a boolean.")
        if value != "":
            wanted[name] = value in (True, "true")
    call.world.lines.change(call.line.phone_number_id, wanted)
    return {"success": True}


def debug_token(call: Call) -> Json:
    """GET /debug_token?input_token=…: whose token it is, whether it is good, and what it may do."""
    lines = call.world.lines.of_token(call.query("input_token"))
    if not lines:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"is_valid": False, "scopes": [], "error": error}}
    state = call.world.lines.state(lines[0].phone_number_id)
    accounts = sorted({line.waba_id for line in lines})
    return {
        "data": {
            "app_id": lines[0].app_id,
            "type": "SYSTEM_USER",
            "application": lines[0].name,
            "expires_at": 0,
            "is_valid": True,
            "scopes": state.scopes,
            "granular_scopes": [{"scope": scope, "target_ids": accounts} for scope in state.scopes],
        }
    }


def app(call: Call) -> Json:
    """GET /{app_id}: that it is there, for whoever holds its token."""
    return {"id": call.object_id, "name": call.lines[0].name}
