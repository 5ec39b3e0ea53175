"""Faults that can be asked for: each kind in one table, each active one counted down as it strikes."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """`side` is "api" (calls of the business), "media" (its downloads) or "webhook" (updates on their way)."""

    side: str
    meaning: str
    example: Json
    seconds: float = 0.0


KINDS: dict[str, Kind] = {
    "timeout_before_accept": Kind(
        "api",
        "The call hangs for `seconds` and is closed without an answer. The message was not taken.",
        {"kind": "timeout_before_accept", "count": 1, "seconds": 5},
        30,
    ),
    "timeout_after_accept": Kind(
        "api",
        "The message is stored, reaches the phone and gets its statuses, but the call hangs for "
        "`seconds` and is closed without an answer.",
        {"kind": "timeout_after_accept", "count": 1, "seconds": 5},
        30,
    ),
    "http_502_html": Kind(
        "api",
        "502 with an HTML page in place of JSON. The message was not taken.",
        {"kind": "http_502_html", "count": 2},
    ),
    "token_expired_190": Kind(
        "api",
        "Every call, read marks too, is refused with 401 and code 190.",
        {"kind": "token_expired_190", "count": None},
    ),
    "slow": Kind("api", "The answer takes `seconds` longer.", {"kind": "slow", "count": 3, "seconds": 2}, 2),
    "error": Kind(
        "api",
        "The call is refused at once with `code`, HTTP `status` (default: Meta's for this code) and `details`.",
        {"kind": "error", "count": 1, "code": 131000, "status": 500},
    ),
    "failed_status": Kind(
        "api",
        "The call is answered with 200, then a `failed` status with `code` arrives.",
        {"kind": "failed_status", "count": 1, "code": 131042},
    ),
    "duplicate_webhooks": Kind(
        "webhook",
        "A delivery is sent twice at the same time, byte for byte.",
        {"kind": "duplicate_webhooks", "count": 5},
    ),
    "reorder_webhooks": Kind(
        "webhook",
        "Updates are held for `seconds` and then delivered one by one, newest first.",
        {"kind": "reorder_webhooks", "count": 1, "seconds": 1.5},
        1.5,
    ),
    "batch_webhooks": Kind(
        "webhook",
        "Updates are held for `seconds`, or until `size` of them wait, and then delivered in one body.",
        {"kind": "batch_webhooks", "count": 1, "seconds": 2, "size": 100},
        2,
    ),
    "drop_first_delivery": Kind(
        "webhook",
        "The first delivery of an update is lost on the way; it arrives with the retry.",
        {"kind": "drop_first_delivery", "count": 3},
    ),
    "drop_webhooks": Kind(
        "webhook",
        "An update is lost for good, as happens after a week of retries.",
        {"kind": "drop_webhooks", "count": 1},
    ),
    "media_fails": Kind(
        "media",
        "Downloading a file is answered with HTTP `status` (500 by default).",
        {"kind": "media_fails", "count": 2, "status": 500},
    ),
    "media_wrong_bytes": Kind(
        "media",
        "The downloaded file has other bytes than its sha256 says.",
        {"kind": "media_wrong_bytes", "count": 1},
    ),
    "media_url_expired": Kind(
        "media",
        "The address of a file is answered as if its five minutes were over: ask for a new one.",
        {"kind": "media_url_expired", "count": 1},
    ),
}
HOLDS = ("reorder_webhooks", "batch_webhooks")
# Calls besides sending: a fault strikes them only when its `match` names them (or *).
BESIDES = ("read", "upload", "number", "account", "templates", "media", "sync")


class BadFaultError(ValueError):
    """The fault cannot be set; the text says why, in Indonesian."""


@dataclass
class Fault:
    """`left` counts down to its end, None strikes until it is removed. `match` narrows it."""

    id: int
    kind: str
    left: int | None = 1
    seconds: float = 0.0
    code: int = 131000
    status: int | None = None
    details: str | None = None
    size: int = 100
    match: Json = field(default_factory=dict)

    def hits(self, subject: Json) -> bool:
        """Whether every wish in `match` is true of `subject` (keys citizen and type)."""
        wanted_type = self.match.get("type")
        if wanted_type is None and subject.get("type") in BESIDES and self.kind != "token_expired_190":
            return False  # A read mark or a look at the number must not use up a fault that was meant for a message.
        if wanted_type not in (None, "*", subject.get("type")):
            return False
        return self.match.get("citizen") in (None, subject.get("citizen"))


class Faults:
    """The active faults in the order they were set."""

    def __init__(self, kept: Iterable[Json] = (), on_change: Callable[[], None] = lambda: None) -> None:
        self.active = [Fault(**values) for values in kept]
        self._on_change = on_change
        self._last_id = max((fault.id for fault in self.active), default=0)

    def add(self, wish: Any) -> Fault:
        """Raises BadFaultError. A count of 0 removes every fault of the kind."""
        if not isinstance(wish, dict) or wish.get("kind") not in KINDS:
            raise BadFaultError("Jenis gangguan tidak dikenal. Yang ada: " + ", ".join(KINDS) + ".")
        left = wish.get("count", 1)
        if left is not None and (isinstance(left, bool) or not isinstance(left, int) or left < 0):
            raise BadFaultError("“count” harus bilangan bulat, atau null bila sampai dihapus.")
        match = wish.get("match") or {}
        if not isinstance(match, dict) or not set(match) <= {"citizen", "type"}:
            raise BadFaultError("“match” hanya mengenal “citizen” dan “type”.")
        self._last_id += 1
        fault = Fault(self._last_id, wish["kind"], left, KINDS[wish["kind"]].seconds, match=match)
        _set_number(fault, wish, "seconds", 0, 600)
        _set_number(fault, wish, "code", 0, 10**9)
        _set_number(fault, wish, "status", 200, 599)
        _set_number(fault, wish, "size", 1, 1000)
        if isinstance(wish.get("details"), str):
            fault.details = wish["details"]
        if left == 0:
            self.active = [other for other in self.active if other.kind != fault.kind]
        else:
            self.active.append(fault)
        self._on_change()
        return fault

    def remove(self, fault_id: int | None = None) -> bool:
        """One fault, or all of them; False when there was none."""
        before = len(self.active)
        self.active = [fault for fault in self.active if fault_id is not None and fault.id != fault_id]
        self._on_change()
        return len(self.active) < before

    def take(self, kinds: Iterable[str], *subjects: Json) -> Fault | None:
        """The first active fault of these kinds that hits a subject; it is counted down."""
        for fault in self.active:
            if fault.kind in kinds and any(fault.hits(subject) for subject in subjects):
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left == 0:
                        self.active.remove(fault)
                self._on_change()
                return fault
        return None

    def plain(self) -> list[Json]:
        return [asdict(fault) for fault in self.active]


def _set_number(fault: Fault, wish: Json, name: str, least: float, most: float) -> None:
    value = wish.get(name)
    if value is None:
        return
    whole = name != "seconds"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise BadFaultError(f"“{name}” harus angka.")
    if not least <= value <= most:
        raise BadFaultError(f"“{name}” harus antara {least:g} dan {most:g}.")
    setattr(fault, name, value)
