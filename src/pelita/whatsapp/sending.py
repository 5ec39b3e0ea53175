"""Draining one line's outbox: claim, call, record, until nothing is due.

The caller's thread does all the work with the database, in sets; one event loop in a thread of its own (network.py)
makes all the calls. So no transaction is open during a call, and a slow answer delays nobody else's.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from queue import Empty

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, OuterRef

from pelita.base import clock
from pelita.whatsapp.actions.claim import claim_some
from pelita.whatsapp.actions.record import record_all
from pelita.whatsapp.gateways.base import Access, GatewayFactory, Outgoing, Pattern, Reply
from pelita.whatsapp.models import Line, LineState, Outbound, OutboundState
from pelita.whatsapp.network import NETWORK, Wire
from pelita.whatsapp.outcomes import Outcome
from pelita.whatsapp.ports import Handlers
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

MAX_FLYING = 64
# A line at its rate gets a token every few milliseconds. Claiming each by itself would cost more than the sending.
PACE = 0.2
# Seconds for answers of one claim to come in, so that they are written down as one set.
GATHER = 0.01
# What is known to be due sooner is waited for here; anything later is found by the worker's sweep.
SHORT_WAIT = 1.0
# A reply that cannot be written down makes its message uncertain, so a database that comes back is waited for.
RECORD_PATIENCE = 15.0


# Lines that a thread of this process is draining, and whether somebody has asked for them meanwhile.
_asked: dict[int, bool] = {}
_gate = threading.Lock()


def drain(
    *,
    line_id: int,
    gateways: Mapping[str, GatewayFactory],
    handlers: Handlers,
    budget_seconds: float = 20.0,
    stop: threading.Event | None = None,
) -> bool:
    """:func:`drain_line`, one at a time for a line in this process. True: call again soon.

    Every message that is queued wakes a job, and several runs over one line would only wait for each other. So who
    comes second asks the first to look once more, and is done.
    """
    with _gate:
        if line_id in _asked:
            _asked[line_id] = True
            return False
        _asked[line_id] = False
    ends = time.monotonic() + budget_seconds
    try:
        while True:
            left = max(0.0, ends - time.monotonic())
            more = drain_line(line_id=line_id, gateways=gateways, handlers=handlers, budget_seconds=left, stop=stop)
            over = more or time.monotonic() >= ends or (stop is not None and stop.is_set())
            with _gate:
                if over or not _asked[line_id]:
                    return _asked.pop(line_id) or more
                _asked[line_id] = False
    except BaseException:
        with _gate:
            _asked.pop(line_id, None)
        raise


def drain_line(
    *,
    line_id: int,
    gateways: Mapping[str, GatewayFactory],
    handlers: Handlers,
    budget_seconds: float = 20.0,
    stop: threading.Event | None = None,
) -> bool:
    """Send what is due on one line. True when the budget ended it and more is due: call again soon.

    ``stop``, once set, lets nothing new leave; the calls that are under way end first (at most two time-outs).

    ``gateways`` maps ``Line.gateway`` to its factory. Safe to run for one line in many threads and processes at once.
    An idle or stopped line costs one query. Raises KeyError for a gateway that is not there, BadLineError for a line
    that cannot be used, SecretUnreadableError when the token was sealed with another key.
    """
    line = _line_with_work(line_id, clock.now())
    if line is None:
        return False
    with NETWORK.wire(gateways[line.gateway], access_of(line)) as wire:
        return _Drain(line, wire, handlers, budget_seconds, stop).run()


def lines_due(now: datetime) -> list[int]:
    """Ids of active lines with something due, for the worker's sweep. Messages that wait behind an uncertain one
    count as due: looking costs a few queries and finds the moment at which they may go."""
    found = Line.objects.across_offices("the worker's sweep serves every office").filter(state=LineState.ACTIVE)
    return list(found.filter(_due(now)).order_by("pk").values_list("pk", flat=True))


def access_of(line: Line) -> Access:
    return Access(
        phone_number_id=line.phone_number_id,
        base_url=line.base_url,
        api_version=line.api_version,
        token=line.token,
        timeout=float(settings.SEND_TIMEOUT),
        connections=flying_limit(line),
        auth_header=line.auth_header,
        auth_scheme=line.auth_scheme,
    )


def flying_limit(line: Line) -> int:
    """Calls at once: enough to reach the line's rate while an answer takes a quarter of a second."""
    return max(8, min(MAX_FLYING, line.number_rate // 4))


def outgoing_of(outbound: Outbound) -> Outgoing:
    template = outbound.template
    return Outgoing(
        key=str(outbound.key),
        kind=outbound.kind,
        to_phone=outbound.to_phone,
        to_user_id=outbound.to_user_id,
        text=outbound.text,
        reply_to=outbound.reply_to,
        content=outbound.content,
        media_id=outbound.media.provider_id if outbound.media else "",
        template=Pattern(template.name, template.language, template.components) if template else None,
        catalog_id=outbound.line.catalog_id,
    )


def _due(now: datetime) -> Exists:
    # The office is the outer line's, so the guard has nothing to add here.
    rows = Outbound.objects.across_offices("of the line that the outer query names")
    return Exists(rows.filter(line=OuterRef("pk"), state=OutboundState.QUEUED, next_at__lte=now))


def _line_with_work(line_id: int, now: datetime) -> Line | None:
    lines = Line.objects.across_offices("a job names its line, and the line its office")
    return lines.filter(_due(now), pk=line_id, state=LineState.ACTIVE).first()


class _Drain:
    """One run over one line."""

    def __init__(
        self,
        line: Line,
        wire: Wire,
        handlers: Handlers,
        budget_seconds: float,
        stop: threading.Event | None,
    ) -> None:
        self._line = line
        self._wire = wire
        self._handlers = handlers
        self._limit = flying_limit(line)
        self._ends = time.monotonic() + budget_seconds
        self._stop = stop or threading.Event()
        self._flying: dict[int, Outbound] = {}
        self._resume = 0.0
        self._more = True  # what brought us here was due

    def run(self) -> bool:
        while True:
            self._take_off()
            if self._flying:
                self._land(self._nap())
            elif not self._more or self._over():
                return self._more
            else:
                time.sleep(self._nap())

    def _over(self) -> bool:
        return self._stop.is_set() or time.monotonic() >= self._ends

    def _free(self) -> int:
        """Places for further calls; none once the run is over."""
        return 0 if self._over() else self._limit - len(self._flying)

    def _nap(self) -> float:
        """Seconds until claiming again is worth it, or the run is over. The end of any call wakes us earlier."""
        if not self._more or not self._free():
            return SHORT_WAIT
        return max(0.0, min(self._resume, self._ends) - time.monotonic())

    def _take_off(self) -> None:
        """Claim for the free places and start the calls."""
        free = self._free()
        if not free or time.monotonic() < self._resume:
            return
        try:
            claimed = claim_some(line=self._line, limit=free, now=clock.now())
        except (OperationalError, InterfaceError):
            if not self._flying:
                raise  # the job fails, and the sweep starts another
            # The replies of the calls under way are worth more than this failure: land them first.
            connection.close()
            self._more, self._resume = True, time.monotonic() + SHORT_WAIT
            return
        _record([(row, Reply(Outcome.MEDIA)) for row in claimed.refused], self._handlers)
        self._flying |= {row.pk: row for row in claimed.rows}
        self._wire.send((row.pk, outgoing_of(row)) for row in claimed.rows)
        self._more = claimed.wait is not None
        if claimed.wait:
            self._resume = time.monotonic() + max(PACE, claimed.wait)

    def _land(self, patience: float) -> None:
        """Record what has come back. Answers come close together, so a moment is given to those of the same claim."""
        landed = self._wire.landed
        try:
            replies = dict([landed.get(timeout=patience)])
        except Empty:
            return
        if len(self._flying) > 1:
            time.sleep(GATHER)
        while not landed.empty():
            replies |= [landed.get()]
        _record([(self._flying.pop(pk), reply) for pk, reply in replies.items()], self._handlers)


def _record(replies: Sequence[tuple[Outbound, Reply]], handlers: Handlers) -> None:
    """Write the replies down, whatever happens: through a lost database, a deadlock, a handler that raises.

    What WhatsApp said outweighs what the rooms above make of it. When a handler fails, each reply is written by
    itself, and one whose handler fails again without it, or the message would look unsent and leave a second time.
    Only a row of the phone cannot go before the rooms above have let go of it, so that handler stays.
    """
    ends = time.monotonic() + RECORD_PATIENCE
    while replies:
        try:
            record_all(replies=replies, now=clock.now(), handlers=handlers)
        except Exception as error:
            if is_trouble(error):
                if time.monotonic() >= ends:
                    raise
                connection.close()
                time.sleep(0.2)
                continue
            if len(replies) > 1:
                for one in replies:
                    _record([one], handlers)
                return
            (outbound, _), *_ = replies
            logger.error("outbox: %s while recording outbound %s", told(error), outbound.pk)  # noqa: TRY400  # see told
            if not handlers.delivery:
                return  # it stays SENDING, and the sweep settles it
            handlers = Handlers(folded=handlers.folded)
        else:
            return
