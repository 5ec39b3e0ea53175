"""What the office's posts of a month brought about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pelita.base import clock
from pelita.journal.queries import latest_id
from pelita.news import queries_figures as queries
from pelita.offices.rules import Place, zone
from pelita.web.present import news_figures as present
from pelita.web.views.guards import GET, OfficeRequest, Who, guard


@guard(Who.OFFICER, *GET)
def figures(request: OfficeRequest) -> HttpResponse:
    """Posts of a month by section and village, and how far each has come. Heads see their own sections."""
    place = request.place
    if not (place.sees_all or place.headed_ids):
        raise PermissionDenied
    now = clock.now()
    today = now.astimezone(zone(place.office)).date()
    month = _month(request.GET.get("bulan", ""), today)
    span = _span(place, month)
    page, reach = queries.page(span, after=request.GET.get("setelah", "")), queries.reach(span)
    here = reverse("berita-angka")
    sections = queries.by_section(span)
    context: dict[str, Any] = {
        "since": latest_id(place.office),
        "month": present.month_words(month),
        "current": month == today.replace(day=1),
        "earlier": f"{here}?bulan={present.shifted(month, -1):%Y-%m}",
        "later": f"{here}?bulan={present.shifted(month, 1):%Y-%m}" if month < today.replace(day=1) else "",
        "total": sum(n for _section, n in sections),
        "figures": present.figures(reach),
        "sections": [(one.name, n) for one, n in sections],
        "quiet": [one.name for one, n in sections if not n],
        "villages": present.villages(queries.by_village(span)),
        "rows": present.rows(page.rows, reach, now, zone(place.office)),
        "more": f"{here}?bulan={month:%Y-%m}&setelah={page.after}" if page.after else "",
        "own_only": not place.sees_all,
    }
    return render(request, "web/news/figures.html", context)


def _month(text: str, today: date) -> date:
    """``2026-11``; anything else, and what is to come, is the running month."""
    this = today.replace(day=1)
    try:
        return min(datetime.strptime(text, "%Y-%m").date(), this)  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return this


def _span(place: Place, month: date) -> queries.Span:
    tz, following = zone(place.office), present.shifted(month, 1)
    since, until = (datetime(one.year, one.month, 1, tzinfo=tz) for one in (month, following))
    return queries.Span(place.office, since, until, None if place.sees_all else sorted(place.headed_ids))
