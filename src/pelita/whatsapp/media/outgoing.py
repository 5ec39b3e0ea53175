"""Taking in a file that the office sends: looked at as strictly as what comes from outside, then put away."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from pelita.whatsapp import jobs
from pelita.whatsapp.errors import FileEmptyError, FileRefusedError, FileTooLargeError, FileTypeError
from pelita.whatsapp.limits import FILENAME
from pelita.whatsapp.media import checking, limits, sniff, store
from pelita.whatsapp.models import Line, Media, MediaState, Outbound


def store_outgoing(*, line: Line, file: BinaryIO, filename: str, now: datetime, kind: str = "") -> Media:
    """Check and store the file; a worker uploads it to WhatsApp at once. Use it in a message afterwards.

    ``kind`` as in limits.KINDS; without one the content decides, and a picture that is too large for a photo goes as
    a document. Outside any transaction, for the bytes may travel to a bucket. Raises FileEmptyError,
    FileTooLargeError and FileTypeError, each a sentence for whoever chose the file.
    """
    size = file.seek(0, 2)
    if not size:
        raise FileEmptyError
    name = PurePath(filename.replace("\\", "/")).name[:255]
    found = sniff.real_type(file, size, name)
    kind = kind or kind_for(found, size)
    _accept(kind, found, size)
    try:
        checked = checking.check(file, kind=kind, claimed_type=found, filename=name)
    except checking.RejectedError:
        raise FileTypeError(str(limits.kind_of(kind).words)) from None
    path = store.new_path(line.office_id, now)
    place, thumbnail = store.store(), path + store.SMALL if checked.small else ""
    place.put(path, file)
    if thumbnail:
        place.put(thumbnail, io.BytesIO(checked.small))
    media = Media.objects.create(
        office_id=line.office_id, line=line, incoming=False, kind=kind, claimed_type=found, real_type=found,
        filename=name, sha256=checked.sha256, size=checked.size, width=checked.width, height=checked.height,
        animated=checked.animated, path=path, thumbnail=thumbnail, state=MediaState.WAITING, next_at=now,
        created_at=now, stored_at=now,
    )  # fmt: skip
    jobs.wake_media()
    return media


def reuse(*, received: Media, line: Line, now: datetime) -> Media:
    """A received file made ready to leave from ``line``. The bytes are not copied: both rows have one path.

    A photo stays a photo where WhatsApp takes it as one, a paper stays a paper. Inside the caller's transaction. Raises
    FileRefusedError for a file that is not there, FileTooLargeError and FileTypeError as store_outgoing does.
    """
    if not received.incoming or received.state != MediaState.STORED:
        raise FileRefusedError
    found, size = received.real_type, received.size or 0
    kind = "document" if received.kind == "document" else kind_for(found, size)
    _accept(kind, found, size)
    media = Media.objects.create(
        office_id=line.office_id, line=line, incoming=False, kind=kind, claimed_type=found, real_type=found,
        filename=received.filename[:FILENAME], sha256=received.sha256, size=size, width=received.width,
        height=received.height, animated=received.animated, path=received.path, thumbnail=received.thumbnail,
        copy_of=received, state=MediaState.WAITING, next_at=now, created_at=now, stored_at=now,
    )  # fmt: skip
    jobs.wake_media()
    return media


def discard(*, media: Media) -> None:
    """Forget a file that was stored for a message which did not come about."""
    if not Outbound.objects.filter(office=media.office_id, media=media).exists():
        Media.objects.filter(office=media.office_id, pk=media.pk).delete()
        if media.copy_of_id is not None:
            return  # the received file keeps its bytes
        place = store.store()
        for path in filter(None, (media.path, media.thumbnail)):
            place.delete(path)


def kind_for(found: str, size: int) -> str:
    """How WhatsApp should show a file of this type."""
    for kind in ("image", "video", "audio"):
        if found in limits.KINDS[kind].sent:
            return kind if kind != "image" or size <= limits.KINDS[kind].limit else "document"
    return "document"


def _accept(kind: str, found: str, size: int) -> None:
    wanted = limits.kind_of(kind)
    if found not in wanted.sent:
        words = wanted.words if kind != "document" else f"{limits.KINDS['image'].words}, {wanted.words}"
        raise FileTypeError(str(words))
    if size > wanted.limit:
        raise FileTooLargeError(size, wanted.limit, str(wanted.label))
