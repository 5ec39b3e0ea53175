"""Every path of the Graph API: whose object it names, the edge, the method, and what answers."""

from collections.abc import Callable
from dataclasses import dataclass

from pelita_emulator.records import Json

from . import blocks, files, goods, management, sending, sync, templates
from .calls import Call

NUMBER, ACCOUNT, FILE, TEMPLATE, TOKEN, APP = "number", "account", "file", "template", "token", "app"
CATALOG, BATCH = "catalog", "check_batch_request_status"
COMMERCE, APPS = "whatsapp_commerce_settings", "subscribed_apps"


@dataclass(frozen=True)
class Route:
    """`event` names the call in the log and for faults; `managing` calls count against the account's hour."""

    owner: str
    edge: str
    method: str
    handle: Callable[[Call], Json]
    event: str
    summary: str
    managing: bool = False
    sends: bool = False
    parsed: bool = True

    def type_of(self, call: Call) -> str:
        if not self.sends:
            return self.event
        marks_read = "status" in call.content and "type" not in call.content
        return "read" if marks_read else str(call.content.get("type", "text"))


ROUTES = (
    Route(NUMBER, "messages", "POST", sending.messages, "send", "Send a message, or mark one as read", sends=True),
    Route(NUMBER, "media", "POST", files.upload, "upload", "Upload a file (multipart)", parsed=False),
    Route(FILE, "", "GET", files.about, "media", "A file's address, type, size and sha256"),
    Route(FILE, "", "DELETE", files.remove, "media", "Delete a file"),
    Route(NUMBER, "", "GET", management.number, "number", "A number's state", managing=True),
    Route(NUMBER, "smb_app_data", "POST", sync.ask, "sync", "Ask for the phone's contacts or chats", managing=True),
    Route(NUMBER, "block_users", "GET", blocks.listed, "block", "Whom it lets through no more", managing=True),
    Route(NUMBER, "block_users", "POST", blocks.block, "block", "Let people through no more", managing=True),
    Route(NUMBER, "block_users", "DELETE", blocks.unblock, "block", "Let people through again", managing=True),
    Route(NUMBER, COMMERCE, "GET", management.commerce, "number", "Cart and catalogue", managing=True),
    Route(NUMBER, COMMERCE, "POST", management.set_commerce, "number", "Set cart and catalogue", managing=True),
    Route(ACCOUNT, "", "GET", management.account, "account", "The account", managing=True),
    Route(ACCOUNT, "phone_numbers", "GET", management.numbers, "account", "Its numbers", managing=True),
    Route(ACCOUNT, APPS, "GET", management.apps, "account", "Who gets the webhooks", managing=True),
    Route(ACCOUNT, APPS, "POST", management.subscribe, "account", "Get the webhooks", managing=True),
    Route(ACCOUNT, APPS, "DELETE", management.unsubscribe, "account", "Get them no more", managing=True),
    Route(APP, "", "GET", management.app, "account", "The application, by its own token or a number's"),
    Route(TOKEN, "", "GET", management.debug_token, "account", "What a token may do"),
    Route(ACCOUNT, "message_templates", "GET", templates.listed, "templates", "Templates, by pages", managing=True),
    Route(ACCOUNT, "message_templates", "POST", templates.add, "templates", "Create a template", managing=True),
    Route(ACCOUNT, "message_templates", "DELETE", templates.remove, "templates", "Delete by name", managing=True),
    Route(TEMPLATE, "", "GET", templates.one, "templates", "One template", managing=True),
    Route(CATALOG, "items_batch", "POST", goods.items_batch, "catalog", "Write items of the catalogue", managing=True),
    Route(CATALOG, BATCH, "GET", goods.status, "catalog", "What became of a batch", managing=True),
    Route(TEMPLATE, "", "POST", templates.edit, "templates", "Change a template", managing=True),
)


def find(call: Call, edge: str) -> Route | None:
    """The route of this call; None when the token sees no such object or the object has no such edge."""
    owner = _owner(call)
    method = call.request.method
    for route in ROUTES:
        if route.owner == owner and route.edge == edge and route.method == method:
            return route
    return None


def _owner(call: Call) -> str:
    named = {call.lines[0].app_id: APP}
    if not call.by_app:  # an application's own token speaks of the application alone
        named |= {"debug_token": TOKEN}
        named |= {line.waba_id: ACCOUNT for line in call.lines}
        catalogs = [call.world.lines.state(line.phone_number_id).catalog_id for line in call.lines]
        named |= {catalog: CATALOG for catalog in catalogs if catalog}
        named |= {line.phone_number_id: NUMBER for line in call.lines}
    found = named.get(call.object_id)
    if found is not None or call.by_app:
        return found or ""
    if call.world.shelf.get(call.object_id) is not None:
        return FILE
    return TEMPLATE if call.world.templates.get(call.object_id) is not None else ""
