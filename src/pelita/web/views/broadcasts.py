"""Broadcasts to subscribers: prepared, tried, begun, watched, stopped; and who subscribes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.errors import StepError
from pelita.journal.queries import latest_id
from pelita.news import actions_broadcast as actions
from pelita.news import queries, queries_broadcast, queries_subscriptions
from pelita.news.models import Broadcast
from pelita.news.models_broadcast import BroadcastState, Fate, SubscriptionState
from pelita.news.wording import Wording
from pelita.offices.rules import zone
from pelita.web.present import broadcasts as present
from pelita.web.ui import Bubble, Tab
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.words import clock_words
from pelita.whatsapp import patterns
from pelita.whatsapp.errors import WireError

DEEDS: Mapping[str, Callable[..., object]] = {
    "uji": actions.try_out,
    "mulai": actions.start,
    "jeda": actions.pause,
    "lanjut": actions.go_on,
    "hentikan": actions.stop,
    "hapus": actions.drop,
}


@guard(Who.DESK, *GET)
def broadcasts(request: OfficeRequest) -> HttpResponse:
    """What may be broadcast, and what was."""
    office, after = request.place.office, request.GET.get("sesudah", "")
    page = queries_broadcast.page(office, after=after)
    sums = queries_broadcast.sums(page.rows)
    context = {
        "since": latest_id(office),
        "ready": [] if after else queries_broadcast.ready(office),
        "rows": [present.row(one, sums[one.pk]) for one in page.rows],
        "subscribers": queries_subscriptions.counts(office)[SubscriptionState.ACTIVE],
        "after": after,
        "more": f"?{urlencode({'sesudah': page.after})}" if page.after else "",
    }
    return render(request, "web/broadcasts/list.html", context)


@guard(Who.DESK, *POST)
def prepare(request: OfficeRequest, article: str) -> HttpResponseBase:
    """A broadcast of one post, or the one that is there."""
    post = queries.post(request.place, article)
    if post is None:
        raise Http404
    try:
        made = actions.prepare(post=post, by=request.place, now=clock.now())
    except (StepError, WireError) as error:
        messages.error(request, str(error))
        return redirect("siaran")
    return redirect("siaran-satu", made.pk)


@guard(Who.DESK, *GET)
def broadcast(request: OfficeRequest, broadcast: int) -> HttpResponse:
    """One broadcast: before it begins whom it reaches, then what became of each."""
    found = _found(request, broadcast)
    part = request.GET.get("bagian", "")
    if part == "angka":
        return render(request, "web/broadcasts/figures.html", _standing(found))
    if found.state == BroadcastState.DRAFT:
        return render(request, "web/broadcasts/draft.html", _draft(request, found))
    chosen = request.GET.get("hasil", "")
    chosen = chosen if chosen in Fate.values else ""
    page = queries_broadcast.recipients(found, state=chosen, after=request.GET.get("sesudah", ""))
    known = queries_subscriptions.names_of(found.office, [one.citizen_id for one in page.rows])
    wanted = {name: value for name, value in (("hasil", chosen), ("sesudah", page.after)) if value}
    standing = _standing(found)
    context = standing | {
        "since": latest_id(found.office),
        "tabs": present.tabs(found, standing["sums"], chosen),
        "recipients": present.recipients(page.rows, known),
        "more": f"?{urlencode(wanted)}" if page.after else "",
        "bubble": _bubbles(found)[0],
    }
    return render(request, f"web/broadcasts/{'rows' if part == 'baris' else 'one'}.html", context)


@guard(Who.DESK, *POST)
def do(request: OfficeRequest, broadcast: int, deed: str) -> HttpResponseBase:
    """Try, begin, pause, go on, stop, or forget it."""
    found = _found(request, broadcast)
    if deed not in DEEDS:
        raise Http404
    try:
        DEEDS[deed](broadcast=found, by=request.place, now=clock.now())
        messages.success(request, str(present.VERBS[deed]))
    except (StepError, WireError) as error:
        messages.error(request, str(error))
        return redirect("siaran-satu", found.pk)
    return redirect("siaran") if deed == "hapus" else redirect("siaran-satu", found.pk)


@guard(Who.DESK, *POST)
def propose(request: OfficeRequest) -> HttpResponseBase:
    """Hand in the template for those outside the reply window."""
    try:
        actions.propose_template(by=request.place, now=clock.now())
        messages.success(request, _("Templat siaran diajukan. WhatsApp memeriksanya, biasanya dalam beberapa menit."))
    except (StepError, WireError) as error:
        messages.error(request, str(error))
    return redirect("siaran")


@guard(Who.DESK, *GET)
def subscribers(request: OfficeRequest) -> HttpResponse:
    """Who asked to be told of what."""
    office, state = request.place.office, request.GET.get("keadaan", "")
    state = state if state in SubscriptionState.values else SubscriptionState.ACTIVE.value
    page = queries_subscriptions.page(office, state=state, after=request.GET.get("sesudah", ""))
    known = queries_subscriptions.names_of(office, [one.citizen_id for one in page.rows])
    counts = queries_subscriptions.counts(office)
    names = queries_subscriptions.village_names(office.pk)
    base = reverse("siaran-pelanggan")
    context = {
        "since": latest_id(office),
        "tabs": [
            Tab(f"{base}?keadaan={one.value}", str(one.label), counts[one], current=one == state)
            for one in SubscriptionState
        ],
        "rows": present.subscribers(page.rows, known, names),
        "state": state,
        "more": f"?{urlencode({'keadaan': state, 'sesudah': page.after})}" if page.after else "",
        "wording": present.consent_words(queries_subscriptions.newest_agreement(office)),
    }
    return render(request, "web/broadcasts/subscribers.html", context)


def _found(request: OfficeRequest, pk: int) -> Broadcast:
    found = queries_broadcast.one(request.place, pk)
    if found is None:
        raise Http404
    return found


def _standing(found: Broadcast) -> dict[str, Any]:
    sums = queries_broadcast.sums([found])[found.pk]
    return {
        "one": found,
        "sums": sums,
        "state": present.state_words(found),
        "sleeps": present.sleeps(found, clock.now()),
        "figures": present.figures(sums),
        "open": found.state in {BroadcastState.RUNNING, BroadcastState.PAUSED},
        "alive": any(sums[fate] for fate in (Fate.WAITING, Fate.QUEUED, Fate.UNCERTAIN, Fate.SENT)),
        "address": reverse("siaran-satu", args=[found.pk]),
    }


def _draft(request: OfficeRequest, found: Broadcast) -> dict[str, Any]:
    office = request.place.office
    preview = queries_broadcast.preview(found.post, office, clock.now())
    policy = queries.policy(office)
    free, templated = _bubbles(found)
    return {
        "since": latest_id(office),
        "one": found,
        "reach": present.reach(preview) if preview else None,
        "free": free,
        "templated": templated,
        "first": policy.broadcast_first,
        "cap": policy.broadcast_cap,
        "office": office,
        "may_propose": request.place.keeps_line,
    }


def _bubbles(found: Broadcast) -> tuple[Bubble | None, Bubble | None]:
    """The message inside the reply window, and the template outside it; None for what WhatsApp would refuse."""
    time = clock_words(clock.now(), zone(found.post.office))
    try:
        wording = Wording(found.post, queries_broadcast.news_template(found.line))
    except WireError:
        return None, None
    free = Bubble(side="out", time=time, text=wording.free.body)
    if wording.templated is None:
        return free, None
    components = wording.templated.template.components
    buttons = [str(one.get("text", "")) for one in patterns.buttons(components)]
    said = patterns.words(components, wording.templated.values)
    return free, Bubble(side="out", time=time, text=said, buttons=buttons)
