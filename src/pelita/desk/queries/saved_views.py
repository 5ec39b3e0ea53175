"""An officer's saved views, those that colleagues share, and how much is open in each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from pelita.desk import search_words
from pelita.desk.models import Reach, SavedView, SearchRow
from pelita.desk.queries.access import visible
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.workflow import OPEN_STATES
from pelita.offices.rules import Place

MOST_OWN = 20
MOST_SHARED = 20
COUNTED = 100  # figures end here; a screen says "99+"


def offered(place: Place) -> list[SavedView]:
    """Those beside the officer's lists: the own ones in their order, then shared ones by name. One query.

    One that looks into a section which the officer does not see is not offered: it would be empty.
    """
    rows = _known(place).select_related("section", "shared_with", "owner")
    mine = place.officer.pk
    found = sorted(rows, key=lambda one: (one.owner_id != mine, one.position if one.owner_id == mine else 0, one.name))
    return found[: MOST_OWN + MOST_SHARED]


def one_view(place: Place, pk: int) -> SavedView | None:
    """One that the officer has beside the lists, or looks after."""
    rows = SavedView.objects.filter(office=place.office) if place.sees_all else _known(place)
    found = rows.filter(pk=pk).select_related("section", "shared_with", "owner", "village").first()
    return found if found and (found.owner_id == place.officer.pk or found.reach != Reach.OWN) else None


def may_keep(place: Place, view: SavedView) -> bool:
    """Whether the officer may change it: the owner, and for shared ones whoever leads the desk."""
    return view.owner_id == place.officer.pk or (place.sees_all and view.reach != Reach.OWN)


def _known(place: Place) -> QuerySet[SavedView]:
    shared = Q(reach=Reach.OFFICE) | Q(reach=Reach.SECTION, shared_with__in=sorted(place.section_ids))
    if not place.sees_all:
        shared &= Q(section__isnull=True) | Q(section__in=sorted(place.section_ids))
    return SavedView.objects.filter(Q(owner=place.officer) | shared, office=place.office)


def gone(view: SavedView) -> bool:
    """Whether the section that it looks into is no longer one."""
    return view.section is not None and not view.section.active


def narrowing_of(view: SavedView) -> Narrowing:
    return Narrowing(
        section=view.section_id,
        kind=view.kind,
        state=view.state,
        village=view.village_id,
        since=view.since,
        until=view.until,
        due=view.due,
    )


def counts(place: Place, views: Sequence[SavedView], *, now: datetime) -> dict[int, int]:
    """How many open inquiries each view holds, at most ``COUNTED``, by its id.

    One query for all views without words, one for all with words. A view of finished matters has no count: it would
    grow for years. Nor has one whose section is gone.
    """
    rows = visible(place).filter(state__in=OPEN_STATES)
    plain: dict[str, Count] = {}
    worded: dict[str, Count] = {}
    for view in views:
        if narrowing_of(view).finished or gone(view):
            continue
        wanted = _condition(place, view, now)
        said = _said(place, view)
        if said is None:
            plain[_name(view)] = Count("pk", filter=wanted or Q(pk__isnull=False))
        else:
            worded[_name(view)] = Count("pk", filter=Q(said) & _of_inquiry(wanted))
    found: dict[str, int] = rows.aggregate(**plain) if plain else {}
    if worded:
        # Each open inquiry's own row of finding, once: by the index of words a frequent one has sixty thousand.
        own = SearchRow.objects.filter(office=place.office, inquiry__in=rows.values("pk"))
        found |= own.aggregate(**worded)
    return {view.pk: min(found[_name(view)], COUNTED) for view in views if _name(view) in found}


def _name(view: SavedView) -> str:
    return f"view_{view.pk}"


def _condition(place: Place, view: SavedView, now: datetime) -> Q:
    """All but the words."""
    narrowing = narrowing_of(view)
    begins, ends = narrowing.days(place.office)
    found = narrowing.condition(place.office, now=now)
    if narrowing.since:
        found &= Q(opened_at__gte=begins)
    if narrowing.until:
        found &= Q(opened_at__lt=ends)
    return found


def _said(place: Place, view: SavedView) -> RawSQL | None:
    """Whether a row of finding holds the words; None without words."""
    terms = search_words.read(view.words, prefix=place.office.code_prefix)
    if not terms:
        return None
    question = search_words.question(place.office.pk, terms)
    sql = "desk_searchrow.tokens @@ %s::tsquery"
    return RawSQL(sql, [question], output_field=BooleanField())  # noqa: S611  # a bound value


def _of_inquiry(condition: Q) -> Q:
    """A condition on inquiries as one on their rows of finding."""
    found = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            found.children.append(_of_inquiry(child))
        else:
            name, value = cast("tuple[str, Any]", child)
            found.children.append((f"inquiry__{name}", value))
    return found
