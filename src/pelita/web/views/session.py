"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pelita.base import clock
from pelita.offices.models import Officer
from pelita.offices.queries import first_office, place_of
from pelita.push.actions import remove
from pelita.web.forms import LoginForm
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard, landing, open_to_all


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go; empty for anything that is not a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # A path, not a word: `redirect` would look a word up among the names of views.
    return wanted if safe and wanted.startswith("/") else ""


@open_to_all(*GET, *POST)
@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The login page. Too many failures lock name and address for a while (django-axes, web/locked.html)."""
    officer = request.user
    if isinstance(officer, Officer) and request.method in GET:
        return redirect(_next(request) or landing(place_of(officer, now=clock.now())))
    form = LoginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # One spelling, so that the lock counts every attempt at the same name.
        username = form.cleaned_data["username"].strip().lower()
        found = authenticate(request, username=username, password=form.cleaned_data["password"])
        if isinstance(found, Officer):
            login(request, found)
            return redirect(_next(request) or landing(place_of(found, now=clock.now())))
        form.add_error(None, _("Nama masuk atau kata sandi tidak cocok."))
    context = {"form": form, "next": _next(request), "office": first_office()}
    return render(request, "web/login.html", context, status=422 if form.errors else 200)


@guard(Who.OFFICER, *POST, before_password=True)
def sign_out(request: OfficeRequest) -> HttpResponse:
    """End the session. Open live streams of it end within a minute. What told this browser of news ends too."""
    remove(by=request.place, endpoint_hash=request.POST.get("device_hash", ""), now=clock.now())
    logout(request)
    return redirect("masuk")
