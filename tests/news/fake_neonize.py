"""neonize as it wants to be called, without WhatsApp. ``test_linked`` compares it with the real one."""

# ruff: noqa: ARG002, PLR0917 - the real one has these arguments

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any


def build_jid(phone_number: str, server: str = "s.whatsapp.net") -> str:
    return f"{phone_number}@{server}"


class ContactStore:
    def __init__(self) -> None:
        self.people = 3

    def get_all_contacts(self) -> list[str]:
        return [str(one) for one in range(self.people)]


class Event:
    def __init__(self) -> None:
        self.heard: dict[type, Callable[..., None]] = {}

    def __call__(self, event: type) -> Callable[[Callable[..., None]], None]:
        return lambda function: self.heard.update({event: function})

    def qr(self, f: Callable[..., None]) -> None:
        self.show = f


@dataclass
class Sent:
    kind: str
    to: str
    data: bytes
    caption: str | None


@dataclass
class NewClient:
    """What was sent is written down; ``refuses``: WhatsApp does not take it."""

    name: str
    jid: Any = None
    props: Any = None
    uuid: str | None = None
    new_device: bool = False
    connected: bool = field(default=True, init=False)
    refuses: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.sent: list[Sent] = []
        self.revoked: list[tuple[str, str, str]] = []
        self.contact, self.event = ContactStore(), Event()
        self.me = SimpleNamespace(JID="6285155565667@s.whatsapp.net")

    def connect(self, proxy_settings: Any = None) -> None:
        self.connected = True

    def disconnect(self) -> None:
        self.connected = False

    def logout(self) -> None:
        self.connected = False

    def send_image(
        self, to: Any, file: Any, caption: Any = None, quoted: Any = None, viewonce: bool = False,
        ghost_mentions: Any = None, mentions_are_lids: bool = False, add_msg_secret: bool = False,
    ) -> SimpleNamespace:  # fmt: skip
        return self._taken("image", to, file, caption)

    def send_video(
        self, to: Any, file: Any, caption: Any = None, quoted: Any = None, viewonce: bool = False,
        gifplayback: bool = False, is_gif: bool = False, ghost_mentions: Any = None, mentions_are_lids: bool = False,
        add_msg_secret: bool = False,
    ) -> SimpleNamespace:  # fmt: skip
        return self._taken("video", to, file, caption)

    def revoke_message(self, chat: Any, sender: Any, message_id: str) -> SimpleNamespace:
        if self.refuses:
            raise RuntimeError("+62 812 refused")
        self.revoked.append((chat, sender, message_id))
        return SimpleNamespace(ID="revoked")

    def _taken(self, kind: str, to: Any, file: Any, caption: Any) -> SimpleNamespace:
        if self.refuses:
            raise RuntimeError("+62 812 refused")
        self.sent.append(Sent(kind, to, file, caption))
        return SimpleNamespace(ID=f"3EB0{len(self.sent)}")
