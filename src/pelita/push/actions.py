"""Every write about devices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils.translation import gettext as _

from pelita.journal import actions as journal
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.push import vapid
from pelita.push.errors import DeviceError
from pelita.push.gateway import Landing, Reply
from pelita.push.models import Device
from pelita.push.sealing import AUTH, CURVE, POINT
from pelita.push.services import hash_of, is_known

MOST = 10  # devices of one officer
TRIALS = 50


@transaction.atomic
def add(*, by: Place, endpoint: str, p256dh: str, auth: str, words: str, now: datetime) -> Device:
    """Push to this browser from now on. Whoever had turned it on before is no longer pushed to there.

    ``endpoint``, ``p256dh`` and ``auth`` as the browser gives them (the keys base64url). Raises DeviceError.
    """
    key = _checked(endpoint, p256dh, auth)
    Officer.objects.select_for_update().get(pk=by.officer.pk)  # one at a time, so that the count holds
    others = Device.objects.across_offices("a browser is one officer's, whatever the office")
    for other in others.filter(endpoint_hash=hash_of(endpoint)).exclude(officer=by.officer):
        _fact(other, "officer.device_taken", by=None, now=now)
        Device.objects.filter(office=other.office_id, pk=other.pk).delete()
    own = Device.objects.filter(office=by.office, officer=by.officer)
    known = own.filter(endpoint_hash=hash_of(endpoint)).first()
    if known is None and own.count() >= MOST:
        raise DeviceError(_("Sudah ada {n} perangkat. Hapus dulu yang tidak dipakai.").format(n=MOST))
    device = known or Device(
        office=by.office, officer=by.officer, endpoint_hash=hash_of(endpoint), created_at=now, words=words[:60]
    )
    device.endpoint, device.p256dh, device.auth, device.failed_at = endpoint, key, auth, None
    device.save()
    if known is None:
        _fact(device, "officer.device_added", by=by.officer, now=now)
    return device


def _checked(endpoint: str, p256dh: str, auth: str) -> bytes:
    if not is_known(endpoint):
        raise DeviceError(_("Layanan pemberitahuan peramban ini belum dikenal. Hubungi operator sistem kantor."))
    try:
        key = vapid.from_text(p256dh, length=POINT)
        vapid.from_text(auth, length=AUTH)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    except ValueError:
        raise DeviceError(_("Peramban ini memberi kunci yang tidak bisa dipakai. Coba nyalakan lagi.")) from None
    return key


@transaction.atomic
def moved(*, old: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> bool:
    """The browser says that its endpoint ``old`` is another one now. Whoever knows the old one is that browser, signed
    in or not. False when nobody is pushed to there. Raises DeviceError."""
    key = _checked(endpoint, p256dh, auth)
    rows = Device.objects.across_offices("a browser knows its endpoint, and the device its office")
    device = rows.filter(endpoint_hash=hash_of(old)).select_for_update().first()
    if device is None:
        return False
    rows.filter(endpoint_hash=hash_of(endpoint)).exclude(pk=device.pk).delete()
    device.endpoint, device.endpoint_hash, device.p256dh, device.auth = endpoint, hash_of(endpoint), key, auth
    device.failed_at = None
    device.save()
    _fact(device, "officer.device_moved", by=None, now=now)
    return True


@transaction.atomic
def remove(*, by: Place, now: datetime, device: int | None = None, endpoint_hash: str = "") -> bool:
    """Push to the officer's own device no more, named by its id or by its endpoint's hash. False when there is none."""
    own = Device.objects.filter(office=by.office, officer=by.officer)
    found = (own.filter(pk=device) if device is not None else own.filter(endpoint_hash=endpoint_hash)).first()
    if found is None:
        return False
    _fact(found, "officer.device_removed", by=by.officer, now=now)
    found.delete()
    return True


@transaction.atomic
def remove_all(*, by: Place, now: datetime) -> int:
    """Push to none of the officer's devices any more. Returns how many there were."""
    own = list(Device.objects.filter(office=by.office, officer=by.officer))
    for device in own:
        _fact(device, "officer.device_removed", by=by.officer, now=now)
        device.delete()
    return len(own)


@transaction.atomic
def try_all(*, by: Place, now: datetime) -> int:
    """Have a trial pushed to every device of the officer. Returns how many there are."""
    return Device.objects.filter(office=by.office, officer=by.officer).update(test_at=now)


@transaction.atomic
def take_trials(*, now: datetime) -> list[Device]:
    """The devices that wait for a trial, and wait no more: what fails is seen on the page and tried again by hand."""
    rows = Device.objects.across_offices("the worker pushes for every office")
    found = list(rows.filter(test_at__lte=now).select_for_update(skip_locked=True).order_by("test_at", "id")[:TRIALS])
    rows.filter(pk__in=[one.pk for one in found]).update(test_at=None)
    return found


@transaction.atomic
def heard(*, device: Device, reply: Reply, now: datetime) -> None:
    """Note what its push service said. A device that is gone is forgotten, with whatever still waited for it; not when
    the browser named another endpoint during the call."""
    row = Device.objects.filter(office=device.office_id, pk=device.pk, endpoint_hash=device.endpoint_hash)
    if reply.landing is Landing.TAKEN:
        row.update(ok_at=now, failed_at=None)
    elif reply.landing is Landing.GONE:
        if row.delete()[0]:
            _fact(device, "officer.device_gone", by=None, now=now)
    else:
        row.filter(failed_at__isnull=True).update(failed_at=now)


def _fact(device: Device, verb: str, *, by: Officer | None, now: datetime, **data: Any) -> None:
    journal.record(
        office=device.office_id,
        verb=verb,
        subject=("officer", device.officer_id),
        by=by,
        now=now,
        device=device.pk,
        **data,
    )
