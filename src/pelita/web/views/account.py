"""The signed-in person: name, duties, password, look of the screen."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from pelita.base import clock
from pelita.desk.queries.officer_phones import phone_of
from pelita.journal.queries import latest_id
from pelita.offices import queries as offices
from pelita.offices.actions import WrongPasswordError, change_password
from pelita.push import queries, vapid
from pelita.push.actions import remove_all
from pelita.web.forms import OwnPhoneForm, PasswordForm
from pelita.web.present import device, own_phone, tour
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.whatsapp.queries import line_of


def page(
    request: OfficeRequest,
    *,
    form: PasswordForm | None = None,
    phone_form: OwnPhoneForm | None = None,
    code: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page. ``code``: of the own number, which was noted just now."""
    place = request.place
    line = line_of(place.office)
    context = {
        "since": latest_id(place.office),
        "officer": place.officer,
        "office": place.office,
        "duties": offices.duties_of(place.officer, now=clock.now()),
        "line": line,
        "has_tour": bool(tour.steps(place)),
        "minds_line": Who.LINE.admits(place),
        "may_judge": Who.JUDGE.admits(place),
        "may_teach": Who.TEACH.admits(place),
        "form": form or PasswordForm(),
        "phone": own_phone.view(place.officer, phone_of(place.officer), line, code=code),
        "push_key": vapid.public_key() if vapid.is_ready() else "",
        "devices": device.rows(queries.devices(place.officer), clock.now()),
        "phone_form": phone_form or OwnPhoneForm(),
    }
    return render(request, "web/account.html", context, status=status)


@guard(Who.OFFICER, *GET, before_password=True)
def me(request: OfficeRequest) -> HttpResponse:
    """Name, duties, password form, theme, sign out."""
    return page(request)


@guard(Who.OFFICER, *POST, before_password=True)
@sensitive_post_parameters("old", "new", "again")
def password(request: OfficeRequest) -> HttpResponseBase:
    """Change the password. Other sessions of this person end, and so does push everywhere: a phone may be lost."""
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return page(request, form=form, status=422)
    officer = request.place.officer
    try:
        change_password(officer=officer, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except WrongPasswordError as error:
        form.add_error("old", str(error))
        return page(request, form=form, status=422)
    except ValidationError as error:
        form.add_error("new", error)
        return page(request, form=form, status=422)
    update_session_auth_hash(request, officer)
    if remove_all(by=request.place, now=clock.now()):
        messages.success(request, _("Kata sandi sudah diganti. Nyalakan lagi pemberitahuan di perangkat Anda."))
    else:
        messages.success(request, _("Kata sandi sudah diganti"))
    return redirect("saya")
