"""Steps of the page "Langkah lain": each takes a form, runs one action, and leads back to the conversation."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pelita.base import clock
from pelita.desk.actions import arranging, blocking, information, people, recording, referring
from pelita.desk.models import Inquiry, InquiryKind, InquirySource
from pelita.desk.queries import registers
from pelita.offices.queries import villages
from pelita.web.forms import PlainForm, SeenForm
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
from pelita.web.views.disposing import back_to
from pelita.web.views.guards import POST, OfficeRequest, Who, guard_inquiry
from pelita.web.views.managing import message_choices, show_more
from pelita.web.views.steps import attempt, fresh, say_done


def _step(
    request: OfficeRequest, inquiry: Inquiry, form: SeenForm, act: Callable[[], object], said: str, name: str
) -> HttpResponseBase:
    """Run one step. ``name``: under which the page shows the form again, with what is wrong in it."""
    problem = attempt(form, act)
    if problem is None:
        messages.success(request, said)
        say_done(request)
        return back_to(request, inquiry)
    return show_more(request, fresh(request, inquiry, problem), problem, **{name: form})


def _plain(request: OfficeRequest, inquiry: Inquiry, act: Callable[..., object], said: str) -> HttpResponseBase:
    """A step that asks for nothing but the version that was on the screen."""
    form = PlainForm(request.POST)

    def run() -> None:
        act(inquiry=inquiry, by=request.place, now=clock.now(), seen=form.cleaned_data["seen"])

    return _step(request, inquiry, form, run, said, "plain_form")


@guard_inquiry(Who.ADMIN, *POST)
def kind(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Say what it is."""
    form = KindForm(request.POST)

    def act() -> None:
        wanted = InquiryKind(form.cleaned_data["kind"])
        arranging.change_kind(inquiry=inquiry, kind=wanted, by=request.place, now=clock.now())

    return _step(request, inquiry, form, act, _("Jenis diubah"), "kind_form")


@guard_inquiry(Who.ADMIN, *POST)
def village(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Where the citizen lives."""
    form = VillageForm(request.POST, villages=villages(request.place.office))

    def act() -> None:
        people.set_village(inquiry=inquiry, village=form.chosen(), by=request.place, now=clock.now())

    return _step(request, inquiry, form, act, _("Desa disimpan"), "village_form")


@guard_inquiry(Who.ADMIN, *POST)
def details(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """What the register of public information holds; two who write there at once both see what is kept."""
    form = RequestForm(request.POST)

    def act() -> None:
        information.describe(
            inquiry=inquiry, details=form.details(), by=request.place, now=clock.now(), seen=form.cleaned_data["stamp"]
        )  # fmt: skip

    return _step(request, inquiry, form, act, _("Register disimpan"), "request_form")


@guard_inquiry(Who.ADMIN, *POST)
def extend(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Seven working days more for a request for information."""
    form = ExtensionForm(request.POST)

    def act() -> None:
        reason = form.cleaned_data["extension_reason"]
        information.extend(inquiry=inquiry, reason=reason, by=request.place, now=clock.now())

    said = _("Diperpanjang 7 hari kerja. Beri tahu warga alasannya secara tertulis.")
    return _step(request, inquiry, form, act, said, "extension_form")


@guard_inquiry(Who.ADMIN, *POST)
def told(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """The citizen was told past WhatsApp."""
    form = ToldForm(request.POST)

    def act() -> None:
        data = form.cleaned_data
        recording.tell_in_person(
            inquiry=inquiry,
            text=data["text"],
            how=InquirySource(data["how"]),
            by=request.place,
            now=clock.now(),
            seen=data["seen"],
        )

    return _step(request, inquiry, form, act, _("Tercatat: jawaban sudah disampaikan"), "told_form")


@guard_inquiry(Who.ADMIN, *POST)
def refer(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """The matter lies with another body."""
    form = ReferralForm(request.POST)

    def act() -> None:
        data = form.cleaned_data
        referring.refer(
            inquiry=inquiry,
            body=data["body"],
            number=data["number"],
            text=data["note"],
            follow_up_on=data["follow_up_on"],
            by=request.place,
            now=clock.now(),
        )

    return _step(
        request, inquiry, form, act, _("Rujukan dicatat. Beri tahu warga ke mana ia dirujuk."), "referral_form"
    )


@guard_inquiry(Who.ADMIN, *POST)
def outcome(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """What became of a referral; without a result, when it is asked about next, or its number there."""
    form = OutcomeForm(request.POST)
    later = not request.POST.get("outcome", "").strip() and request.POST.get("follow_up_on")

    def act() -> None:
        data = form.cleaned_data
        about = {"inquiry": inquiry, "referral": data["referral"], "by": request.place, "now": clock.now()}
        if later:
            referring.ask_again(follow_up_on=data["follow_up_on"], number=data["number"], **about)
        elif data["outcome"]:
            referring.finish(outcome=data["outcome"], number=data["number"], **about)
        else:
            referring.keep_number(number=data["number"], **about)

    said = _("Dicatat. Tanggal menanyakannya diperbarui.") if later else _("Hasil rujukan dicatat")
    if not later and not request.POST.get("outcome", "").strip():
        said = _("Nomor di sana dicatat")
    return _step(request, inquiry, form, act, said, "outcome_form")


@guard_inquiry(Who.ADMIN, *POST)
def split(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Some messages become an inquiry of their own, which opens."""
    form = SplitForm(request.POST, entries=message_choices(request.place, inquiry))
    made: list[Inquiry] = []

    def act() -> None:
        chosen = [int(pk) for pk in form.cleaned_data["entries"]]
        made.append(arranging.split(inquiry=inquiry, entries=chosen, by=request.place, now=clock.now()))

    answer = _step(request, inquiry, form, act, _("Pesan menjadi pertanyaan sendiri"), "split_form")
    return redirect("percakapan", code=made[0].code) if made else answer


@guard_inquiry(Who.ADMIN, *POST)
def join(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Two of one citizen become one, which opens."""
    form = JoinForm(request.POST, others=registers.others_of_citizen(request.place, inquiry))
    kept: list[Inquiry] = []

    def act() -> None:
        data = form.cleaned_data
        kept.append(
            arranging.join(inquiry=inquiry, code=data["code"], by=request.place, now=clock.now(), seen=data["seen"])
        )

    answer = _step(request, inquiry, form, act, _("Pertanyaan digabungkan"), "join_form")
    return redirect("percakapan", code=kept[0].code) if kept else answer


@guard_inquiry(Who.ADMIN, *POST)
def link(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """About the same as another citizen's."""
    form = SameForm(request.POST)

    def act() -> None:
        arranging.link(inquiry=inquiry, code=form.cleaned_data["same"], by=request.place, now=clock.now())

    return _step(request, inquiry, form, act, _("Tautan disimpan"), "same_form")


@guard_inquiry(Who.ADMIN, *POST)
def reopen(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Not finished after all."""
    return _plain(request, inquiry, arranging.reopen, _("Pertanyaan dibuka lagi"))


@guard_inquiry(Who.ADMIN, *POST)
def put_away(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """No question at all."""
    return _plain(request, inquiry, arranging.put_away, _("Disisihkan sebagai bukan pertanyaan"))


@guard_inquiry(Who.ADMIN, *POST)
def take_back(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """A question after all."""
    return _plain(request, inquiry, arranging.take_back, _("Dikembalikan ke meja"))


@guard_inquiry(Who.ADMIN, *POST)
def block(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Nothing of this citizen comes through any more."""
    form = PlainForm(request.POST)

    def act() -> None:
        blocking.block(inquiry=inquiry, by=request.place, now=clock.now())

    return _step(request, inquiry, form, act, _("Warga diblokir begitu WhatsApp menyanggupi"), "plain_form")


@guard_inquiry(Who.ADMIN, *POST)
def unblock(request: OfficeRequest, inquiry: Inquiry) -> HttpResponseBase:
    """Let the citizen write again."""
    form = PlainForm(request.POST)

    def act() -> None:
        blocking.unblock(inquiry=inquiry, by=request.place, now=clock.now())

    return _step(request, inquiry, form, act, _("Blokir dibuka begitu WhatsApp menyanggupi"), "plain_form")
