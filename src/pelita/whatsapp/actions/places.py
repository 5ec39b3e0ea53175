"""Whose an item is."""

from __future__ import annotations

from collections.abc import Sequence

from pelita.base import bulk
from pelita.offices.models import Office
from pelita.whatsapp.models import Body, Item, Line
from pelita.whatsapp.parse import Found, digest_of, text_of

_LINES = "WHERE t.phone_number_id = ANY(%b::text[]) OR t.business_account_id = ANY(%b::text[])"
# With two more: as many as it takes to know that there is not one alone.
_OFFICES = "WHERE t.id = ANY(%b::bigint[]) OR t.id IN (SELECT id FROM offices_office LIMIT 2)"


class Places:
    """By the phone number id, or by the business account when only one office uses it. Two queries for any number."""

    def __init__(self, found: Sequence[Found]) -> None:
        numbers = {item.phone_number_id for item in found if item.phone_number_id}
        accounts = {item.entry_id for item in found if item.entry_id and not item.phone_number_id}
        # Across offices: a body says only by its ids whose it is.
        lines = bulk.load(Line, _LINES, [sorted(numbers), sorted(accounts)])
        offices = {office.pk: office for office in bulk.load(Office, _OFFICES, [[line.office_id for line in lines]])}
        # With the application that signed: another one's secret proves nothing about this number.
        self._by_number: dict[tuple[int, str], Line] = {}
        self._by_account: dict[tuple[int, str], set[int]] = {}
        for line in lines:
            line.office = offices[line.office_id]
            self._by_number[line.app_id, line.phone_number_id] = line
            self._by_account.setdefault((line.app_id, line.business_account_id), set()).add(line.office_id)
        self._known = {number for _, number in self._by_number}
        self._only = next(iter(offices)) if len(offices) == 1 else None

    def of(self, app: int, item: Found) -> tuple[int | None, Line | None]:
        """Office id and line. The only office there is takes what names nobody's number."""
        line = self._by_number.get((app, item.phone_number_id or ""))
        if line is not None:
            return line.office_id, line
        if self.foreign(app, item):
            return None, None
        offices = self._by_account.get((app, item.entry_id or ""), set()) if not item.phone_number_id else set()
        return (next(iter(offices)) if len(offices) == 1 else self._only), None

    def shared(self, app: int, item: Found) -> bool:
        """Whether the item names a business account that lines of this application have, and no number of them."""
        return not item.phone_number_id and (app, item.entry_id or "") in self._by_account

    def foreign(self, app: int, item: Found) -> bool:
        """Whether the item names a number that belongs to another application than the one that signed it."""
        return item.phone_number_id in self._known and (app, item.phone_number_id) not in self._by_number


def lines_of(items: Sequence[Item]) -> dict[int, list[Line]]:
    """By the item's pk: the lines of the business account that it speaks of, of every office that shares it.

    Only those of the application that signed: another one's secret proves nothing about them, even when it names their
    account. Two queries for any number of items.
    """
    apps = dict(Body.objects.filter(pk__in={item.body_id for item in items}).values_list("pk", "app_id"))
    named = {item.pk: (apps[item.body_id], text_of(item.payload.get("entry_id"))) for item in items}
    rows = Line.objects.across_offices("news of an account reach its lines").filter(
        app__in=set(apps.values()), business_account_id__in={account for _, account in named.values() if account}
    )
    lines: dict[tuple[int, str], list[Line]] = {}
    for line in rows.defer("token").order_by("id"):
        lines.setdefault((line.app_id, line.business_account_id), []).append(line)
    return {pk: lines.get(place, []) for pk, place in named.items()}


def found_of(item: Item) -> Found:
    """A stored item as it was found in its body, to look up anew whose it is."""
    metadata = item.payload.get("metadata")
    number = text_of(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""
    return Found(
        kind=item.kind, field=item.field, key=item.key, phone_number_id=number or None,
        entry_id=text_of(item.payload.get("entry_id")) or None, occurred_at=item.occurred_at,
        payload=item.payload,
    )  # fmt: skip


def kept_apart(item: Item) -> bool:
    """Whether it was stored beside the true one: another content under the same id, or signed by an application that
    did not serve its number. Such an item is kept for the eye alone. Loads the item's body."""
    other = f"#{digest_of(item.payload['item'])[:16]}"
    # News of an account names no number, and always carries its application.
    foreign = found_of(item).phone_number_id is not None and item.key.startswith(f"app{item.body.app_id}!")
    return item.key.endswith(other) or foreign
