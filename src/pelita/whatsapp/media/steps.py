"""What follows a try to fetch or upload a file. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pelita.whatsapp.gateways.files import FileOutcome
from pelita.whatsapp.media import limits
from pelita.whatsapp.models import Media, MediaState

# One try takes at most PATIENCE of the gateway; a worker that dies gives its file back after this.
LEASE = timedelta(minutes=5)
PAUSES = (5, 20, 60, 300, 900, 3600)  # seconds after the first, second, … try; the last one stays
# From the third failure on people are told; it is tried on by itself all the same, for a token may be renewed and a
# disk emptied while the file's id still lives.
TOLD_AFTER = 3
# "There is no such file" is believed at the third time: an id has been seen to come before its file.
BELIEVED_AFTER = 3
UPLOAD_PATIENCE = timedelta(days=1)  # the window in which the message may be sent is closed by then

ERROR_OF = {
    FileOutcome.GONE: "gone",
    FileOutcome.TOO_LARGE: "too_large",
    FileOutcome.REFUSED: "refused",
    FileOutcome.NOT_ALLOWED: "not_allowed",
    FileOutcome.BUSY: "busy",
    FileOutcome.UNREACHABLE: "unreachable",
}
FINAL = {"too_large", "refused"}


@dataclass(frozen=True, slots=True)
class Next:
    """The file's state, and when it is due again (for waiting and failed ones)."""

    state: MediaState
    next_at: datetime


def after_failure(media: Media, error: str, now: datetime) -> Next:
    """What follows the ``media.attempts``-th try that ended with ``error``."""
    if error in FINAL:
        return Next(MediaState.REJECTED, now)
    age, lives = now - media.created_at, limits.RECEIVED_LIVES if media.incoming else UPLOAD_PATIENCE
    if age >= lives or (error == "gone" and media.attempts >= BELIEVED_AFTER):
        return Next(MediaState.EXPIRED, now)
    state = MediaState.FAILED if media.attempts >= TOLD_AFTER else MediaState.WAITING
    pause = PAUSES[min(media.attempts, len(PAUSES)) - 1]
    return Next(state, now + timedelta(seconds=pause))


def usable_id(media: Media, now: datetime) -> str:
    """The id by which a message may name an uploaded file now, or ""."""
    fresh = media.uploaded_at is not None and now - media.uploaded_at < limits.UPLOADED_LIVES - limits.SAFETY
    return media.provider_id if fresh and media.provider_id else ""
