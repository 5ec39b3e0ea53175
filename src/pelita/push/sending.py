"""The worker's side: seal, sign, call, note what came of it. No transaction is open during a call."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pelita.push import actions, sealing, vapid
from pelita.push.gateway import Landing, Outgoing, Reply, call_all
from pelita.push.models import Device
from pelita.push.services import is_known

logger = logging.getLogger(__name__)
TRIAL_LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Message:
    """What one browser shows. ``path``: where a tap leads. ``tag``: the later one of two with the same takes its place.

    ``waiting``: what the icon counts, None to leave it. ``lives``: how long it waits for a phone that is off.
    """

    title: str
    text: str
    path: str
    tag: str
    lives: timedelta
    urgent: bool = True
    waiting: int | None = None

    def as_bytes(self) -> bytes:
        said = {"title": self.title, "text": self.text[:400], "path": self.path, "tag": self.tag}
        if self.waiting is not None:
            said["waiting"] = str(self.waiting)
        return json.dumps(said, ensure_ascii=False).encode()


def send(messages: Sequence[tuple[Device, Message]], *, now: datetime) -> list[Reply]:
    """Push to each device; the replies in the same order. What cannot even be tried is refused; nothing is raised."""
    calls = [_outgoing(device, message, now) for device, message in messages]
    made = asyncio.run(call_all([one for one in calls if one is not None])) if any(calls) else []
    replies = iter(made)
    return [next(replies) if one is not None else Reply(Landing.REFUSED, "unusable") for one in calls]


def _outgoing(device: Device, message: Message, now: datetime) -> Outgoing | None:
    if not is_known(device.endpoint):  # the list may have become shorter, or the key that sealed it is gone
        return None
    try:
        auth = vapid.from_text(device.auth, length=sealing.AUTH)
        return Outgoing(
            endpoint=device.endpoint,
            authorization=vapid.authorization(device.endpoint, now=now),
            body=sealing.seal(message.as_bytes(), p256dh=bytes(device.p256dh), auth=auth),
            ttl=int(message.lives.total_seconds()),
            urgency="high" if message.urgent else "normal",
            topic=message.tag,
        )
    except (ValueError, vapid.BadKeyError) as error:
        logger.warning("push: device %d cannot be used: %s", device.pk, type(error).__name__)
        return None


def send_trials(*, now: datetime, message: Message) -> int:
    """Push ``message`` to the devices that their officers want to try. Returns how many; each wish counts once."""
    devices = actions.take_trials(now=now)
    for device, reply in zip(devices, send([(one, message) for one in devices], now=now), strict=True):
        actions.heard(device=device, reply=reply, now=now)
    return len(devices)
