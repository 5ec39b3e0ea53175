"""What an office can ask about its number and its account."""

from pelita_emulator.records import Json
from pelita_emulator.settings import Line

from .calls import Call
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
