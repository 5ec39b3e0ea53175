"""How the office publishes: who looks first, and what the cards look like."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.news.actions_policy import set_policy
from pelita.news.queries import policy as policy_of
from pelita.web.forms_news import NewsPolicyForm
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard
from pelita.web.views.steps import done


@guard(Who.ADMIN, *GET, *POST)
def policy(request: OfficeRequest) -> HttpResponseBase:
    """The office's rule on one page."""
    status = 200
    if request.method == "POST":
        form = NewsPolicyForm(request.POST)
        if done(form, lambda: set_policy(**form.cleaned_data, by=request.place, now=clock.now())):
            messages.success(request, _("Tersimpan. Berlaku untuk kiriman berikutnya."))
            return redirect("berita-aturan")
        status = 422
    else:
        form = NewsPolicyForm.of(policy_of(request.place.office))
    return render(request, "web/news/policy.html", {"form": form}, status=status)
