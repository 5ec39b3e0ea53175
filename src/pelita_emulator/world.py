"""Everything the emulator holds, put together once. The rooms around it get it handed in."""

import asyncio
from dataclasses import asdict

from .chats import Chats
from .citizens import add_citizen
from .clock import WINDOW_SECONDS, Clock, iso
from .courier import Courier
from .faults import Faults
from .goods import Goods
from .hub import Hub
from .ids import new_bsuid, new_citizen_id, new_phone
from .journey import Journey, lane_of
from .lines import Lines
from .office_phone import cut_off_idle
from .options import Options
from .payloads import contact_text, message_item
from .people import People
from .rates import COEXISTENCE_PER_SECOND, HIGH_PER_SECOND, Rates
from .records import OUT, Citizen, Json, Message, Update
from .settings import Line, Settings
from .shelf import Shelf
from .statusposts import StatusPosts
from .store import Store
from .templates import Templates
from .ties import Ties
from .updates import Queue, dumps
from .views import chat_item, citizen_item
from .weblog import WireLog
from .writing import write

SAMPLES = (("Bu Sulastri", False), ("Pak Wahyu", False), ("Mbak Nur", True))
TYPING_SECONDS = 25.0


class World:
    """`typing` maps a chat's lane to the emulator time until which the office is shown typing."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.store)
        self.people = People(self.store)
        self.chats = Chats(self.store)
        self.queue = Queue(self.store)
        self.templates = Templates(self.store)
        self.goods = Goods(self.store)
        self.ties = Ties(self.store)
        self.statuses = StatusPosts(self.store)
        self.hub = Hub()
        self.clock = Clock(float(self.store.fact("offset", 0.0)))
        files = settings.store / "media" if settings.store is not None else None
        self.shelf = Shelf(self.store, self.clock, files, settings.url, settings.media_seconds)
        self.options = Options(**self.store.fact("options", {}))
        self.faults = Faults(self.store.fact("faults", []), self._faults_changed)
        self.log = WireLog(self.clock, self.hub)
        self.typing: dict[str, float] = {}
        self._lines_told: asyncio.TimerHandle | None = None
        self.lines = Lines(settings, self.store)
        self.rates_changed()
        self.courier = Courier(
            settings, self.lines, self.clock, self.queue, self.faults, self.address, self._arrived, self.log.delivery
        )
        self.journey = Journey(self)
        if self.store.new and settings.samples:
            self._add_samples()

    async def start(self) -> None:
        await self.courier.start()
        self.journey.resume()
        cut_off_idle(self)
        for wish in self.settings.people:
            citizen, _ = add_citizen(self, dict(wish))
            if words := wish.get("says"):
                write(self, citizen, self.lines.first, {"type": "text", "text": {"body": words}})

    async def stop(self) -> None:
        self.hub.close()
        if self._lines_told is not None:
            self._lines_told.cancel()
        self.journey.stop()
        await self.courier.stop()
        self.store.close()

    def address(self, line: str) -> str:
        """Where a line's updates go; "" while nobody listens."""
        if not self.lines.state(line).subscribed:
            return ""
        return self.options.webhooks.get(line, self.lines[line].webhook)

    def window_left(self, citizen: Citizen, line: str) -> float:
        """Seconds of emulator time in which the business may write freely; 0 when closed."""
        last = self.chats.last_written(citizen.id, line)
        return 0.0 if last is None else max(0.0, last + WINDOW_SECONDS - self.clock.now())

    def blocked(self, line: str) -> set[str]:
        """Citizens whom the number lets through no more."""
        return set(self.store.fact(f"blocked/{line}", []))

    def keep_blocked(self, line: str, citizens: set[str]) -> None:
        self.store.keep_fact(f"blocked/{line}", sorted(citizens))

    def announce(self, line: Line, field: str, value: Json) -> None:
        """A change of any field for the number's webhook, durable on return."""
        with self.store.transaction():
            update = self.change_for(line, field, value, lane_of(line.phone_number_id, field))
        self.courier.put(update)

    def change_for(self, line: Line, field: str, value: Json, lane: str) -> Update:
        """A change of any field. Part of the caller's transaction; `courier.put` comes after it."""
        return self.queue.add(
            Update(
                seq=0,
                line=line.phone_number_id,
                lane=lane,
                kind="change",
                event=f"field.{field}",
                item=dumps({"field": field, "value": value}),
                created=self.clock.now(),
            )
        )

    def deliver(self, citizen: Citizen, message: Message) -> Update:
        """A citizen's message for the webhook. Part of the caller's transaction; `courier.put` comes after it."""
        return self.queue.add(
            Update(
                seq=0,
                line=message.line,
                lane=lane_of(message.line, citizen.id),
                kind="message",
                event=f"message.{message.type}",
                item=dumps(message_item(citizen, message)),
                contact=None if message.type == "system" else contact_text(citizen),
                created=message.at,
                wamid=message.wamid,
            )
        )

    def reset(self) -> None:
        """As on the first day, without the samples. Options (rates, webhook addresses) and added numbers stay."""
        added = self.store.fact("lines", [])
        self.journey.stop()
        self.courier.forget()
        self.store.clear()
        self.people.clear()
        self.chats.clear()
        self.ties.clear()
        self.shelf.clear()
        self.store.keep_fact("lines", added)
        self.lines.reload()
        self.clock.offset = 0.0
        self.keep_options()
        self.faults.remove()
        self.typing.clear()
        self.log.clear()
        self.hub.publish("reset")

    def move_clock(self, seconds: float | None) -> None:
        """Ahead (or back) by seconds; None returns to the real time."""
        before = self.clock.offset
        self.clock.offset = 0.0 if seconds is None else before + seconds
        self.store.keep_fact("offset", self.clock.offset)
        if self.clock.offset < before:
            self.courier.shift(before - self.clock.offset)
        self.courier.wake()
        cut_off_idle(self)
        self.hub.publish("clock", now=iso(self.clock.now()), offset_seconds=self.clock.offset)
        self.hub.publish("statuses", line=None)
        self.tell_citizens()

    def keep_options(self) -> None:
        self.store.keep_fact("options", asdict(self.options))
        self.rates_changed()
        self.courier.wake()
        self._faults_changed()

    def rates_changed(self) -> None:
        """Buckets start full again with the limits of the options."""
        self.rates = Rates(self.options, self.per_second)

    def per_second(self, line: str) -> float:
        """Messages a second of a number, in and out together."""
        state = self.lines.state(line)
        if state.coexistence:
            return COEXISTENCE_PER_SECOND
        return HIGH_PER_SECOND if state.throughput == "HIGH" else self.options.number_per_second

    def tell_message(self, wamid: str, citizen: Citizen, line: str) -> None:
        """Show a new or changed message to whoever looks, and the citizen's counts with it."""
        message = self.chats.get(wamid) if self.hub.heard else None
        if message is not None:
            item = chat_item(self, message)
            self.hub.publish("message", citizen=citizen.id, line=line, message=item)
            self.tell_citizen(citizen.id)

    def tell_citizen(self, citizen_id: str) -> None:
        citizen = self.people.get(citizen_id)
        if self.hub.heard and citizen is not None:
            self.hub.publish("citizen", citizen=citizen_item(self, citizen))

    def tell_statuses(self, line: str) -> None:
        """Something about the number's Status changed: whoever shows it reads it anew."""
        self.hub.publish("statuses", line=line)

    def tell_citizens(self) -> None:
        for citizen in self.people if self.hub.heard else ():
            self.tell_citizen(citizen.id)

    def tell_lines(self) -> None:
        self.hub.publish("lines", lines=self.plain_lines())

    def tell_lines_soon(self) -> None:
        """What a number has used grows with every message; those who look hear of it once a second."""
        if self.hub.heard and self._lines_told is None:
            self._lines_told = asyncio.get_running_loop().call_later(1.0, self._tell_lines_now)

    def _tell_lines_now(self) -> None:
        self._lines_told = None
        self.tell_lines()

    def plain_lines(self) -> list[Json]:
        free = self.settings.free_service_messages
        return [self.lines.plain(line, self.address(line.phone_number_id), free) for line in self.lines]

    def _faults_changed(self) -> None:
        self.store.keep_fact("faults", self.faults.plain())
        self.hub.publish("faults", faults=self.faults.plain(), settings=asdict(self.options))

    def _arrived(self, updates: list[Update]) -> None:
        """The business took these: the citizen's own message gets its second tick."""
        own = [update for update in updates if update.kind == "message" and update.wamid]
        if not own:
            return
        with self.store.transaction():
            moved = [update for update in own if self.chats.move(update.wamid or "", ("sent",), "delivered")]
        for update in moved:
            citizen = self.people.get(update.lane.partition("/")[2])
            if citizen is not None:
                self.tell_message(update.wamid or "", citizen, update.line)

    def _add_samples(self) -> None:
        for name, hidden in SAMPLES:
            phone = new_phone()
            self.people.add(
                Citizen(new_citizen_id(), name, phone, new_bsuid(phone), hide_phone=hidden, created=self.clock.now())
            )

    def unread(self, citizen: Citizen) -> int:
        return sum(self.chats.unread(citizen.id, line.phone_number_id) for line in self.lines)

    def show_typing(self, citizen: Citizen, line: str) -> None:
        """Dots on the phone until a message arrives, 25 seconds at most."""
        self.typing[lane_of(line, citizen.id)] = self.clock.now() + TYPING_SECONDS
        self.hub.publish("typing", citizen=citizen.id, line=line, seconds=TYPING_SECONDS)

    def is_typing(self, citizen: Citizen, line: str) -> bool:
        return self.typing.get(lane_of(line, citizen.id), 0.0) > self.clock.now()

    def messages_total(self) -> Json:
        counts = self.chats.counts()
        written = counts.get(OUT, 0)
        return {"from_citizens": written, "from_office": sum(counts.values()) - written}
