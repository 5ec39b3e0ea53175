"""A business to play with: a real webhook receiver and a client of the emulator's two APIs."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx

from pelita_emulator.settings import Line, Settings

Json = dict[str, Any]
T = TypeVar("T")
SECRET, VERIFY, TOKEN = "app-secret-of-the-tests", "verify-token-of-the-tests", "bearer-of-the-tests"
PHONE_ID = "351600000000001"


def until(look: Callable[[], T], what: str = "what was waited for", seconds: float = 15) -> T:
    """The first truthy answer; fails after a bound that only a broken emulator reaches."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError(f"{what} did not come")


@dataclass
class Receiver:
    """A webhook: answers 200, or what `answer` decides from the number of the delivery and its body."""

    answer: Callable[[int, bytes], int] = lambda _number, _body: 200
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    outcomes: list[int] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def values(self, *, taken: bool = True) -> list[Json]:
        """Every `value` in the order of arrival; of taken (answered 200) deliveries unless told otherwise."""
        with self.lock:
            kept = [
                body for body, outcome in zip(self.bodies, self.outcomes, strict=True) if outcome == 200 or not taken
            ]
        documents = [json.loads(body) for body in kept]
        return [change["value"] for document in documents for entry in document["entry"] for change in entry["changes"]]

    def changes(self, wanted: str) -> list[Json]:
        """The values of one field, from deliveries that were taken."""
        with self.lock:
            kept = [body for body, outcome in zip(self.bodies, self.outcomes, strict=True) if outcome == 200]
        entries = [entry for body in kept for entry in json.loads(body)["entry"]]
        return [change["value"] for entry in entries for change in entry["changes"] if change["field"] == wanted]

    def messages(self, *, taken: bool = True) -> list[Json]:
        return [item for value in self.values(taken=taken) for item in value.get("messages", [])]

    def texts(self) -> list[str]:
        return [item["text"]["body"] for item in self.messages() if item["type"] == "text"]

    def statuses(self, wamid: str) -> list[Json]:
        found = [item for value in self.values() for item in value.get("statuses", [])]
        return [item for item in found if item["id"] == wamid]

    def words(self, wamid: str) -> list[str]:
        return [item["status"] for item in self.statuses(wamid)]

    def signed(self, number: int) -> bool:
        wanted = "sha256=" + hmac.new(SECRET.encode(), self.bodies[number], hashlib.sha256).hexdigest()
        return self.headers[number].get("x-hub-signature-256") == wanted


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.lock:
                number = len(receiver.bodies)
                receiver.bodies.append(body)
                receiver.headers.append({key.lower(): value for key, value in self.headers.items()})
                receiver.outcomes.append(0)
            status = receiver.answer(number, body)
            receiver.outcomes[number] = status
            self.reply(status, b"")

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            right = query.get("hub.verify_token") == [VERIFY]
            self.reply(200 if right else 403, query["hub.challenge"][0].encode() if right else b"")

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks/whatsapp"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def settings_for(webhook: str, **more: Any) -> Settings:
    """Short delays: the same behaviour in less time."""
    line = Line(SECRET, VERIFY, TOKEN, phone_number_id=PHONE_ID, webhook=webhook)
    values: Json = {
        "sent_delay": (0.01, 0.02),
        "delivered_delay": (0.02, 0.04),
        "auto_read_delay": (0.01, 0.02),
        "retry_delays": (0.05, 0.1, 0.2),
        "webhook_timeout": 3.0,
    }
    return Settings(lines=(line,), **{**values, **more})


class Office:
    """Both sides of the wire in few words: the business's calls and the control API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=20, trust_env=False)

    def control(self, method: str, path: str, body: Any = None, wanted: int | None = 200) -> Any:
        answer = self.http.request(method, f"/control/{path}", json=body if body is not None else {})
        if wanted is not None:
            assert answer.status_code == wanted, answer.text
        return answer.json()

    def citizen(self, name: str = "Bu Sulastri", *, open_window: bool = True, **more: Any) -> Json:
        made: Json = self.control("POST", "citizens", {"name": name, **more}, None)
        if open_window:
            self.write(made, "Permisi")
        return made

    def write(self, citizen: Json, text: str, **more: Any) -> str:
        body = {"type": "text", "text": {"body": text}, **more}
        wamid: str = self.control("POST", f"citizens/{citizen['id']}/messages", body)["wamid"]
        return wamid

    def post(self, citizen: Json, message: Json, wanted: int = 200) -> Any:
        """Any message object as the citizen; the answer of the control API."""
        return self.control("POST", f"citizens/{citizen['id']}/messages", message, wanted)

    def file(self, content: bytes, mime_type: str, filename: str = "") -> Json:
        """A file on the citizens' phones."""
        path = "/control/media" + (f"?filename={filename}" if filename else "")
        answer = self.http.post(path, content=content, headers={"Content-Type": mime_type})
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def upload(self, content: bytes, mime_type: str, filename: str = "berkas") -> httpx.Response:
        """A file of the office, as the Graph API takes it."""
        return self.http.post(
            f"/v26.0/{PHONE_ID}/media",
            data={"messaging_product": "whatsapp"},
            files={"file": (filename, content, mime_type)},
            headers=self.bearer,
        )

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKEN}"}

    def graph(self, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> httpx.Response:
        return self.http.request(method, f"/v26.0/{path}", headers=headers or self.bearer)

    def say(self, to: str, type_: str, content: Any, **more: Any) -> httpx.Response:
        """A message of any type from the office."""
        address = {"recipient": to} if "." in to else {"to": f"+{to}"}
        return self.call({"messaging_product": "whatsapp", "type": type_, type_: content, **address, **more})

    def chat(self, citizen: Json, query: str = "") -> list[Json]:
        answer = self.http.get(f"/control/citizens/{citizen['id']}/chat{query}")
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()
        return items

    def call(self, body: Any, *, token: str = TOKEN, path: str = f"/v26.0/{PHONE_ID}/messages") -> httpx.Response:
        return self.http.post(path, json=body, headers={"Authorization": f"Bearer {token}"})

    def send(self, to: str, text: str = "Selamat pagi", **more: Any) -> str:
        """A text from the office that must be taken; its wamid. `to` is a phone or a BSUID."""
        address = {"recipient": to} if "." in to else {"to": f"+{to}"}
        body = {"messaging_product": "whatsapp", "type": "text", "text": {"body": text}, **address, **more}
        answer = self.call(body)
        assert answer.status_code == 200, answer.text
        wamid: str = answer.json()["messages"][0]["id"]
        return wamid

    def window_of(self, citizen: Json) -> float:
        """Seconds left to answer freely."""
        left: float = self.control("GET", f"citizens/{citizen['id']}")["window_seconds"]
        return left

    def seen(self, citizen: Json, wamid: str) -> Json:
        """The message as the citizen's phone shows it; it must be there."""
        item = self.shown(citizen, wamid)
        assert item is not None
        return item

    def shown(self, citizen: Json, wamid: str) -> Json | None:
        return next((item for item in self.chat(citizen) if item["wamid"] == wamid), None)
