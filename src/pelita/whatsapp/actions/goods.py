"""Every write about WhatsApp's own catalogue: by a person, and by the worker that brings it in step."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pelita.base.errors import InvalidError
from pelita.journal import actions as journal
from pelita.offices.models import Role
from pelita.offices.rules import Place
from pelita.whatsapp import goods, jobs
from pelita.whatsapp.errors import NotAllowedError
from pelita.whatsapp.goods import Good
from pelita.whatsapp.models import GoodsItem, GoodsState, GoodsSync, Line

CATALOG = re.compile(r"\d{5,40}")
MAX_PRICE = 1_000_000_000
REGULAR = timedelta(hours=24)  # pictures and addresses may change with the software
LEASE = timedelta(minutes=2)  # longer than a round takes
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FIRST_LOOK, LAST_LOOK = timedelta(seconds=3), timedelta(minutes=2)  # at a batch that WhatsApp works at
GIVEN_UP = timedelta(hours=2)  # a batch that is not finished by then is handed over again
# Digest of what WhatsApp refused, or may or may not have taken: whatever is wanted next differs from it.
GONE = "gone"


def _require(place: Place, line: Line) -> None:
    if place.office.pk != line.office_id or not place.roles & {Role.ADMIN, Role.OPERATOR}:
        raise NotAllowedError


# -- by a person ----------------------------------------------------------------------------------------------------


@transaction.atomic
def choose(*, line: Line, catalog_id: str, price: int, on: bool, by: Place, now: datetime) -> None:
    """Name the line's catalogue and switch its writing on or off. Raises NotAllowedError and InvalidError.

    In another catalogue everything is written anew; what stands in the former one stays there.
    """
    _require(by, line)
    catalog_id = catalog_id.strip()
    if not CATALOG.fullmatch(catalog_id) and (on or catalog_id):
        raise InvalidError("catalog_id", _("ID katalog terdiri dari angka. Lihat di Pengelola Perdagangan Meta."))
    if not 0 <= price <= MAX_PRICE:
        raise InvalidError("price", _("Isi harga dalam rupiah, misalnya 0."))
    locked = Line.objects.select_for_update(of=("self",)).only("pk", "catalog_id").get(office=by.office, pk=line.pk)
    another = locked.catalog_id != catalog_id
    Line.objects.filter(office=by.office, pk=line.pk).update(catalog_id=catalog_id)
    line.catalog_id = catalog_id
    row, _made = GoodsSync.objects.filter(office=by.office).get_or_create(
        office=by.office, line=line, defaults={"asked_at": now, "next_at": now}
    )
    # Only these: a worker may note its batch's handle meanwhile, and without it the items would be "sent" for good.
    chosen = ["on", "price", "asked_at", "next_at", "failures"]
    row.on, row.price, row.asked_at, row.next_at, row.failures = on, price, now, now, 0
    if another:
        row.handle, row.shown_at, row.error, row.details = "", None, "", ""
        chosen += ["handle", "shown_at", "error", "details"]
        GoodsItem.objects.filter(office=by.office, line=line).update(given="", state=GoodsState.WAITING, error="")
    row.save(update_fields=chosen)
    _fact(line, "goods.chosen", now, by=by, on=on)
    if on:
        jobs.wake_goods(line.pk)


@transaction.atomic
def ensure(*, line: Line, catalog_id: str, now: datetime) -> None:
    """Keep this catalogue in step, unless the line has another one or was given none on purpose. Safe to repeat."""
    made = GoodsSync.objects.filter(office=line.office_id).get_or_create(
        office_id=line.office_id, line=line, defaults={"asked_at": now, "next_at": now}
    )[1]
    if made:
        Line.objects.filter(office=line.office_id, pk=line.pk, catalog_id="").update(catalog_id=catalog_id)


@transaction.atomic
def ask(*, line: Line, by: Place, now: datetime) -> None:
    """Bring the catalogue in step now, refused items included. Nothing where the office named no catalogue."""
    _require(by, line)
    rows = GoodsSync.objects.filter(office=by.office, line=line, on=True)
    if not rows.update(asked_at=now, next_at=now, failures=0, shown_at=None):
        return
    refused = GoodsItem.objects.filter(office=by.office, line=line, state=GoodsState.REFUSED)
    refused.update(state=GoodsState.WAITING, error="", changed_at=now)
    _fact(line, "goods.asked", now, by=by)
    jobs.wake_goods(line.pk)


def _fact(line: Line, verb: str, now: datetime, *, by: Place | None = None, **data: Any) -> None:
    journal.record(
        office=line.office_id, verb=verb, subject=("line", line.pk), by=by.officer if by else None, now=now, **data
    )


# -- by the worker --------------------------------------------------------------------------------------------------


def drawn() -> dict[int, datetime | None]:
    """By office with a catalogue that is kept in step: when its services were last looked at."""
    rows = GoodsSync.objects.across_offices("the worker looks after the catalogues of every office").filter(on=True)
    found: dict[int, datetime | None] = {}
    for office, at in rows.values_list("office", "drawn_at"):
        known = found.get(office, at)
        found[office] = min(known, at) if known and at else None
    return found


def draw_again(offices: Collection[int], *, now: datetime) -> None:
    """The services of these offices changed."""
    if offices:
        rows = GoodsSync.objects.across_offices("the worker looks after the catalogues of every office")
        rows.filter(office__in=offices, on=True, handle="", next_at__gt=now).update(next_at=now)


def due(now: datetime) -> list[int]:
    """Lines whose catalogue is to be looked after now."""
    rows = GoodsSync.objects.across_offices("the worker looks after the catalogues of every office")
    return list(rows.filter(on=True, next_at__lte=now).order_by("next_at").values_list("line", flat=True)[:100])


@transaction.atomic
def begin(*, line_id: int, now: datetime) -> GoodsSync | None:
    """How the line's catalogue stands, when it is due and no other worker has it."""
    rows = GoodsSync.objects.across_offices("a job names its line, and the line its office")
    if not rows.filter(line=line_id, on=True, next_at__lte=now).update(next_at=now + LEASE):
        return None
    return rows.select_related("line__office").get(line=line_id)


@transaction.atomic
def want(*, sync: GoodsSync, wanted: Sequence[Good], now: datetime) -> None:
    """Note how the catalogue should be. Four statements, however many items differ."""
    rows = {one.code: one for one in _rows(sync).select_for_update()}
    made, changed = [], []
    for good in wanted:
        payload = goods.payload_of(good, sync.price)
        digest = goods.digest_of(payload)
        row = rows.pop(payload["id"], None)
        if row is None:
            made.append(
                GoodsItem(
                    office_id=sync.office_id,
                    line_id=sync.line_id,
                    code=payload["id"],
                    title=payload["title"],
                    payload=payload,
                    wanted=digest,
                    changed_at=now,
                )
            )
        elif row.wanted != digest:
            row.title = payload["title"]
            changed.append(_otherwise(row, payload, digest, now))
    # What was never handed over is gone at once; the rest is deleted there first.
    never = [row.pk for row in rows.values() if not row.given]
    changed += [_otherwise(row, {}, "", now) for row in rows.values() if row.given and row.wanted]
    GoodsItem.objects.bulk_create(made)
    GoodsItem.objects.filter(office=sync.office_id).bulk_update(
        changed, ["title", "payload", "wanted", "state", "error", "changed_at"]
    )
    _rows(sync).filter(pk__in=never).delete()
    sync.drawn_at = now
    GoodsSync.objects.filter(office=sync.office_id, pk=sync.pk).update(drawn_at=now)


def _otherwise(row: GoodsItem, payload: dict[str, object], digest: str, now: datetime) -> GoodsItem:
    row.payload, row.wanted, row.error, row.changed_at = payload, digest, "", now
    if row.state != GoodsState.SENT:
        row.state = GoodsState.WAITING
    return row


def to_hand_over(sync: GoodsSync) -> list[GoodsItem]:
    """What WhatsApp does not have yet as it should be, at most one batch."""
    return list(_rows(sync).filter(state=GoodsState.WAITING).order_by("code")[: goods.BATCH])


def handing(*, sync: GoodsSync, items: Sequence[GoodsItem]) -> None:
    """WhatsApp is about to hear of these: from now on they may be there, whatever becomes of its answer, so that one
    which is withdrawn meanwhile is deleted there too."""
    _rows(sync).filter(pk__in=[one.pk for one in items], given="").update(given=GONE)


def in_batch(sync: GoodsSync) -> list[str]:
    """Ids of the items that WhatsApp is working at."""
    return list(_rows(sync).filter(state=GoodsState.SENT).values_list("code", flat=True))


@transaction.atomic
def handed(
    *, sync: GoodsSync, items: Sequence[GoodsItem], handle: str, errors: Mapping[str, str], now: datetime
) -> None:
    """WhatsApp took a batch, perhaps without some of its items."""
    for item in items:
        item.given, item.state = item.wanted or GONE, GoodsState.SENT
    GoodsItem.objects.filter(office=sync.office_id).bulk_update(items, ["given", "state"])
    sync.handle, sync.handed_at = handle, now
    GoodsSync.objects.filter(office=sync.office_id, pk=sync.pk).update(handle=handle, handed_at=now)
    if errors:
        _settle(sync, {one.code: errors[one.code] for one in items if one.code in errors}, now)
    if not handle:
        finished(sync=sync, errors={}, now=now)


@transaction.atomic
def finished(*, sync: GoodsSync, errors: Mapping[str, str], now: datetime) -> None:
    """WhatsApp is through with the batch: what it did not refuse is there, or gone."""
    sent = list(_rows(sync).filter(state=GoodsState.SENT).select_for_update())
    _settle(sync, {one.code: errors[one.code] for one in sent if one.code in errors}, now)
    kept = [one for one in sent if one.code not in errors]
    gone = [one.pk for one in kept if one.given == GONE and not one.wanted]
    for one in kept:
        one.state = GoodsState.THERE if one.given == one.wanted else GoodsState.WAITING
    GoodsItem.objects.filter(office=sync.office_id).bulk_update(kept, ["state"])
    _rows(sync).filter(pk__in=gone).delete()
    _no_batch(sync)


def _settle(sync: GoodsSync, errors: Mapping[str, str], now: datetime) -> None:
    """Refused items wait for a change; one that should go and is refused is not there any more."""
    refused = list(_rows(sync).filter(code__in=errors, state=GoodsState.SENT))
    for one in refused:
        changed = one.given != (one.wanted or GONE)
        one.error, one.given = errors[one.code][:300] or _("WhatsApp menolak tanpa alasan"), GONE
        one.state = GoodsState.WAITING if changed else GoodsState.REFUSED
        one.changed_at = now
    GoodsItem.objects.filter(office=sync.office_id).bulk_update(refused, ["error", "given", "state", "changed_at"])
    _rows(sync).filter(pk__in=[one.pk for one in refused if not one.wanted]).delete()


@transaction.atomic
def lost(*, sync: GoodsSync) -> None:
    """Nobody knows what became of the batch: writing the same again changes nothing."""
    _rows(sync).filter(state=GoodsState.SENT).update(state=GoodsState.WAITING, given=GONE)
    _no_batch(sync)


def _no_batch(sync: GoodsSync) -> None:
    sync.handle = ""
    GoodsSync.objects.filter(office=sync.office_id, pk=sync.pk).update(handle="", handed_at=None)


def shown(*, sync: GoodsSync, now: datetime) -> None:
    sync.shown_at = now
    GoodsSync.objects.filter(office=sync.office_id, pk=sync.pk).update(shown_at=now)


@transaction.atomic
def finish(*, sync: GoodsSync, begun: datetime, error: str, details: str, now: datetime) -> None:
    """The round is over, with the outcome that stopped it or none. Whoever asked meanwhile is served next."""
    row = GoodsSync.objects.select_for_update().get(office=sync.office_id, pk=sync.pk)
    was = (row.error, row.handle)
    row.answered_at, row.error, row.details = begun, error, details[:300]
    row.failures = min(row.failures + 1, 30) if error else 0
    if error:
        pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.failures - 1, 10))
    elif row.handle and row.handed_at:
        pause = min(LAST_LOOK, max(FIRST_LOOK, now - row.handed_at))
    else:
        pause = timedelta(0) if _rows(sync).filter(state=GoodsState.WAITING).exists() else REGULAR
    row.next_at = now if row.asked_at > begun else now + pause
    row.save(update_fields=["answered_at", "error", "details", "failures", "next_at"])
    if error != was[0] or row.handle or was[1]:
        _fact(sync.line, "goods.changed", now, error=error)


def _rows(sync: GoodsSync) -> QuerySet[GoodsItem]:
    return GoodsItem.objects.filter(office=sync.office_id, line=sync.line_id)
