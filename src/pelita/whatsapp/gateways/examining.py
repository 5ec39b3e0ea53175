"""The port for looking whether a number is set up: what a provider and our own address answer. No Django in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.outcomes import Outcome


class Question(StrEnum):
    """What is asked, each by one call."""

    NUMBER = "number"  # the phone number id itself
    ACCOUNT = "account"  # the numbers of the business account
    SUBSCRIPTION = "subscription"  # the applications that hear of the account
    APP = "app"  # the application, by its own secret
    HANDSHAKE = "handshake"  # our address, with the verify token
    SIGNED = "signed"  # our address, a body signed with the app secret
    FORGED = "forged"  # our address, a body signed with another secret


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back. ``outcome`` is ACCEPTED for a 2xx with a body of the kind that was asked for.

    ``data``: a number's fields; ``{"ids": […]}`` for lists. ``status`` is the HTTP status, None without an answer.
    """

    outcome: Outcome
    status: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the examination needs beside the line's access. Secrets stay out of ``repr``."""

    account_id: str
    app_id: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    webhook: str


class Examiner(Protocol):
    """Asks every question once. Never raises for what the network or the provider does."""

    async def ask(self) -> dict[Question, Answered]: ...


class ExaminerFactory(Protocol):
    """Makes it for a line, on the event loop that will use it. Raises BadLineError."""

    def __call__(self, access: Access, credentials: Credentials) -> Examiner: ...
