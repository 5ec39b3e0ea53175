"""What is asked of a linked device, and neonize behind it.

neonize 0.5 takes no list of recipients: WhatsApp's library below it sends a Status to the people whom the phone's own
privacy settings name. So their number is looked at before, and a post that would go to more than ``MOST`` is refused
rather than sent in one piece.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

MOST = 1000  # people; sendings to thousands are known to fail, and to be noticed
STATUS = ("status", "broadcast")  # WhatsApp's address of every Status


class Gate(Protocol):
    """A linked device of one office."""

    def ready(self) -> bool:
        """Whether it is paired and connected now."""
        ...

    def people(self) -> int:
        """How many contacts a Status may reach at most."""
        ...

    def post(self, data: bytes, content_type: str, caption: str) -> str:
        """Put a photo or video into Status; WhatsApp's id of it. Raises OSError when it did not go out."""
        ...

    def revoke(self, message: str) -> None:
        """Take one back. Raises OSError."""
        ...

    def viewers(self, message: str) -> int:
        """How many have looked, since this process has been running."""
        ...


class NeonizeGate:
    """neonize's client as a gate. ``address`` builds a JID (``neonize.utils.build_jid``); both are handed in, so that a
    fake with the same signatures can stand for them (``tests/news/fake_neonize.py``)."""

    def __init__(self, client: Any, address: Callable[..., Any]) -> None:
        self.client, self.address = client, address
        self._seen: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def ready(self) -> bool:
        return bool(self.client.connected) and self.client.me is not None

    def people(self) -> int:
        return len(self.client.contact.get_all_contacts())

    def post(self, data: bytes, content_type: str, caption: str) -> str:
        to = self.address(*STATUS)
        send = self.client.send_video if content_type.startswith("video/") else self.client.send_image
        try:
            answer = send(to, data, caption=caption or None)
        except Exception as error:  # noqa: BLE001 - no closed list of errors, and its texts may hold a number
            raise OSError(type(error).__name__) from None
        return str(answer.ID)

    def revoke(self, message: str) -> None:
        try:
            self.client.revoke_message(self.address(*STATUS), self.client.me.JID, message)
        except Exception as error:  # noqa: BLE001 - as above
            raise OSError(type(error).__name__) from None

    def viewers(self, message: str) -> int:
        with self._lock:
            return len(self._seen.get(message, ()))

    def receipt(self, messages: list[str], who: str) -> None:
        """Somebody looked at messages. ``who`` is counted here and kept nowhere."""
        with self._lock:
            for one in messages:
                self._seen.setdefault(one, set()).add(who)
