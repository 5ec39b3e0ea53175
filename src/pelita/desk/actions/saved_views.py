"""Saved views: kept, changed, put in order, shared, taken away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from pelita.desk import search_words
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Reach, SavedView
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.saved_views import MOST_OWN, MOST_SHARED, may_keep
from pelita.journal import actions as journal
from pelita.offices.models import Office, Section
from pelita.offices.rules import Place

MAX_NAME = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form says a view should be. ``shared_with``: the section when ``reach`` is one section."""

    name: str
    words: str = ""
    narrowing: Narrowing = field(default_factory=Narrowing)
    reach: str = Reach.OWN
    shared_with: Section | None = None


@transaction.atomic
def save(*, wanted: Wanted, by: Place, now: datetime) -> SavedView:
    """Keep a new view, last of the officer's own. Raises InvalidError for what makes no sense or is one too many."""
    _in_turn(by)
    own = SavedView.objects.filter(office=by.office, owner=by.officer)
    if own.count() >= MOST_OWN:
        raise InvalidError("name", f"Paling banyak {MOST_OWN} tampilan. Hapus satu yang tidak dipakai lagi.")
    last = own.order_by("-position").values_list("position", flat=True).first()
    view = SavedView(office=by.office, owner=by.officer, position=0 if last is None else last + 1)
    _fill(view, wanted, by, now)
    view.save()
    _tell(view, "view.saved", by, now)
    return view


@transaction.atomic
def change(*, view: SavedView, wanted: Wanted, by: Place, now: datetime) -> None:
    """Change name, what is looked for, or who has it. Same refusals as for a new one."""
    _in_turn(by)
    view = _held(view, by)
    _fill(view, wanted, by, now)
    view.save()
    _tell(view, "view.changed", by, now)


@transaction.atomic
def remove(*, view: SavedView, by: Place, now: datetime) -> None:
    """Take the view away; what it showed stays where it is."""
    view = _held(view, by)
    _tell(view, "view.removed", by, now)
    SavedView.objects.filter(office=by.office, pk=view.pk).delete()


@transaction.atomic
def shift(*, view: SavedView, up: bool, by: Place, now: datetime) -> None:
    """Move one of the own views past its neighbour. At the end nothing happens."""
    view = _held(view, by)
    if view.owner_id != by.officer.pk:
        raise NotAllowedError
    order = list(SavedView.objects.filter(office=by.office, owner=by.officer).order_by("position", "name"))
    at = next(n for n, one in enumerate(order) if one.pk == view.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, one in enumerate(order):
        one.position = position
    SavedView.objects.filter(office=by.office).bulk_update(order, ["position"])
    _tell(view, "view.moved", by, now)


def _in_turn(by: Place) -> None:
    """Whoever names or shares a view counts after the one before. Nothing else that an office does waits for it."""
    Office.objects.select_for_update(no_key=True).get(pk=by.office.pk)


def _held(view: SavedView, by: Place) -> SavedView:
    """The row as it is now, locked. Raises NotAllowedError when it is another's or gone."""
    rows = SavedView.objects.select_for_update(of=("self",)).filter(office=by.office, pk=view.pk)
    found = rows.first()
    if found is None or not may_keep(by, found):
        raise NotAllowedError
    return found


def _fill(view: SavedView, wanted: Wanted, by: Place, now: datetime) -> None:
    _check(view, wanted, by)
    narrowing = wanted.narrowing
    values: dict[str, Any] = {
        "name": _name(wanted), "words": wanted.words.strip(), "reach": wanted.reach,
        "shared_with": wanted.shared_with if wanted.reach == Reach.SECTION else None,
        "section_id": narrowing.section, "kind": narrowing.kind, "state": narrowing.state, "due": narrowing.due,
        "village_id": narrowing.village, "since": narrowing.since, "until": narrowing.until, "changed_at": now,
    }  # fmt: skip
    for name, value in values.items():
        setattr(view, name, value)


def _name(wanted: Wanted) -> str:
    return " ".join(wanted.name.split())


def _check(view: SavedView, wanted: Wanted, by: Place) -> None:
    name = _name(wanted)
    if not name:
        raise InvalidError("name", "Beri nama, misalnya “Pengaduan desa Betro”.")
    if len(name) > MAX_NAME:
        raise InvalidError("name", f"Nama paling panjang {MAX_NAME} huruf.")
    same = SavedView.objects.filter(office=by.office, owner=view.owner_id, name__iexact=name).exclude(pk=view.pk)
    if same.exists():
        raise InvalidError("name", "Anda sudah punya tampilan bernama itu.")
    if wanted.narrowing.empty and not search_words.read(wanted.words, prefix=by.office.code_prefix):
        raise InvalidError("words", "Pilih paling sedikit satu saringan, atau tulis kata yang dicari.")
    if wanted.reach != Reach.OWN:
        _check_shared(view, wanted, by)


def _check_shared(view: SavedView, wanted: Wanted, by: Place) -> None:
    if not by.sees_all:
        raise NotAllowedError
    if wanted.reach == Reach.SECTION and wanted.shared_with is None:
        raise InvalidError("shared_with", "Pilih seksi yang mendapat tampilan ini.")
    shared = SavedView.objects.filter(~Q(reach=Reach.OWN), office=by.office).exclude(pk=view.pk)
    if shared.count() >= MOST_SHARED:
        raise InvalidError("reach", f"Paling banyak {MOST_SHARED} tampilan bersama. Hapus satu yang tidak dipakai.")


def _tell(view: SavedView, verb: str, by: Place, now: datetime) -> None:
    # Heard by the owner's other pages alone; what was looked for is nobody's fact.
    journal.record(
        office=by.office, verb=verb, subject=("view", view.pk or 0), by=by.officer, now=now,
        officers=[view.owner_id],
    )  # fmt: skip
