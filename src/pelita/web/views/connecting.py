"""Setting the office's number up: the connection, the examination, a test message."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from pelita.base import clock, phone
from pelita.journal.queries import latest_id
from pelita.web.forms_lines import ConnectionForm, TestForm
from pelita.web.present import lines as present
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.lines import line_or_404
from pelita.whatsapp.actions import connecting as actions
from pelita.whatsapp.errors import WireError
from pelita.whatsapp.models import Line
from pelita.whatsapp.queries import line_with_app
from pelita.whatsapp.webhook import PATH


def _page(
    request: OfficeRequest,
    form: ConnectionForm,
    line: Line | None,
    *,
    test: TestForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context = {
        "since": latest_id(request.place.office),
        "form": form,
        "partner": [form[name] for name in ConnectionForm.PARTNER],
        "line": line,
        "number": phone.local(line.display_phone) if line else "",
        "webhook": settings.PUBLIC_URL + PATH,
        "local": settings.PUBLIC_URL.startswith("http://"),
        "test_form": test or TestForm(),
        "examined": present.examination(line, now=now) if line else None,
        "test": present.test_words(line.test) if line and line.test else None,
    }
    part = request.GET.get("bagian") == "periksa" and line is not None
    return render(request, "web/lines/checks.html" if part else "web/lines/connect.html", context, status=status)


@guard(Who.LINE, *GET, *POST)
@sensitive_post_parameters("token", "app_secret")
def new(request: OfficeRequest) -> HttpResponseBase:
    """The first connection of a number."""
    if request.method != "POST":
        return _page(request, ConnectionForm(), None)
    return _save(request, None)


@guard(Who.LINE, *GET, *POST)
@sensitive_post_parameters("token", "app_secret")
def connection(request: OfficeRequest, line: int) -> HttpResponseBase:
    """The connection of a number, step by step, with what an examination found."""
    found = line_with_app(request.place.office, line_or_404(request, line).pk)
    if request.method != "POST":
        return _page(request, ConnectionForm.of(found), found)
    return _save(request, found)


def _save(request: OfficeRequest, line: Line | None) -> HttpResponseBase:
    form = ConnectionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, line, status=422)
    try:
        saved = actions.save_connection(line=line, connection=form.connection(), by=request.place, now=clock.now())
    except WireError as error:
        form.add_error(None, str(error))
        return _page(request, form, line, status=422)
    actions.ask_examination(line=saved, by=request.place, now=clock.now())
    messages.success(request, _("Sambungan tersimpan. Sedang diperiksa."))
    return redirect("sambungan", saved.pk)


@guard(Who.LINE, *POST)
def examine(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Look again whether everything is set up."""
    actions.ask_examination(line=line_or_404(request, line), by=request.place, now=clock.now())
    return redirect("sambungan", line)


@guard(Who.LINE, *POST)
def test(request: OfficeRequest, line: int) -> HttpResponseBase:
    """Send a test message to a phone."""
    found = line_with_app(request.place.office, line_or_404(request, line).pk)
    form = TestForm(request.POST)
    if form.is_valid():
        try:
            actions.send_test(line=found, to=form.cleaned_data["to"], by=request.place, now=clock.now())
        except WireError as error:
            form.add_error("to", str(error))
    if form.errors:
        return _page(request, ConnectionForm.of(found), found, test=form, status=422)
    messages.success(request, _("Pesan uji masuk antrean."))
    return redirect("sambungan", found.pk)
