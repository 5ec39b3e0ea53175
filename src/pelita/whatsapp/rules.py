"""Pure decisions of the outbox: rates, waiting, what follows an answer, when an uncertain sending is tried again."""

from __future__ import annotations

import ipaddress
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.models import Outbound, OutboundKind, OutboundState
from pelita.whatsapp.outcomes import Outcome

COEXISTENCE_RATE, USUAL_RATE = 20, 80  # messages a second (Cloud API: "Throughput")
TEXT_LIMIT = 4096  # characters of one text message (Cloud API, "Text messages")

MAX_ATTEMPTS = 8
MAX_WAIT = timedelta(minutes=10)
# Whoever waits because the network is down or a rate is used up has done nothing wrong, so attempts do not count
# against the message. A day is the bound all the same: the service window is closed by then in any case.
PATIENCE = timedelta(hours=24)
_PATIENT = frozenset({Outcome.NOT_SENT, Outcome.RATE_LIMITED, Outcome.PAIR_LIMITED})
# A blue tick that comes minutes late helps nobody.
MARK_ATTEMPTS = 3

MAX_UNCERTAIN_RESENDS = 2
QUIET_FACTOR, BEHIND_FACTOR = 4, 20

# Between two texts that leave as one message.
GAP = "\n\n"

IN_FLIGHT = (OutboundState.SENDING, OutboundState.UNKNOWN)
OPEN = (OutboundState.QUEUED, *IN_FLIGHT)

_TINY = 1e-9
_PRINTABLE = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A token bucket at a moment. Less than zero is a debt: a pause that the provider asked for."""

    amount: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """The bucket afterwards, how many were granted, and the seconds until the next one (0.0: now)."""

    tokens: Tokens
    granted: int
    wait: float


def take(tokens: Tokens, *, wanted: int, rate: float, burst: float, now: datetime) -> Taken:
    """Take up to ``wanted`` whole tokens from a bucket that fills with ``rate`` a second up to ``burst``.

    Over any stretch of T seconds never more than ``burst + rate * T`` are granted. A clock that runs backwards
    adds nothing.
    """
    elapsed = max(0.0, (now - tokens.at).total_seconds())
    amount = min(burst, tokens.amount + elapsed * rate)
    granted = max(0, min(wanted, math.floor(amount + _TINY)))
    left = amount - granted
    wait = 0.0 if left >= 1 - _TINY else (1 - left) / rate
    return Taken(Tokens(left, max(now, tokens.at)), granted, wait)


def number_burst(rate: int) -> float:
    """How many messages of one line may leave at the same instant.

    A quarter of a second's worth: Meta counts by the second without saying how its seconds begin, and a line that
    was idle must not open with a full second's worth and go on at the full rate.
    """
    return max(1.0, rate / 4)


def whole_wait(seconds: float) -> timedelta:
    """The wait rounded up to the clock's microsecond, so that the token is there when it ends."""
    return timedelta(microseconds=math.ceil(seconds * 1_000_000))


def backoff(outcome: Outcome, attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th try: 4^n seconds for the pair rate (Meta's advice), else 2^n."""
    base = 4 if outcome is Outcome.PAIR_LIMITED else 2
    return min(MAX_WAIT, timedelta(seconds=base ** min(attempts, 10)))


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a message: its state, and for QUEUED the wait until it is due again."""

    state: OutboundState
    wait: timedelta = timedelta()


def after_reply(outcome: Outcome, *, kind: str, attempts: int, age: timedelta) -> Next:
    """What follows the outcome of the ``attempts``-th call for a message that was queued ``age`` ago."""
    if outcome is Outcome.ACCEPTED:
        return Next(OutboundState.ACCEPTED)
    if outcome.stops_line:
        # The number is at fault. The message keeps its place and is due at once when the number is resumed.
        return Next(OutboundState.QUEUED)
    if kind == OutboundKind.READ_MARK:
        # Reading twice does no harm, so nothing about a mark is uncertain.
        again = (outcome.retryable or outcome.settles_by_status) and attempts < MARK_ATTEMPTS
        return _again(outcome, attempts) if again else Next(OutboundState.FAILED)
    if outcome.settles_by_status:
        return Next(OutboundState.UNKNOWN)
    if not outcome.retryable:
        return Next(OutboundState.FAILED)
    go_on = age < PATIENCE if outcome in _PATIENT else attempts < MAX_ATTEMPTS
    return _again(outcome, attempts) if go_on else Next(OutboundState.FAILED)


def _again(outcome: Outcome, attempts: int) -> Next:
    return Next(OutboundState.QUEUED, backoff(outcome, attempts))


class Settlement(Enum):
    """What time says about a message of unknown fate."""

    WAIT = "wait"
    RESEND = "resend"
    GIVE_UP = "give_up"


def settlement(*, age: timedelta, settle_after: timedelta, heard: bool, behind: bool, uncertain: int) -> Settlement:
    """Whether to send again what may have arrived. ``age`` counts from the call, ``uncertain`` the lost answers.

    An accepted message brings a ``sent`` status within seconds, so silence means "not accepted" only while the
    webhook can be heard. ``heard``: it brought something after the call's answer was lost. A number that nobody
    writes to brings nothing at all and must not wait for ever: QUIET_FACTOR times the wait is taken for silence.
    ``behind``: bodies lie unread, and the status may be among them; that is waited for longer (BEHIND_FACTOR).
    An answer that arrives twice is worse than one that is late, so every doubt waits.
    """
    if age < settle_after:
        return Settlement.WAIT
    if behind and age < settle_after * BEHIND_FACTOR:
        return Settlement.WAIT
    if not heard and age < settle_after * QUIET_FACTOR:
        return Settlement.WAIT
    return Settlement.RESEND if uncertain <= MAX_UNCERTAIN_RESENDS else Settlement.GIVE_UP


def may_join(waiting: Outbound, new: Outbound) -> bool:
    """Whether the new text may be added to the one that waits last in its thread (docs/decisions/0010).

    Both must be loose, so that no answer of the desk is ever part of another message: its status is its own. The
    new one must quote nothing or the same, and go to the same address. One that was tried already may have arrived.
    """
    return (
        waiting.state == OutboundState.QUEUED
        and waiting.attempts == 0
        and all(one.kind == OutboundKind.TEXT and one.content.get("loose") is True for one in (waiting, new))
        and (waiting.to_phone, waiting.to_user_id) == (new.to_phone, new.to_user_id)
        and new.reply_to in {"", waiting.reply_to}
        and len(joined_text(waiting.text, new.text)) <= TEXT_LIMIT
    )


def joined_text(first: str, second: str) -> str:
    return first.rstrip() + GAP + second.lstrip()


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_base_url(url: str) -> str:
    """The address without a trailing slash. Raises BadLineError unless it is https, or http on this machine.

    The token goes to this address with every call: over http only when the call never leaves the machine.
    """
    if not _PRINTABLE.fullmatch(url):
        raise BadLineError(_("Alamat layanan WhatsApp memuat spasi atau huruf yang tidak biasa."))
    parts = urlsplit(url)
    plain = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not (parts.scheme == "https" or plain) or not parts.hostname:
        raise BadLineError(_("Alamat layanan WhatsApp harus https://, atau http:// ke komputer ini sendiri."))
    if parts.username or parts.query or parts.fragment:
        raise BadLineError(
            _("Alamat layanan WhatsApp tidak boleh memuat nama pengguna, tanda tanya, atau tanda pagar.")
        )
    return url.rstrip("/")
