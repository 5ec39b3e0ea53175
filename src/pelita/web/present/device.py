"""An officer's devices as the page Saya shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from pelita.push.models import Device
from pelita.web import words

# The first that fits; every browser also calls itself by the names of older ones.
BROWSERS = (
    ("SamsungBrowser/", "Samsung Internet"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edg/", "Edge"),
    ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
HAND = ("Android", "iPhone", "iPad")


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device. ``state``: how it went last, in words; ``failed``: nothing arrives there at the moment."""

    pk: int
    hash: str
    name: str
    icon: str
    state: str
    failed: bool


def words_of(user_agent: str) -> str:
    """``Chrome di Android``: what the person knows the device by."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), _("Peramban"))
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return _("{browser} di {system}").format(browser=browser, system=system) if system else browser


def rows(devices: Iterable[Device], now: datetime) -> list[DeviceRow]:
    return [
        DeviceRow(
            pk=one.pk,
            hash=one.endpoint_hash,
            name=one.words,
            icon="device-mobile" if one.words.endswith(HAND) else "device-desktop",
            state=_state(one, now),
            failed=one.failed_at is not None,
        )
        for one in devices
    ]


def _state(device: Device, now: datetime) -> str:
    if device.failed_at is not None:
        return _("Tidak sampai sejak {moment}").format(moment=_moment(device.failed_at, now))
    if device.ok_at is not None:
        return _("Terakhir dikirimi {moment}").format(moment=_moment(device.ok_at, now))
    return _("Menyala, belum ada yang dikirim")


def _moment(at: datetime, now: datetime) -> str:
    return words.moment_words(at, now, timezone.get_current_timezone())
