"""Citizens who write without pause, through the emulator, and bodies posted straight at the webhook."""

from __future__ import annotations

import itertools
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx

PAUSE = (0.02, 0.25)  # seconds between two messages


@dataclass(frozen=True)
class Citizen:
    """As the emulator made it."""

    id: str
    name: str
    user_id: str
    wa_id: str


class Citizens(threading.Thread):
    """Writes until `stop`. `sent` holds every wamid that must arrive once: accepted by the emulator, which delivers
    until it is acknowledged, or acknowledged by the webhook itself."""

    def __init__(self, emulator: str, phone_number_id: str, *, seed: int, people: int = 12) -> None:
        super().__init__(daemon=True, name="citizens")
        self.random = random.Random(seed)  # noqa: S311 (a drill must be repeatable)
        self.http = httpx.Client(base_url=emulator, timeout=30, trust_env=False)
        self.phone_number_id = phone_number_id
        self.sent: set[str] = set()
        self.unanswered_posts = 0
        self.stopping = threading.Event()
        self._numbers = itertools.count(1)
        self.people = [self._citizen(number) for number in range(people)]
        for citizen in self.people:
            # WhatsApp lets the office answer only somebody who wrote; a body of our own does not count there.
            self._write(citizen, next(self._numbers))

    def run(self) -> None:
        """Four of five messages come from a phone, the fifth as a body of its own."""
        while not self.stopping.is_set():
            citizen = self.random.choice(self.people)
            number = next(self._numbers)
            speak = self._write if self.random.random() < 0.8 else self._post
            try:
                speak(citizen, number)
            except httpx.TransportError:
                # The emulator itself is being started again; whether it took the message is not known.
                self.unanswered_posts += 1
                time.sleep(0.2)
            time.sleep(self.random.uniform(*PAUSE))

    def stop(self) -> None:
        """Returns when the last message is out."""
        self.stopping.set()
        self.join()

    def chat(self, citizen: Citizen) -> list[dict[str, Any]]:
        """What the citizen's phone shows."""
        shown: list[dict[str, Any]] = self.http.get(f"/control/citizens/{citizen.id}/chat").raise_for_status().json()
        return shown

    def fault(self, **wish: object) -> None:
        """Asks the emulator for a fault."""
        self.http.post("/control/faults", json=wish).raise_for_status()

    def _citizen(self, number: int) -> Citizen:
        made = (
            self.http.post("/control/citizens", json={"name": f"Warga Latihan {number + 1}"}).raise_for_status().json()
        )
        return Citizen(made["id"], f"Warga Latihan {number + 1}", made["user_id"], made["wa_id"])

    def _write(self, citizen: Citizen, number: int) -> None:
        message = {"type": "text", "text": {"body": f"Pertanyaan ke-{number}: apa syaratnya?"}}
        answer = self.http.post(f"/control/citizens/{citizen.id}/messages", json=message).raise_for_status()
        self.sent.add(answer.json()["wamid"])

    def _post(self, citizen: Citizen, number: int) -> None:
        """One signed body, delivered once. Without an acknowledgement nothing was promised; then it goes again."""
        wamid = f"wamid.LATIHAN{number:08d}"
        body = self._body(citizen, wamid, f"Pertanyaan ke-{number}, langsung: berapa lama?")
        copies = 2 if self.random.random() < 0.3 else 1
        while copies and not self.stopping.is_set():
            status = self.http.post("/control/webhooks/raw", json=body).raise_for_status().json()["status"]
            if status == 200:
                self.sent.add(wamid)
                copies -= 1
            else:
                self.unanswered_posts += 1
                time.sleep(0.2)

    def _body(self, citizen: Citizen, wamid: str, text: str) -> dict[str, Any]:
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "6285155565667", "phone_number_id": self.phone_number_id},
            "contacts": [{"profile": {"name": citizen.name}, "wa_id": citizen.wa_id, "user_id": citizen.user_id}],
            "messages": [
                {
                    "from": citizen.wa_id,
                    "from_user_id": citizen.user_id,
                    "id": wamid,
                    "timestamp": str(int(time.time())),
                    "type": "text",
                    "text": {"body": text},
                }
            ],
        }
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "351600000000000", "changes": [change]}]}
