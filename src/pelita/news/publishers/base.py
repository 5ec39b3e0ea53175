"""The port of a way out. The contract suite (``tests/news/test_publishers.py``) is what each must behave like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pelita.news.models import Post, Publication, PublicationState
from pelita.news.picturing import Attachment

Proof = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a way can do. ``hint`` says to the officer how it goes; ``limits`` what it cannot do, a sentence each."""

    automatic: bool  # else a person does it, and says so
    corrects: bool  # a correction follows by itself
    withdraws: bool  # so does a withdrawal
    videos: bool
    several: bool  # more than one picture
    hint: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One way of one post that is due. ``key`` names this publication and stays the same when it is tried again.

    ``proof`` is what earlier tries left; ``interrupted``: the last one was cut off, and nobody knows how far it came;
    ``files`` draws cards and opens videos, outside any transaction.
    """

    post: Post
    key: str
    proof: Proof
    caption: str
    files: Callable[[], list[Attachment]]
    now: datetime
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended. RUNNING: handed over, the proof comes later, or never: then ``overdue`` is asked at ``again_at``.
    WAITING: not now, again at ``again_at``.

    ``inside`` runs in the transaction that stores the result: what it enqueues happens if and only if that is stored.
    What it returns is added to the proof. ``error``: a sentence for the officer.
    """

    state: PublicationState
    proof: Proof = field(default_factory=dict)
    error: str = ""
    again_at: datetime | None = None
    inside: Callable[[], Proof] | None = None


class Publisher(Protocol):
    """A way out. Each call may be repeated after a crash with the same ``key`` and must then not go out twice where the
    way can know that; a way that cannot says so among its limits."""

    @property
    def capabilities(self) -> Capabilities:
        """In words of the interface's language."""
        ...

    def publish(self, job: Job, /) -> Result:
        """Bring it out."""
        ...

    def correct(self, job: Job, /) -> Result:
        """Carry a correction of what went out."""
        ...

    def withdraw(self, job: Job, /) -> Result:
        """Take back what went out; ends in WITHDRAWN, or in HAND where a person must."""
        ...

    def overdue(self, job: Job, /) -> Result:
        """What was handed over and never proved."""
        ...


LASTS = timedelta(hours=24)  # of a Status


def failed(error: str) -> Result:
    """It did not go out, and only a person may try it again."""
    return Result(PublicationState.FAILED, error=error)


def went_out(row: Publication) -> bool:
    """Whether anybody may have seen it on this way."""
    return bool(row.proof.get("out"))
