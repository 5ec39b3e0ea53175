"""Reads of subscriptions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from pelita.desk.models import Citizen, Identity
from pelita.news.models_broadcast import Consent, ConsentVerb, Subscription, SubscriptionState
from pelita.offices.models import Office, Village

PAGE = 50


def village_names(office: int) -> list[tuple[int, str]]:
    """The office's villages as id and name, by name. One query."""
    return list(Village.objects.filter(office=office).order_by("name").values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """Newest change first; ``after`` begins the next page and is empty at the end."""

    rows: list[Subscription]
    after: str = ""


def page(office: Office, *, state: str = "", after: str = "") -> SubscriptionPage:
    """Subscribers of one state, with their citizens. Two queries at most. Served by ``subscription_state``."""
    rows = Subscription.objects.filter(office=office, state=state or SubscriptionState.ACTIVE)
    start = Subscription.objects.filter(office=office, pk=int(after)).first() if _is_id(after) else None
    if start is not None:
        rows = rows.filter(Q(changed_at__lt=start.changed_at) | Q(changed_at=start.changed_at, pk__lt=start.pk))
    found = list(rows.select_related("citizen").order_by("-changed_at", "-id")[: PAGE + 1])
    shown = found[:PAGE]
    return SubscriptionPage(shown, str(shown[-1].pk) if len(found) > PAGE else "")


def counts(office: Office) -> dict[str, int]:
    """How many subscriptions there are, by state. One query."""
    rows = Subscription.objects.filter(office=office).values_list("state").annotate(Count("pk"))
    found = dict(rows)
    return {state: found.get(state, 0) for state in SubscriptionState.values}


def of_citizen(office: Office, citizen: Citizen) -> Subscription | None:
    return Subscription.objects.filter(office=office, citizen=citizen).first()


def consents(subscription: Subscription, most: int = 30) -> list[Consent]:
    """The citizen's steps, newest first."""
    rows = Consent.objects.filter(office=subscription.office_id, citizen=subscription.citizen_id)
    return list(rows.order_by("-id")[:most])


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


def names_of(office: Office, citizens: Collection[int]) -> dict[int, dict[str, str]]:
    """What these citizens are called on the wire, the newest of each kind, by citizen. One query."""
    found: dict[int, dict[str, str]] = {}
    rows = Identity.objects.filter(office=office, citizen__in=citizens, retired_at=None).order_by("last_seen")
    for citizen, kind, value in rows.values_list("citizen", "kind", "value"):
        found.setdefault(citizen, {})[kind] = value
    return found


def newest_agreement(office: Office) -> Consent | None:
    """The last time that somebody agreed, for the words that were shown. The index ``consent_citizen`` does not serve
    it; an office has some thousand rows."""
    return Consent.objects.filter(office=office, verb=ConsentVerb.AGREED).order_by("-id").first()
