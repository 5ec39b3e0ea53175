"""The menu and its lamps. Asks the counting queries, once for each request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.catalog import queries as catalog
from pelita.desk.queries import learning, queue
from pelita.desk.queries.lamps import Lamps, lamps
from pelita.desk.queries.queue import TaskView, View
from pelita.offices import queries as offices
from pelita.offices.models import Role, Section
from pelita.offices.rules import Place
from pelita.web import words
from pelita.web.present import rows
from pelita.web.present.notices import Notice, concern, notices
from pelita.web.ui import Nav, NavItem
from pelita.whatsapp.models import Line
from pelita.whatsapp.queries import lines_of

# Both wait for the admin and are shown as one list.
OF_ADMIN = (View.DISPOSE, View.REVIEW)


def once(request: HttpRequest, name: str, ask: Any) -> Any:
    """The answer of a query that the page's list and its menu share."""
    if not hasattr(request, name):
        setattr(request, name, ask())
    return getattr(request, name)


def desk_counts(request: HttpRequest, place: Place) -> dict[View, int]:
    """Counts of the desk's views, asked once."""
    found: dict[View, int] = once(request, "desk_counts", lambda: queue.counts(place, now=clock.now()))
    return found


def task_counts(request: HttpRequest, place: Place) -> dict[TaskView, int]:
    """Counts of the section's tabs, asked once."""
    found: dict[TaskView, int] = once(request, "task_counts", lambda: queue.task_counts(place))
    return found


def sections(request: HttpRequest, place: Place) -> list[Section]:
    """The office's sections, asked once."""
    found: list[Section] = once(request, "office_sections", lambda: offices.sections(place.office))
    return found


def lines(request: HttpRequest, place: Place) -> list[Line]:
    """The office's numbers, asked once."""
    found: list[Line] = once(request, "office_lines", lambda: lines_of(place.office))
    return found


def known(request: HttpRequest, place: Place) -> rows.Known:
    """What proposals of sections are made of, asked once."""
    found: rows.Known = once(
        request,
        "known",
        lambda: rows.Known(
            active := sections(request, place),
            lambda: catalog.reader(place.office, active),
            lambda: learning.taught(place.office),
        ),
    )
    return found


def notices_of(request: HttpRequest, place: Place) -> list[Notice]:
    """Banners about the numbers, for whoever looks after them."""
    return notices(lines(request, place), now=clock.now()) if concern(place) else []


def lamps_of(request: HttpRequest, place: Place) -> Lamps:
    """What the menu shows, asked once."""
    found: Lamps = once(request, "lamps", lambda: lamps(place))
    return found


def waiting(request: HttpRequest, place: Place) -> tuple[bool, bool]:
    """Whether inquiries wait for this person at the desk, and in the section. Counts nothing that the page does not."""
    if hasattr(request, "desk_counts"):
        lit = (*OF_ADMIN, View.LEADERS) if place.is_admin else (View.LEADERS,)
        desk = any(desk_counts(request, place).get(view) for view in lit)
    else:
        desk = lamps_of(request, place).desk
    if hasattr(request, "task_counts"):
        tasks = task_counts(request, place)[TaskView.ANSWER] > 0
    else:
        tasks = lamps_of(request, place).tasks
    return desk, tasks


def nav(request: HttpRequest, place: Place) -> Nav:
    """Only what exists and what the duties open: Meja, Tugas, Nomor, Kabar, Saya."""
    desk, tasks = waiting(request, place)
    # The menu as a part of a page is fetched from an address of its own.
    here = request.GET.get("di", "") if request.path == reverse("menu") else request.path
    items = []
    # Who posts does so from the field. A phone's menu holds five: with one entry more, Saya leads there.
    on_phone = sum((place.sees_all, place.works_in_section, Role.OPERATOR in place.roles)) < 3
    if place.sees_all:
        items.append(NavItem(reverse("meja"), _("Meja"), "inbox", here.startswith("/meja"), lit=desk))
    if place.works_in_section:
        items.append(NavItem(reverse("tugas"), _("Tugas"), "clipboard-text", here.startswith("/tugas"), lit=tasks))
    if place.sees_all or place.works_in_section:
        by_service = here.startswith("/layanan")
        items.append(NavItem(reverse("layanan"), _("Layanan"), "book-2", by_service, phone=False))
        items.append(NavItem(reverse("berita"), _("Berita"), "camera", here.startswith("/berita"), phone=on_phone))
    if Role.OPERATOR in place.roles:
        by_number = here.startswith(("/nomor", "/templat"))
        items.append(NavItem(reverse("nomor"), _("Nomor"), "brand-whatsapp", by_number))
    items.append(
        NavItem(
            reverse("pemberitahuan"), _("Kabar"), "bell", here.startswith("/pemberitahuan"),
            count=lamps_of(request, place).unread,
        )
    )  # fmt: skip
    items.append(NavItem(reverse("saya"), _("Saya"), "user", here.startswith("/saya")))
    active = lamps_of(request, place).sending
    return Nav(
        items=items,
        home=items[0].href,
        lit=desk or tasks,
        profile=reverse("saya"),
        profile_name=place.officer.full_name,
        initials=words.initials(place.officer.full_name),
        line_words=_("WA aktif") if active else _("WA berhenti"),
        line_ok=active,
        line_href=reverse("nomor" if place.roles & {Role.ADMIN, Role.OPERATOR} else "saya"),
    )
