"""Files of messages as the desk lives with them: told about, opened, asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pelita.desk.actions.moving import hearers
from pelita.desk.models import Entry, Inquiry
from pelita.desk.queries.files import Seen
from pelita.journal import actions as journal
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.actions import media as wire
from pelita.whatsapp.models import Media, Source

# Photos and papers may show who somebody is: NIK, KK, address. Opening one leaves a trace.
PRIVATE_KINDS = frozenset({"image", "document"})


def files_changed(files: Sequence[Media], *, now: datetime) -> None:
    """A file was fetched, or could not be: open threads hear of it. A history that is imported makes no noise."""
    for media in files:
        rows = Entry.objects.filter(office=media.office_id).select_related("inquiry", "inbound", "outbound")
        entry = rows.filter(inbound__media=media.pk).first() or rows.filter(outbound__media=media.pk).first()
        if entry is not None and not _quiet(entry):
            _tell(media, f"media.{media.state}", entry.inquiry, by=None, now=now)


def _quiet(entry: Entry) -> bool:
    if entry.inbound is not None:
        return entry.inbound.quiet
    return entry.outbound is not None and entry.outbound.source == Source.HISTORY


def _tell(media: Media, verb: str, inquiry: Inquiry | None, *, by: Officer | None, now: datetime) -> None:
    journal.record(
        office=media.office_id,
        verb=verb,
        subject=("media", media.pk),
        by=by,
        now=now,
        audience=hearers(inquiry),
        code=inquiry.code if inquiry else "",
        kind=media.kind,
    )


def is_private(seen: Seen) -> bool:
    """Whether the file is covered until somebody asks to see it, which is written down."""
    return seen.from_citizen and seen.media.kind in PRIVATE_KINDS


@transaction.atomic
def opened(*, seen: Seen, by: Place, now: datetime) -> None:
    """Write down who looked at a citizen's photo or paper."""
    if is_private(seen):
        _tell(seen.media, "media.opened", seen.inquiry, by=by.officer, now=now)


@transaction.atomic
def ask_again(*, seen: Seen, by: Place, now: datetime) -> bool:
    """Fetch again what failed. False when it does not wait for that; whoever sees the message may ask."""
    if not wire.ask_again(media=seen.media, now=now):
        return False
    _tell(seen.media, "media.asked", seen.inquiry, by=by.officer, now=now)
    return True
