"""How every form about an inquiry, or the office, runs: one action, and what went wrong as words on the same page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from pelita.catalog.errors import WorseError
from pelita.desk.checks import UnconfirmedError
from pelita.desk.errors import DraftClashError, InvalidError, NotAllowedError, TakenError, WindowClosedError
from pelita.desk.models import Inquiry
from pelita.desk.queries.access import by_code
from pelita.web.forms import SeenForm
from pelita.web.forms_office import OfficeForm
from pelita.web.views.guards import OfficeRequest
from pelita.whatsapp.errors import WireError


@dataclass(frozen=True, slots=True)
class Problem:
    """What stopped a step. ``sentence`` is for the banner; empty when the form itself says it beside a field.

    ``clash``: somebody else wrote in the same draft; both texts are shown and the person chooses. ``unsure``: something
    in the text waits to be confirmed.
    """

    sentence: str
    status: int
    clash: DraftClashError | None = None
    unsure: bool = False


class Gone(Http404):
    """The inquiry left this person's sight while the form was filled in; the message says who moved it."""


def attempt(form: SeenForm, act: Callable[[], object]) -> Problem | None:
    """Run one action. None: done. The form keeps what was typed in every other case."""
    if not form.is_valid():
        old = _("Halaman ini sudah lama terbuka. Periksa lagi, lalu kirim ulang.")
        return Problem(old if "seen" in form.errors else "", 422)
    try:
        act()
    except InvalidError as error:
        form.refuse(error)
        return Problem("" if error.field in form.fields else str(error), 422)
    except DraftClashError as error:
        return Problem(str(error), 409, error)
    except UnconfirmedError as error:
        return Problem(str(error), 422, unsure=True)
    except (TakenError, WindowClosedError, WireError, WorseError) as error:
        return Problem(str(error), 409)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    return None


def say_done(request: OfficeRequest) -> None:
    """Let the next page say that this step was done, so that it drops what the browser kept of its form (drafts.js).

    For steps that raise no version; there nothing else tells that what was sent arrived.
    """
    referral = request.POST.get("referral", "")
    about = f"{request.path}:{referral}" if referral else request.path
    messages.add_message(request, messages.INFO, about, extra_tags="done")


def done(form: OfficeForm, act: Callable[[], object]) -> bool:
    """Run the action of a form about the office, if it makes sense; its objection goes beside the field."""
    if not form.is_valid():
        return False
    try:
        act()
    except InvalidError as error:
        form.refuse(error)
        return False
    except NotAllowedError as error:
        raise PermissionDenied from error
    return True


def fresh(request: OfficeRequest, inquiry: Inquiry, problem: Problem) -> Inquiry:
    """The inquiry as it is now. Raises Gone when it is no longer there for this person."""
    found = by_code(request.place, inquiry.code)
    if found is None:
        raise Gone(problem.sentence)
    return found
