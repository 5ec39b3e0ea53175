"""Everything the emulator holds, put together once. The rooms around it get it handed in."""

from dataclasses import asdict

from .clock import WINDOW_SECONDS, Clock, iso
from .courier import Courier
from .faults import Faults
from .hub import Hub
from .ids import new_bsuid, new_citizen_id, new_phone
from .journey import Journey, lane_of
from .options import Options
from .rates import Rates
from .records import OUT, Citizen, Json, Update
from .settings import Line, Settings
from .store import Store
from .updates import Queue
from .views import chat_item, citizen_item
from .weblog import WireLog

SAMPLES = (("Bu Sulastri", False), ("Pak Wahyu", False), ("Mbak Nur", True))
TYPING_SECONDS = 25.0


class World:
    """`typing` maps a chat's lane to the emulator time until which the office is shown typing."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.store)
        self.queue = Queue(self.store)
        self.hub = Hub()
        self.clock = Clock(float(self.store.fact("offset", 0.0)))
        self.options = Options(**self.store.fact("options", {}))
        self.faults = Faults(self.store.fact("faults", []), self._faults_changed)
        self.log = WireLog(self.clock, self.hub)
        self.typing: dict[str, float] = {}
        self.rates = Rates()
        self.rates_changed()
        self.lines = {line.phone_number_id: line for line in settings.lines}
        self.courier = Courier(settings, self.queue, self.faults, self.address, self._arrived, self.log.delivery)
        self.journey = Journey(self)
        if self.store.new and settings.samples:
            self._add_samples()

    async def start(self) -> None:
        await self.courier.start()
        self.journey.resume()

    async def stop(self) -> None:
        self.hub.close()
        self.journey.stop()
        await self.courier.stop()
        self.store.close()

    @property
    def first_line(self) -> Line:
        return self.settings.lines[0]

    def address(self, line: str) -> str:
        """Where a line's updates go; "" while nobody listens."""
        return self.options.webhooks.get(line, self.lines[line].webhook)

    def window_left(self, citizen: Citizen, line: str) -> float:
        """Seconds of emulator time in which the business may write freely; 0 when closed."""
        last = self.store.last_written(citizen.id, line)
        return 0.0 if last is None else max(0.0, last + WINDOW_SECONDS - self.clock.now())

    def reset(self) -> None:
        """As on the first day, without the samples. Options (rates, webhook addresses) stay."""
        self.journey.stop()
        self.courier.forget()
        self.store.clear()
        self.clock.offset = 0.0
        self.keep_options()
        self.faults.remove()
        self.typing.clear()
        self.log.clear()
        self.hub.publish("reset")

    def move_clock(self, seconds: float | None) -> None:
        """Ahead (or back) by seconds; None returns to the real time."""
        self.clock.offset = 0.0 if seconds is None else self.clock.offset + seconds
        self.store.keep_fact("offset", self.clock.offset)
        self.hub.publish("clock", now=iso(self.clock.now()), offset_seconds=self.clock.offset)
        self.tell_citizens()

    def keep_options(self) -> None:
        self.store.keep_fact("options", asdict(self.options))
        self.rates_changed()
        self.courier.wake()
        self._faults_changed()

    def rates_changed(self) -> None:
        """Buckets start full again with the limits of the options."""
        options = self.options
        self.rates = Rates(options.number_per_second, options.pair_seconds, options.pair_burst)

    def tell_message(self, wamid: str, citizen: Citizen, line: str) -> None:
        """Show a new or changed message to whoever looks, and the citizen's counts with it."""
        message = self.store.message(wamid) if self.hub.heard else None
        if message is not None:
            item = chat_item(self, message)
            self.hub.publish("message", citizen=citizen.id, line=line, message=item)
            self.tell_citizen(citizen.id)

    def tell_citizen(self, citizen_id: str) -> None:
        citizen = self.store.citizen("id", citizen_id)
        if self.hub.heard and citizen is not None:
            self.hub.publish("citizen", citizen=citizen_item(self, citizen))

    def tell_citizens(self) -> None:
        for citizen in self.store.citizens() if self.hub.heard else ():
            self.tell_citizen(citizen.id)

    def _faults_changed(self) -> None:
        self.store.keep_fact("faults", self.faults.plain())
        self.hub.publish("faults", faults=self.faults.plain(), settings=asdict(self.options))

    def _arrived(self, updates: list[Update]) -> None:
        """The business took these: the citizen's own message gets its second tick."""
        for update in updates:
            if update.kind == "message" and update.wamid:
                citizen = self.store.citizen("id", update.lane.partition("/")[2])
                if self.store.move_message(update.wamid, ("sent",), status="delivered") and citizen:
                    self.tell_message(update.wamid, citizen, update.line)

    def _add_samples(self) -> None:
        for name, hidden in SAMPLES:
            phone = new_phone()
            self.store.add_citizen(
                Citizen(
                    new_citizen_id(),
                    name,
                    phone,
                    new_bsuid(phone),
                    hide_phone=hidden,
                    created=self.clock.now(),
                )
            )

    def unread(self, citizen: Citizen) -> int:
        return sum(self.store.unread(citizen.id, line) for line in self.lines)

    def show_typing(self, citizen: Citizen, line: str) -> None:
        """Dots on the phone until a message arrives, 25 seconds at most."""
        self.typing[lane_of(line, citizen.id)] = self.clock.now() + TYPING_SECONDS
        self.hub.publish("typing", citizen=citizen.id, line=line, seconds=TYPING_SECONDS)

    def is_typing(self, citizen: Citizen, line: str) -> bool:
        return self.typing.get(lane_of(line, citizen.id), 0.0) > self.clock.now()

    def messages_total(self) -> Json:
        counts = self.store.count_messages()
        written = counts.get(OUT, 0)
        return {"from_citizens": written, "from_office": sum(counts.values()) - written}
