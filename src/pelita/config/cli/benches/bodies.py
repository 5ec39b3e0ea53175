"""Webhook bodies for measurements: what WhatsApp sends for one message or one status, each with an id of its own."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

STEPS = ("sent", "delivered", "read")
MESSAGE, STATUS = "message", "status"
# Of the length that people write.
QUESTION = (
    "Assalamualaikum, mohon info syarat bikin KTP baru karena yang lama hilang di pasar minggu lalu, "
    "apa harus ke polsek dulu nggih? Maturnuwun."
)


@dataclass(frozen=True, slots=True)
class Number:
    """A WhatsApp number of an office, as the bodies name it."""

    phone_number_id: str
    business_account_id: str
    display_phone: str


@dataclass(frozen=True, slots=True)
class Mix:
    """What the bodies are. Citizen c writes to number c modulo their count, and keeps to it.

    `statuses` (0 to 3) is how many follow each message: sent, delivered, read of one outgoing message. With `turns` the
    three speak of different ones, `apart` turns from one to the next, so that a message's statuses lie as far from
    each other as they do in life; `turns` is how many outgoing messages there are. `mark` keeps two runs' ids apart.
    """

    numbers: tuple[Number, ...]
    citizens: int = 2000
    statuses: int = 0
    mark: str = "A"
    turns: int = 0
    apart: int = 0

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Mix:
        """The reverse of dataclasses.asdict."""
        return cls(**(given | {"numbers": tuple(Number(**one) for one in given["numbers"])}))

    def incoming_wamid(self, number: int) -> str:
        """The id of the message in body `number`; ends in 12 digits."""
        return f"wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABIYFjNFQjBD{self.mark}{number:012d}"

    def outgoing_wamid(self, turn: int) -> str:
        """The id of the message that the statuses of this turn speak of; ends in 12 digits."""
        return f"wamid.HBgNNjI4NTE1NTU1NTY2NxUCABEYEjk4OTc2{self.mark}{turn:012d}"

    def key(self, turn: int) -> str:
        """Our own key of that outgoing message, which WhatsApp sends back."""
        return f"{0x5EED0000 + ord(self.mark):08x}-0000-4000-8000-{turn:012x}"

    def told_of(self, turn: int, step: int) -> int:
        """Of which outgoing message the status at this step (1 to 3) of a turn speaks."""
        return (turn - (step - 1) * self.apart) % self.turns if self.turns else turn

    def wa_id(self, citizen: int) -> str:
        """A number of the range that no operator has given out."""
        return f"62800{citizen:08d}"

    def user_id(self, citizen: int) -> str:
        """The citizen's business-scoped id."""
        return f"ID.{citizen:020d}"


class Bodies:
    """Body n of a mix, made by filling in a template: the generator shall cost little.

    Bodies come in turns of 1 + `statuses`: first the message of the turn's citizen, then the statuses.
    """

    def __init__(self, mix: Mix) -> None:
        self.mix = mix
        self._moment = str(int(time.time()))
        self._message = [_template(self._message_of(number)) for number in mix.numbers]
        self._status = [_template(self._status_of(number)) for number in mix.numbers]

    def __call__(self, number: int) -> bytes:
        """The bytes of body `number`."""
        turn, step = divmod(number, 1 + self.mix.statuses)
        told = self.mix.told_of(turn, step) if step else turn
        citizen = told % self.mix.citizens
        line = citizen % len(self.mix.numbers)
        wa_id, user_id = self.mix.wa_id(citizen), self.mix.user_id(citizen)
        if step == 0:
            text = self._message[line] % (citizen, wa_id, user_id, wa_id, user_id, self.mix.incoming_wamid(number))
        else:
            text = self._status[line] % (
                self.mix.outgoing_wamid(told), STEPS[step - 1], wa_id, user_id, self.mix.key(told),
            )  # fmt: skip
        return text.encode()

    def _message_of(self, number: Number) -> dict[str, Any]:
        contact = {"profile": {"name": "Warga %s"}, "wa_id": "%s", "user_id": "%s"}
        message = {
            "from": "%s", "from_user_id": "%s", "id": "%s", "timestamp": self._moment,
            "type": "text", "text": {"body": QUESTION},
        }  # fmt: skip
        return _envelope(number, {"contacts": [contact], "messages": [message]})

    def _status_of(self, number: Number) -> dict[str, Any]:
        status = {
            "id": "%s", "status": "%s", "timestamp": self._moment, "recipient_id": "%s", "recipient_user_id": "%s",
            "biz_opaque_callback_data": "%s",
            "conversation": {"id": "6f5b1d2c8f0e4a7795c0f0a1b2c3d4e5", "origin": {"type": "service"}},
            "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"},
        }  # fmt: skip
        return _envelope(number, {"statuses": [status]})


def _envelope(number: Number, lists: dict[str, Any]) -> dict[str, Any]:
    metadata = {"display_phone_number": number.display_phone, "phone_number_id": number.phone_number_id}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **lists}
    change = {"value": value, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": number.business_account_id, "changes": [change]}]}


def _template(body: dict[str, Any]) -> str:
    return json.dumps(body, separators=(",", ":"))
