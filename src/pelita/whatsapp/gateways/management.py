"""The port for what is asked of a provider beside messages. No Django models in here, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from pelita.whatsapp.gateways.base import Access
from pelita.whatsapp.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Listed:
    """A template as the provider lists it. ``status`` and ``category`` in the provider's words."""

    provider_id: str
    name: str
    language: str
    category: str
    status: str
    components: list[dict[str, Any]] = field(default_factory=list)
    quality: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Every template of the account, or the outcome that kept us from knowing (then ``rows`` is empty)."""

    outcome: Outcome
    rows: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of handing a template in or deleting one. ``details``: the provider's explanation of a refusal."""

    outcome: Outcome
    provider_id: str = ""
    status: str = ""
    category: str = ""
    details: str = ""


class TemplateGateway(Protocol):
    """One account's templates. Never raises for what the network or the provider does."""

    async def everything(self) -> Listing:
        """All pages of the list, or none: half a list would look like deletions."""
        ...

    async def hand_in(self, *, name: str, language: str, category: str, components: list[dict[str, Any]]) -> Handed: ...

    async def delete(self, *, name: str, provider_id: str) -> Handed: ...

    async def aclose(self) -> None: ...


class TemplateGatewayFactory(Protocol):
    """Makes it for an account of a line, on the event loop that will use it. Raises BadLineError."""

    def __call__(self, access: Access, account_id: str) -> TemplateGateway: ...


class PhoneGateway(Protocol):
    """What a number shares with the app on the office's phone. Never raises for what the network does."""

    async def request_sync(self, kind: str) -> Outcome:
        """Ask for the phone's contacts or its old chats; they come as webhooks."""
        ...

    async def aclose(self) -> None: ...


class BlockGateway(Protocol):
    """Whom a number lets through no more. Never raises for what the network or the provider does."""

    async def block(self, *, phone: str, user_id: str, wanted: bool) -> Outcome:
        """Block the person (``wanted``) or let through again, by phone (digits) or business-scoped id."""
        ...

    async def aclose(self) -> None: ...


class BlockGatewayFactory(Protocol):
    """Makes it for a line, on the event loop that will use it. Raises BadLineError."""

    def __call__(self, access: Access) -> BlockGateway: ...


class PhoneGatewayFactory(Protocol):
    """Makes it for a line, on the event loop that will use it. Raises BadLineError."""

    def __call__(self, access: Access) -> PhoneGateway: ...
