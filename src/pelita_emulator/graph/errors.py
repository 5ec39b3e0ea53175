"""Error bodies as Meta writes them, from one table of codes."""

from dataclasses import dataclass
from typing import Any

from pelita_emulator.ids import new_trace_id
from pelita_emulator.payloads import ERRORS_PAGE

Json = dict[str, Any]
GRAPH_DOCS = "https://developers.facebook.com/docs/graph-api"


@dataclass(frozen=True)
class Code:
    """Title, the sentence in error_data.details, and the HTTP status when refused at once."""

    title: str
    details: str
    http: int = 400


CODES: dict[int, Code] = {
    0: Code("AuthException", "We were unable to authenticate the app user.", 401),
    1: Code("API Unknown", "Possibly invalid request or server error.", 500),
    2: Code("API Service", "Temporary due to downtime or due to being overloaded.", 503),
    3: Code("API Method", "Capability or permissions issue.", 500),
    4: Code("Application request limit reached", "The app has reached its API call rate limit."),
    10: Code("Application does not have permission for this action", "Permission is not granted.", 403),
    100: Code("Invalid parameter", "The request included one or more unsupported parameters."),
    190: Code("Access token has expired", "The access token has expired.", 401),
    368: Code("Temporarily blocked for policies violations", "The account has been restricted.", 403),
    80007: Code("Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130429: Code(
        "Rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number "
        "in a short period of time",
        429,
    ),
    130497: Code("Business account is restricted from messaging users in this country", "Restricted.", 403),
    131000: Code("Something went wrong", "Message failed to send due to an unknown error.", 500),
    131005: Code("Access denied", "Permission is either not granted or has been removed.", 403),
    131009: Code("Parameter value is not valid", "One or more parameter values are invalid."),
    131016: Code("Service unavailable", "A service is temporarily unavailable.", 500),
    131026: Code("Message undeliverable", "Message Undeliverable."),
    131031: Code("Business Account locked", "Business Account has been locked.", 403),
    131042: Code("Business eligibility payment issue", "There was an error related to your payment method."),
    131047: Code(
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131048: Code("Spam rate limit hit", "There are restrictions on how many messages can be sent."),
    131049: Code(
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: Code(
        "User has stopped marketing messages",
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp "
        "from your business.",
    ),
    131051: Code("Unsupported message type", "Unsupported message type."),
    131052: Code("Media download error", "Unable to download the media sent by the user."),
    131053: Code("Media upload error", "Unable to upload the media used in the message."),
    131056: Code(
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the "
        "same phone number in a short period of time.",
    ),
    131062: Code("Business-scoped user id not supported", "Use a phone number for this message."),
    132000: Code("Number of parameters does not match the expected number of params", "Wrong count."),
    132001: Code("Template name does not exist in the translation", "Template name does not exist.", 404),
    132005: Code("Translated text too long", "The translated text is too long."),
    132007: Code("Template format character policy violated", "The template content violates a policy."),
    132012: Code("Parameter format does not match format in the created template", "Wrong parameter format."),
    132015: Code("Template is paused", "Template is paused due to low quality so it cannot be sent."),
    132016: Code("Template is disabled", "Template has been paused too many times and is now permanently disabled."),
    132018: Code(
        "There's an issue with the parameters in your template",
        "Param text cannot have new-line/tab characters or more than 4 consecutive spaces.",
    ),
    139100: Code("Failed to block/unblock users", "Failed to block some users, see the block_users response list."),
    133010: Code("Phone number not registered", "Phone number not registered on the WhatsApp Business Platform."),
}
_OTHER = Code("Unknown error", "An unknown error has occurred.")


class GraphError(Exception):
    """A refusal with Meta's body. `status` is the HTTP status, `beside` what stands next to the error."""

    def __init__(self, status: int, error: Json) -> None:
        super().__init__(error.get("code"))
        self.status = status
        self.error = {**error, "fbtrace_id": new_trace_id()}
        self.beside: Json = {}


def refusal(code: int, details: str | None = None, status: int | None = None) -> GraphError:
    """The error of a code from the table; a code that is not there gets a general title."""
    known = CODES.get(code, _OTHER)
    data = {"messaging_product": "whatsapp", "details": details or known.details}
    error = {
        "message": f"(#{code}) {known.title}",
        "type": "OAuthException",
        "code": code,
        "error_data": data,
    }
    return GraphError(status or known.http, error)


def webhook_error(code: int, details: str | None = None) -> Json:
    """The same error as it stands in a failed status."""
    known = CODES.get(code, _OTHER)
    return {
        "code": code,
        "title": known.title,
        "message": known.title,
        "error_data": {"details": details or known.details},
        "href": ERRORS_PAGE,
    }


def required(name: str) -> GraphError:
    """A parameter of the request itself is missing: Graph answers without error_data."""
    message = f"(#100) The parameter {name} is required."
    return GraphError(400, {"message": message, "type": "OAuthException", "code": 100})


def bad_token(*, expired: bool = False) -> GraphError:
    error: Json = {
        "message": "Invalid OAuth access token - Cannot parse access token",
        "type": "OAuthException",
        "code": 190,
    }
    if expired:
        error["message"] = "Error validating access token: Session has expired."
        error["error_subcode"] = 463
    return GraphError(401, error)


def template_exists() -> GraphError:
    error: Json = {"message": "Invalid parameter", "type": "OAuthException", "code": 100, "error_subcode": 2388024}
    title = "Content in this language already exists"
    words = "There is already content in this language for this template. Choose another name or edit that template."
    return GraphError(400, {**error, "error_user_title": title, "error_user_msg": words, "is_transient": False})


def template_missing() -> GraphError:
    error: Json = {"message": "Invalid parameter", "type": "OAuthException", "code": 100, "error_subcode": 2593002}
    return GraphError(400, {**error, "error_user_title": "Message template not found", "is_transient": False})


def too_many_calls() -> GraphError:
    """The account's management calls of this hour are used up."""
    details = "There have been too many calls to this WhatsApp Business account. Wait a bit and try again."
    error: Json = {"message": f"(#80007) {details}", "type": "OAuthException", "code": 80007}
    return GraphError(400, {**error, "error_subcode": 2494055, "is_transient": False})


def disconnected() -> GraphError:
    """The number was cut off, for example because the office's phone was not opened for 14 days."""
    return refusal(133010)


def unknown_object(object_id: str) -> GraphError:
    message = (
        f"Unsupported post request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation "
        f"at {GRAPH_DOCS}"
    )
    return GraphError(400, {"message": message, "type": "GraphMethodException", "code": 100, "error_subcode": 33})


def unknown_path(path: str) -> GraphError:
    message = f"Unknown path components: {path}"
    return GraphError(400, {"message": message, "type": "OAuthException", "code": 2500})
