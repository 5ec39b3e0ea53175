"""Rows of files: made with their message, claimed, settled, asked for again. The bytes move in ``whatsapp/media``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from pelita.whatsapp import jobs
from pelita.whatsapp.errors import FileRefusedError, OutsideTransactionError
from pelita.whatsapp.media import steps
from pelita.whatsapp.media.checking import Checked, hexadecimal
from pelita.whatsapp.media.store import new_path
from pelita.whatsapp.models import Line, Media, MediaState, Outbound, OutboundState
from pelita.whatsapp.parse_content import MediaView
from pelita.whatsapp.ports import FileHandler

OPEN = (MediaState.WAITING, MediaState.FAILED)


def prepare(
    wanted: Sequence[tuple[Line, MediaView | None]], *, now: datetime, apart: timedelta = timedelta()
) -> list[Media | None]:
    """A row for each file of messages that are about to be stored, in the same order; None where there is none.

    Inside the transaction that stores the messages; the caller puts each row into its message's ``media``. One
    INSERT however many. A worker fetches the files after the commit. ``apart`` spreads them: a history's thousands
    of old files must not stand in line before a fresh one.
    """
    if not any(view for _, view in wanted):
        return [None] * len(wanted)
    if not connection.in_atomic_block:
        raise OutsideTransactionError("Prepare files inside the transaction that stores their messages.")
    rows = [_row(line, view, now, now + apart * place) if view else None for place, (line, view) in enumerate(wanted)]
    Media.objects.bulk_create([row for row in rows if row is not None], batch_size=1000)
    jobs.wake_media()
    return rows


def _row(line: Line, view: MediaView, now: datetime, next_at: datetime) -> Media:
    # A placeholder of the phone's history names no file. `fill` gives it one if it ever comes.
    known = bool(view.provider_id)
    return Media(
        office_id=line.office_id,
        line=line,
        incoming=True,
        kind=view.kind[:12],
        provider_id=view.provider_id[:200],
        claimed_type=view.claimed_type[:120],
        filename=view.filename[:255],
        sha256=hexadecimal(view.sha256),
        voice=view.voice,
        animated=view.animated,
        path=new_path(line.office_id, now),
        state=MediaState.WAITING if known else MediaState.EXPIRED,
        error="" if known else "no_id",
        next_at=next_at,
        created_at=now,
    )


def fill(*, media: Media, view: MediaView, now: datetime) -> bool:
    """A placeholder's file has come after all (coexistence sends them apart). False when it was there already."""
    done = Media.objects.filter(office=media.office_id, pk=media.pk, state=MediaState.EXPIRED, error="no_id").update(
        provider_id=view.provider_id[:200],
        claimed_type=view.claimed_type[:120],
        sha256=hexadecimal(view.sha256),
        filename=(view.filename or media.filename)[:255],
        state=MediaState.WAITING,
        error="",
        attempts=0,
        next_at=now,
        created_at=now,
    )
    if done:
        jobs.wake_media()
    return done == 1


def media_due(now: datetime) -> bool:
    """Whether a worker would find a file to move."""
    return _due(now).exists()


@transaction.atomic
def claim(*, now: datetime) -> Media | None:
    """The file that has been due longest, lent to the caller for LEASE; None when nothing is due."""
    found = _due(now).select_for_update(of=("self",), skip_locked=True).select_related("line").first()
    if found is None:
        return None
    found.attempts += 1
    found.next_at = now + steps.LEASE
    found.save(update_fields=["attempts", "next_at"])
    return found


def _due(now: datetime) -> QuerySet[Media]:
    rows = Media.objects.across_offices("the worker serves every office")
    return rows.filter(state__in=OPEN, next_at__lte=now).order_by("next_at", "id")


@transaction.atomic
def stored(*, media: Media, checked: Checked, thumbnail: str, now: datetime, handlers: Sequence[FileHandler]) -> bool:
    """The bytes lie in the store. False when somebody else settled it meanwhile."""
    return _settle(
        media,
        handlers,
        now,
        state=MediaState.STORED,
        error="",
        real_type=checked.real_type[:120],
        sha256=checked.sha256,
        size=checked.size,
        width=checked.width,
        height=checked.height,
        animated=checked.animated or media.animated,
        thumbnail=thumbnail,
        stored_at=now,
    )


@transaction.atomic
def rejected(*, media: Media, reason: str, now: datetime, handlers: Sequence[FileHandler]) -> bool:
    """The file came and may not be kept."""
    return _settle(media, handlers, now, state=MediaState.REJECTED, error=reason)


@transaction.atomic
def failed(*, media: Media, error: str, now: datetime, handlers: Sequence[FileHandler]) -> bool:
    """This try came to nothing; what follows is a rule of ``steps``."""
    follows = steps.after_failure(media, error, now)
    done = _settle(media, handlers, now, state=follows.state, error=error, next_at=follows.next_at)
    if done and not media.incoming and follows.state not in OPEN:
        _wake_messages(media, now)
    return done


@transaction.atomic
def uploaded(*, media: Media, provider_id: str, now: datetime) -> bool:
    """WhatsApp has our file; the messages that wait for it may leave."""
    done = _settle(media, (), now, state=MediaState.STORED, error="", provider_id=provider_id, uploaded_at=now)
    if done:
        _wake_messages(media, now)
    return done


def _settle(media: Media, handlers: Sequence[FileHandler], now: datetime, **changes: Any) -> bool:
    """Only whoever holds the lease may settle. The rooms above hear of what a person would see."""
    was = media.state
    done = Media.objects.filter(office=media.office_id, pk=media.pk, attempts=media.attempts, state__in=OPEN).update(
        **changes
    )
    if not done:
        return False
    for name, value in changes.items():
        setattr(media, name, value)
    if media.state != was:
        for handler in handlers:
            handler([media], now=now)
    return True


def _wake_messages(media: Media, now: datetime) -> None:
    waiting = Outbound.objects.filter(office=media.office_id, media=media, state=OutboundState.QUEUED, next_at__gt=now)
    waiting.update(next_at=now)
    jobs.wake_outbox(media.line_id)


def ask_again(*, media: Media, now: datetime) -> bool:
    """Try at once what failed. False when it is not in that state (any more).

    Inside the caller's transaction: who may ask, and whom to tell, the desk knows.
    """
    done = Media.objects.filter(office=media.office_id, pk=media.pk, state=MediaState.FAILED).update(
        state=MediaState.WAITING, attempts=0, next_at=now
    )
    if done:
        media.state, media.attempts = MediaState.WAITING, 0
        jobs.wake_media()
    return done == 1


def ensure_uploaded(*, media: Media, now: datetime) -> str:
    """The id by which WhatsApp knows this file of ours now, or "" after asking the worker to upload it.

    With "" the message goes back into its queue for a while; it is made due once the file is there. No network is
    called here. Raises FileRefusedError when WhatsApp does not take the file: the message has failed.
    """
    if media.state in {MediaState.REJECTED, MediaState.EXPIRED}:
        raise FileRefusedError
    found = steps.usable_id(media, now)
    if found or media.state in OPEN:
        return found
    again = Media.objects.filter(office=media.office_id, pk=media.pk, incoming=False, state=MediaState.STORED)
    # `created_at` begins the patience with an upload, which is a new one here.
    again.update(state=MediaState.WAITING, attempts=0, next_at=now, created_at=now)
    jobs.wake_media()
    return ""
