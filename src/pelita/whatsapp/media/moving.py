"""Moving files between WhatsApp and our store: one at a time, until nothing is due.

A run lends itself one file, calls, looks at the bytes, puts them away, writes down what came of it. No transaction is
open during a call. Killed anywhere, it leaves a lease that ends and a path that the next try writes over.
"""

from __future__ import annotations

import asyncio
import io
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from pelita.base import clock
from pelita.whatsapp import jobs
from pelita.whatsapp.actions import media as actions
from pelita.whatsapp.errors import BadLineError
from pelita.whatsapp.gateways.base import Gateway, GatewayFactory
from pelita.whatsapp.gateways.files import Fetched, FileOutcome, Upload, Uploaded
from pelita.whatsapp.media import checking, limits, steps, store
from pelita.whatsapp.models import Media
from pelita.whatsapp.ports import FileHandler
from pelita.whatsapp.sending import access_of
from pelita.whatsapp.trouble import is_trouble, told

log = logging.getLogger(__name__)

DEFAULT_NAMES = {"image": "foto", "video": "video", "audio": "suara", "document": "dokumen", "sticker": "stiker"}


def drain(
    *,
    gateways: Mapping[str, GatewayFactory],
    handlers: Sequence[FileHandler],
    budget_seconds: float = 20.0,
    stop: threading.Event | None = None,
) -> bool:
    """Move what is due. True when the budget ended it and more is due.

    Safe to run many times at once: each file is lent to one run. Whoever finds more than one rings for another.
    """
    ends = time.monotonic() + budget_seconds
    while not (stop and stop.is_set()):
        media = actions.claim(now=clock.now())
        if media is None:
            return False
        more = actions.media_due(clock.now())
        if more:
            jobs.defer_media()
        _move(media, gateways, handlers)
        if more and time.monotonic() >= ends:
            return True
    return False


def _move(media: Media, gateways: Mapping[str, GatewayFactory], handlers: Sequence[FileHandler]) -> None:
    """One file. Whatever it does to us, the others are moved on."""
    try:
        if media.incoming:
            _fetch(media, gateways, handlers)
        else:
            _upload(media, gateways)
    except checking.RejectedError as error:
        actions.rejected(media=media, reason=error.reason, now=clock.now(), handlers=handlers)
    except BadLineError:
        actions.failed(media=media, error="not_allowed", now=clock.now(), handlers=handlers)
    except Exception as error:
        if is_trouble(error):
            raise  # the lease ends by itself
        log.warning("media %d: %s", media.pk, told(error))
        actions.failed(media=media, error="storage", now=clock.now(), handlers=handlers)


def _fetch(media: Media, gateways: Mapping[str, GatewayFactory], handlers: Sequence[FileHandler]) -> None:
    with store.passing() as file:
        fetched = asyncio.run(_fetched(media, gateways[media.line.gateway], file))
        if fetched.outcome is not FileOutcome.DONE:
            error = steps.ERROR_OF[fetched.outcome]
            actions.failed(media=media, error=error, now=clock.now(), handlers=handlers)
            return
        if not _unaltered(file, media, fetched):
            actions.failed(media=media, error="altered", now=clock.now(), handlers=handlers)
            return
        checked = checking.check(file, kind=media.kind, claimed_type=media.claimed_type, filename=media.filename)
        thumbnail = media.path + store.SMALL if checked.small else ""
        place = store.store()
        place.put(media.path, file)
        if thumbnail:
            place.put(thumbnail, io.BytesIO(checked.small))
    actions.stored(media=media, checked=checked, thumbnail=thumbnail, now=clock.now(), handlers=handlers)


async def _fetched(media: Media, factory: GatewayFactory, file: BinaryIO) -> Fetched:
    gateway = factory(access_of(media.line))
    try:
        return await gateway.fetch_file(media.provider_id, file, limit=limits.most_received(media.kind))
    finally:
        await gateway.aclose()


def _unaltered(file: BinaryIO, media: Media, fetched: Fetched) -> bool:
    """Whether the bytes are those that webhook and answer announced, where they announced any."""
    announced = {media.sha256, checking.hexadecimal(fetched.sha256)} - {""}
    return not announced or announced == {checking.digest_of(file)}


def _upload(media: Media, gateways: Mapping[str, GatewayFactory]) -> None:
    with store.opened(media.path) as file:
        done = asyncio.run(_uploaded(media, gateways[media.line.gateway], file))
    if done.outcome is FileOutcome.DONE:
        actions.uploaded(media=media, provider_id=done.provider_id, now=clock.now())
    else:
        actions.failed(media=media, error=steps.ERROR_OF[done.outcome], now=clock.now(), handlers=())


async def _uploaded(media: Media, factory: GatewayFactory, file: BinaryIO) -> Uploaded:
    gateway: Gateway = factory(access_of(media.line))
    name = media.filename or DEFAULT_NAMES.get(media.kind, "berkas")
    try:
        return await gateway.upload_file(Upload(file, media.real_type, name))
    finally:
        await gateway.aclose()
