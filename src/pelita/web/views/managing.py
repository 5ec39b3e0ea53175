"""What is seldom done with an inquiry, on a page of its own: secrecy, kind, splitting, and the like."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.base.text import mask_numbers, one_line
from pelita.desk import rules, workflow
from pelita.desk.actions import secrecy
from pelita.desk.models import Holder, Inquiry, InquirySource, Referral
from pelita.desk.queries import registers, thread
from pelita.desk.queries.access import visible_entries
from pelita.desk.workflow import Actor, Move
from pelita.offices import queries as offices
from pelita.offices.rules import Place, zone
from pelita.web import words
from pelita.web.forms import HelpForm, PlainForm
from pelita.web.forms_arranging import (
    ExtensionForm,
    JoinForm,
    KindForm,
    OutcomeForm,
    ReferralForm,
    RequestForm,
    SameForm,
    SplitForm,
    ToldForm,
    VillageForm,
)
from pelita.web.present import people
from pelita.web.views.disposing import back_to
from pelita.web.views.guards import GET, POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.steps import Problem, attempt, fresh
from pelita.whatsapp import types
from pelita.whatsapp.models import BlockState
from pelita.whatsapp.outcomes import words_of

ASK_AFTER = timedelta(days=7)
SPLITTABLE = 40


@guard_inquiry(Who.DESK, *GET)
def more(request: OfficeRequest, inquiry: Inquiry) -> HttpResponse:
    """The page with everything that the panel has no room for."""
    return show_more(request, inquiry)


def show_more(request: OfficeRequest, inquiry: Inquiry, problem: Problem | None = None, **forms: Any) -> HttpResponse:
    """The page again, with what stopped a step."""
    place = request.place
    found = {
        "inquiry": inquiry,
        "citizen_name": people.name(inquiry.citizen, thread.identities(inquiry)),
        "may_hide": not inquiry.secret and inquiry.state not in secrecy.PUT_AWAY,
        "may_reveal": inquiry.secret and place.is_leader,
        "problem": problem,
        **(_steps(place, inquiry, forms) if rules.may_handle(place, inquiry) else {}),
        **forms,
    }
    return render(request, "web/desk/more_page.html", found, status=problem.status if problem else 200)


def message_choices(place: Place, inquiry: Inquiry) -> list[tuple[str, str]]:
    """The citizen's messages of the inquiry, newest last, as choices: the entry's id and a line."""
    rows = visible_entries(place).filter(conversation=inquiry.conversation_id, inquiry=inquiry, inbound__isnull=False)
    lines = rows.select_related("inbound").order_by("-at", "-id")[:SPLITTABLE]
    return [(str(one.pk), one_line(mask_numbers(types.summary(one.inbound)), 90)) for one in lines if one.inbound][::-1]


def _steps(place: Place, inquiry: Inquiry, tried: dict[str, Any]) -> dict[str, Any]:
    """The forms of what may be done now. ``tried``: one that was not taken, by its name."""
    now, tz = clock.now(), zone(place.office)
    may = {
        move.value: True for move in workflow.moves_from(workflow.spot_of(inquiry.state, inquiry.holder), Actor.ADMIN)
    }
    by_hand = inquiry.source if inquiry.source != InquirySource.WHATSAPP else InquirySource.TELEPHONE
    open_state = inquiry.state in workflow.OPEN_STATES
    lines = message_choices(place, inquiry) if open_state else []
    others = registers.others_of_citizen(place, inquiry) if may.get(Move.JOIN) else []
    asks = inquiry.holder == Holder.SECTION and not inquiry.secret
    answer = thread.submitted_answer(inquiry) if may.get(Move.TELL) else None
    sections = [one for one in offices.sections(place.office) if one.pk != inquiry.section_id] if asks else []
    soon = (now.astimezone(tz) + ASK_AFTER).date()
    return {
        "may": may,
        "kind_form": KindForm(initial={"kind": inquiry.kind}),
        "village_form": VillageForm(
            villages=offices.villages(place.office), initial={"village": str(inquiry.citizen.village_id or "")}
        ),
        **(_request_forms(inquiry, now, tried.get("request_form")) if inquiry.register_number is not None else {}),
        "help_form": HelpForm(sections=sections) if asks else None,
        "told_form": ToldForm(initial={"how": by_hand, "text": answer.text if answer else ""})
        if may.get(Move.TELL)
        else None,
        "referral_form": ReferralForm(initial={"follow_up_on": soon}) if open_state else None,
        "referrals": [
            (one, words.date_words(one.made_at, now, tz), _outcome_form(one, tried.get("outcome_form")))
            for one in registers.referrals_of(inquiry)
        ],
        "split_form": SplitForm(entries=lines) if len(lines) > 1 else None,
        "join_form": JoinForm(others=others) if others else None,
        "blocked": inquiry.citizen.blocked_at is not None or registers.still_blocked(inquiry.citizen),
        "may_block": inquiry.conversation.line is not None,
        "block_words": _block_words(inquiry),
        "same_form": SameForm(initial={"same": registers.linked_code(place, inquiry)}),
    }


def _outcome_form(referral: Referral, tried: OutcomeForm | None) -> OutcomeForm:
    """The form of one referral: what was tried last belongs to the one that it names."""
    if tried is not None and tried["referral"].value() == str(referral.pk):
        tried.auto_id = f"r{referral.pk}_%s"
        return tried
    return OutcomeForm(initial={"referral": referral.pk, "number": referral.number}, auto_id=f"r{referral.pk}_%s")


def _request_forms(inquiry: Inquiry, now: datetime, tried: RequestForm | None) -> dict[str, Any]:
    """The register's columns, and the one extension while it can still be had."""
    found = registers.request_of(inquiry)
    newer = tried is not None and tried.catch_up(found)
    extended = found is not None and found.extended_at is not None
    due = inquiry.answer_due_at
    may = not extended and inquiry.state in workflow.OPEN_STATES and due is not None and due > now
    return {
        "request_form": RequestForm(initial=RequestForm.first(found)),
        "register_now": RequestForm.told(found) if newer else [],
        "extension_form": ExtensionForm() if may else None,
        "extended": found.extension_reason if found and extended else "",
    }


def _block_words(inquiry: Inquiry) -> str:
    """What WhatsApp said to the newest wish; empty when nobody was ever blocked."""
    found = registers.block_state(inquiry.citizen)
    if found is None:
        return ""
    if found.state == BlockState.REFUSED:
        return _("WhatsApp menolak: {why}").format(why=words_of(found.outcome))
    if found.state == BlockState.DUE:
        return _("Menunggu WhatsApp.")
    return _("WhatsApp tidak meneruskan pesannya lagi.") if found.wanted else ""


@guard_inquiry(Who.DESK, *POST)
def hide(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Only Camat and Sekcam from now on."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: secrecy.hide(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is not None:
        return show_more(request, fresh(request, inquiry, problem), problem)
    said = _("{code} kini rahasia: hanya Camat dan Sekcam yang melihatnya")
    messages.success(request, said.format(code=inquiry.code))
    return back_to(request, inquiry) if request.place.is_leader else redirect("meja")


@guard_inquiry(Who.ADMIN, *POST)
def reveal(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Back to the ordinary desk."""
    form = PlainForm(request.POST)
    problem = attempt(
        form,
        lambda: secrecy.reveal(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"]),
    )
    if problem is not None:
        return show_more(request, fresh(request, inquiry, problem), problem)
    messages.success(request, _("{code} tidak rahasia lagi").format(code=inquiry.code))
    return back_to(request, inquiry)
