"""An office whose number also lives on a phone: whole bodies taken in with the product's own wiring."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from pelita.config.wiring import HANDLERS
from pelita.desk.models import Citizen, Conversation, Entry, Identity, Inquiry
from pelita.journal.models import Fact
from pelita.whatsapp.actions.explode import explode_bodies
from pelita.whatsapp.actions.process import process_items
from pelita.whatsapp.models import Body, Inbound, Item, Line, Outbound
from tests.desk.conftest import World

_numbers = count(1)
OWN, NUMBER, ACCOUNT = "6285155565667", "100", "1"
Json = dict[str, Any]


@dataclass
class Wire:
    """Short ways in: what WhatsApp posts, and what stands in the tables afterwards."""

    world: World

    @property
    def office(self) -> int:
        return self.world.office.pk

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def line(self) -> Line:
        return Line.objects.filter(office=self.office).earliest("pk")

    def later(self, **duration: float) -> None:
        self.world.now += timedelta(**duration)

    def post(self, field: str, *, metadata: bool = True, **value: Any) -> None:
        """One change in a body of its own, taken in to the end."""
        self.store(field, metadata=metadata, **value)
        self.work()

    def store(self, field: str, *, metadata: bool = True, **value: Any) -> None:
        """One change in a body that waits."""
        head: Json = {"messaging_product": "whatsapp"}
        if metadata:
            head["metadata"] = {"display_phone_number": OWN, "phone_number_id": NUMBER}
        entry = {"id": ACCOUNT, "time": int(self.now.timestamp()), "changes": [{"field": field, "value": head | value}]}
        body = {"object": "whatsapp_business_account", "entry": [entry]}
        Body.objects.create(received_at=self.now, app=self.line.app, raw=json.dumps(body).encode())

    def work(self) -> None:
        while explode_bodies(now=self.now, handlers=HANDLERS):
            pass
        while process_items(now=self.now, handlers=HANDLERS):
            pass

    def item(self, **fields: Any) -> Json:
        """A message as WhatsApp writes one; a field that is None is left out."""
        found = {"id": f"wamid.{next(_numbers)}", "timestamp": str(int(self.now.timestamp())), "type": "text", **fields}
        return {name: value for name, value in found.items() if value is not None}

    def says(self, text: Any = "syarat bikin ktp baru apa aja ya?", **fields: Any) -> str:
        """A citizen's message; returns its wamid."""
        who = {"from": "6281234567890", "from_user_id": "ID.100"}
        profile = fields.pop("profile", {"name": "Sulastri"})
        message = self.item(**{"text": {"body": text}, **who, **fields})
        contact = {"profile": profile, "wa_id": message.get("from"), "user_id": message.get("from_user_id")}
        self.post("messages", contacts=[{k: v for k, v in contact.items() if v}], messages=[message])
        return str(message["id"])

    def echoes(self, *items: Json) -> None:
        self.post("smb_message_echoes", message_echoes=list(items))

    def echo(self, text: str = "Nggih Bu, bawa KK.", **fields: Any) -> Json:
        """A message typed on the office's phone, to the citizen of ``says`` unless told otherwise."""
        words = {} if "type" in fields else {"text": {"body": text}}
        values = {"from": OWN, "to": "6281234567890", "to_user_id": "ID.100", **words, **fields}
        return self.item(**values)

    def history(self, *threads: Json, phase: int = 0, order: int = 1, progress: int = 100) -> None:
        chunk = {"metadata": {"phase": phase, "chunk_order": order, "progress": progress}, "threads": list(threads)}
        self.post("history", history=[chunk])

    def citizens(self) -> list[Citizen]:
        return list(Citizen.objects.filter(office=self.office, merged_into=None).order_by("id"))

    def conversations(self) -> list[Conversation]:
        return list(Conversation.objects.filter(office=self.office).order_by("id"))

    def inquiries(self) -> list[Inquiry]:
        return list(Inquiry.objects.filter(office=self.office).select_related("office", "section").order_by("id"))

    def inquiry(self) -> Inquiry:
        return self.inquiries()[-1]

    def entries(self) -> list[Entry]:
        rows = Entry.objects.filter(office=self.office).select_related("inbound", "outbound", "inquiry")
        return list(rows.order_by("at", "id"))

    def texts(self) -> list[str]:
        return [message.text for entry in self.entries() if (message := entry.inbound or entry.outbound)]

    def ids(self, *, live: bool = True) -> set[tuple[str, str]]:
        """Kind and value of the identities that are in use, or that were given up."""
        rows = Identity.objects.filter(office=self.office, retired_at__isnull=live)
        return set(rows.values_list("kind", "value"))

    def facts(self, verb: str) -> list[Fact]:
        return list(Fact.objects.filter(office=self.office, verb=verb).order_by("id"))

    def inbounds(self) -> list[Inbound]:
        return list(Inbound.objects.filter(office=self.office).order_by("id"))

    def outbounds(self) -> list[Outbound]:
        return list(Outbound.objects.filter(office=self.office).order_by("id"))

    def states(self) -> set[str]:
        return set(Item.objects.values_list("state", flat=True))
