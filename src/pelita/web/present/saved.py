"""The row of chips beside a list: what narrows it by its deadline, and the officer's saved views with their counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.base import clock
from pelita.desk.models import InquiryKind, InquiryState, SavedView
from pelita.desk.queries import saved_views
from pelita.desk.queries.narrowing import UNFINISHED
from pelita.desk.queries.queue import LISTS, Due, TaskView, View
from pelita.offices.rules import Place
from pelita.web.present.rows import VIEW_WORDS
from pelita.web.present.shell import once

DUE_WORDS = {Due.LATE: gettext_lazy("Terlambat"), Due.TODAY: gettext_lazy("Tenggat hari ini")}
DUE_ICONS = {Due.LATE: "hourglass", Due.TODAY: "clock"}
UNFINISHED_WORDS = gettext_lazy("Belum selesai")


@dataclass(frozen=True, slots=True)
class DueChip:
    """Narrows the list below, or takes that away when ``on``."""

    href: str
    label: str
    icon: str
    on: bool


@dataclass(frozen=True, slots=True)
class SavedChip:
    """A saved view. ``count``: how many are open in it, in words; empty where nothing is counted."""

    pk: int
    href: str
    label: str
    count: str
    current: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """``save``: the address of the form that keeps what is shown now; empty where there is nothing to keep."""

    dues: list[DueChip]
    views: list[SavedChip]
    save: str = ""


def due_of(request: HttpRequest) -> str:
    """The chip that the address names, empty for none."""
    asked = request.GET.get("tenggat", "")
    return asked if asked in set(Due) else ""


def due_chips(due: str, address: Callable[[str], str]) -> list[DueChip]:
    """Both chips. ``address`` makes the list's address with a chip, or with none."""
    return [DueChip(address("" if one == due else one), str(DUE_WORDS[one]), DUE_ICONS[one], one == due) for one in Due]


def offered(request: HttpRequest, place: Place) -> list[SavedView]:
    """The officer's views, asked once."""
    found: list[SavedView] = once(request, "saved_views", lambda: saved_views.offered(place))
    return found


def bar(
    request: HttpRequest, place: Place, *, dues: list[DueChip] | None = None, current: int = 0, save: str = ""
) -> Bar:
    """The chips of one page. One query for the views, one for all their counts, none of these without views."""
    views = offered(request, place)
    counts: dict[int, int] = once(request, "saved_counts", lambda: saved_views.counts(place, views, now=clock.now()))
    chips = [
        SavedChip(
            pk=view.pk,
            href=reverse("tampilan-satu", args=[view.pk]),
            label=view.name,
            count=_figure(counts.get(view.pk)),
            current=view.pk == current,
            gone=saved_views.gone(view),
        )
        for view in views
    ]
    return Bar(dues or [], chips, save)


def of_desk(request: HttpRequest, place: Place, view: View) -> Bar:
    """The chips of one list of the desk. The leaders' own list is no filter, so it cannot be kept."""
    kept = {View.LATE: {"due": str(Due.LATE)}, View.DONE: {"state": str(InquiryState.CLOSED)}, View.LEADERS: {}}
    wanted = kept.get(view, {"state": str(view)})
    return _of_list(request, place, f"{reverse('meja')}?{urlencode({'tampilan': view})}", wanted, view in LISTS)


def of_tasks(request: HttpRequest, place: Place, view: TaskView) -> Bar:
    """The chips of one list of a section. What lies with the admin is several states, so only its chip can be kept."""
    kept = {TaskView.ANSWER: {"state": str(View.SECTION)}, TaskView.DONE: {"state": str(InquiryState.CLOSED)}}
    address = f"{reverse('tugas')}?{urlencode({'tampilan': view})}"
    return _of_list(request, place, address, kept.get(view, {}), view is not TaskView.DONE)


def _of_list(request: HttpRequest, place: Place, address: str, wanted: dict[str, str], has_dues: bool) -> Bar:  # noqa: FBT001
    due = due_of(request) if has_dues else ""
    dues = due_chips(due, lambda one: f"{address}&tenggat={one}" if one else address) if has_dues else []
    kept = {**wanted, **({"due": due} if due else {})}
    return bar(request, place, dues=dues, save=f"{reverse('tampilan-baru')}?{urlencode(kept)}" if kept else "")


def _figure(count: int | None) -> str:
    if count is None:
        return ""
    return str(count) if count < saved_views.COUNTED else f"{saved_views.COUNTED - 1}+"


def state_choices() -> list[tuple[str, object]]:
    """What a narrowing by state may say: everything that is open, the lists of the desk, the states themselves."""
    lists = [(str(view), VIEW_WORDS[view]) for view in LISTS]
    return [
        ("", _("Semua")),
        (UNFINISHED, UNFINISHED_WORDS),
        (_("Daftar di meja"), lists),
        (_("Keadaan"), list(InquiryState.choices)),
    ]


def described(view: SavedView) -> str:
    """What a view looks for, in words: ``Kesra · Pengaduan · terlambat``."""
    parts = [f"“{view.words}”" if view.words else "", view.section.short_name if view.section else ""]
    parts.append(str(InquiryKind(view.kind).label) if view.kind else "")
    parts.append(_state_words(view.state))
    parts.append(str(DUE_WORDS[Due(view.due)]) if view.due else "")
    parts.append(view.village.name if view.village else "")
    if view.since:
        parts.append(_("sejak {day}").format(day=f"{view.since:%d-%m-%Y}"))
    if view.until:
        parts.append(_("sampai {day}").format(day=f"{view.until:%d-%m-%Y}"))
    return " · ".join(part for part in parts if part)


def _state_words(state: str) -> str:
    if not state:
        return ""
    if state == UNFINISHED:
        return str(UNFINISHED_WORDS)
    return str(VIEW_WORDS[View(state)]) if state in LISTS else str(InquiryState(state).label)
