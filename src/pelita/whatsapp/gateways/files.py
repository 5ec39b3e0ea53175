"""The part of the gateway's port that carries files. No Django in here, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Protocol


class FileOutcome(StrEnum):
    """What came of one call about a file. All but DONE, GONE, TOO_LARGE and REFUSED are worth another try."""

    DONE = "done"
    GONE = "gone"  # the provider does not know the id (any more)
    TOO_LARGE = "too_large"
    REFUSED = "refused"  # not a file that the provider takes
    NOT_ALLOWED = "not_allowed"  # token or permission
    BUSY = "busy"  # too many calls
    UNREACHABLE = "unreachable"  # no usable answer


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched file; ``sha256`` as the provider wrote it, perhaps empty."""

    outcome: FileOutcome
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for the provider. ``filename`` is what the recipient sees of a document."""

    file: BinaryIO = field(repr=False)
    mime_type: str
    filename: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """``provider_id`` is what a message names; it lives 30 days."""

    outcome: FileOutcome
    provider_id: str = ""


class FileGateway(Protocol):
    """Never raises for what the network or the provider does: that is an outcome."""

    async def fetch_file(self, provider_id: str, into: BinaryIO, *, limit: int) -> Fetched:
        """Write the file's bytes into ``into``; stop after ``limit`` bytes (TOO_LARGE)."""
        ...

    async def upload_file(self, upload: Upload) -> Uploaded: ...
