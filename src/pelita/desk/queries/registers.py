"""Lists beside the queue: referrals, the register of public information, what was put away, who has a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from pelita.base import phone
from pelita.desk.models import (
    Citizen,
    Holder,
    Identity,
    IdentityKind,
    InformationRequest,
    Inquiry,
    InquiryState,
    Referral,
)
from pelita.desk.queries.access import visible
from pelita.desk.queries.queue import beyond, make_cursor
from pelita.desk.workflow import OPEN_STATES
from pelita.offices.rules import Place
from pelita.whatsapp.models import Block, BlockState

PAGE = 50
NAMESAKES = 6


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """Open referrals, the next to ask about first, and the cursor of what follows (empty at the end)."""

    rows: list[Referral]
    cursor: str


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """Inquiries of a register, newest first, and the cursor of what follows (empty at the end)."""

    rows: list[Inquiry]
    cursor: str


def referrals_page(place: Place, *, after: str = "") -> ReferralPage:
    """A page of open referrals by the day of asking. A cursor is ``<ISO day>.<id>``; a broken one begins anew."""
    rows = Referral.objects.filter(office=place.office, ended_at=None, follow_up_on__isnull=False)
    rows = rows.filter(inquiry__in=visible(place).values("pk"))
    day, _, pk = after.partition(".")
    try:
        start = date.fromisoformat(day)
    except ValueError:
        start = None
    if start and pk.isdecimal() and len(pk) <= 18:
        rows = rows.filter(Q(follow_up_on__gt=start) | Q(follow_up_on=start, id__gt=int(pk)))
    found = list(rows.select_related("inquiry__citizen", "made_by").order_by("follow_up_on", "id")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    return ReferralPage(found, f"{found[-1].follow_up_on}.{found[-1].pk}" if more else "")


def referrals_of(inquiry: Inquiry) -> list[Referral]:
    """The inquiry's referrals, newest first."""
    rows = Referral.objects.filter(office=inquiry.office_id, inquiry=inquiry)
    return list(rows.select_related("made_by").order_by("-id"))


def register_page(place: Place, *, after: str = "") -> InquiryPage:
    """A page of the register of public information. A cursor is ``<year>.<number>``; a broken one begins anew."""
    rows = visible(place).filter(register_number__isnull=False)
    year, _, number = after.partition(".")
    if year.isdecimal() and number.isdecimal() and len(year) == 4 and len(number) < 10:
        rows = rows.filter(Q(register_year__lt=int(year)) | Q(register_year=int(year), register_number__lt=int(number)))
    found = _with_people(rows.select_related("information").order_by("-register_year", "-register_number"))
    more, found = len(found) > PAGE, found[:PAGE]
    return InquiryPage(found, f"{found[-1].register_year}.{found[-1].register_number}" if more else "")


def request_of(inquiry: Inquiry) -> InformationRequest | None:
    """What the register holds of it beside the question; None while nobody wrote anything."""
    return InformationRequest.objects.filter(office=inquiry.office_id, inquiry=inquiry).first()


def put_away_page(place: Place, *, after: str = "") -> InquiryPage:
    """A page of what was no question, newest first."""
    rows = visible(place).filter(state=InquiryState.SPAM, closed_at__isnull=False)
    found = _with_people(beyond(rows, "-closed_at", after).order_by("-closed_at", "-id"))
    more, found = len(found) > PAGE, found[:PAGE]
    last = found[-1].closed_at if found else None
    return InquiryPage(found, make_cursor(last, found[-1].pk) if more and last else "")


def blocked_page(place: Place, *, after: str = "") -> InquiryPage:
    """A page of the newest inquiries of blocked citizens, by the moment of blocking; each citizen once."""
    rows = visible(place).filter(citizen__blocked_at__isnull=False)
    newest = rows.order_by("citizen", "-id").distinct("citizen").values("pk")
    found = visible(place).filter(pk__in=newest)
    shown = _with_people(beyond(found, "-citizen__blocked_at", after).order_by("-citizen__blocked_at", "-id"))
    more, shown = len(shown) > PAGE, shown[:PAGE]
    last = shown[-1].citizen.blocked_at if shown else None
    return InquiryPage(shown, make_cursor(last, shown[-1].pk) if more and last else "")


def block_state(citizen: Citizen) -> Block | None:
    """What WhatsApp said to the newest wish about this citizen; None when there is none."""
    names = Identity.objects.filter(office=citizen.office_id, citizen=citizen).values("value")
    mine = Q(phone__in=names, user_id="") | Q(user_id__in=names, phone="")
    rows = Block.objects.filter(mine, office=citizen.office_id)
    return rows.order_by("-next_at").first()


def still_blocked(citizen: Citizen) -> bool:
    """Whether the desk let the citizen through again and WhatsApp refused to."""
    found = block_state(citizen)
    return found is not None and not found.wanted and found.state == BlockState.REFUSED


def _with_people(rows: QuerySet[Inquiry]) -> list[Inquiry]:
    return list(rows.select_related("citizen__village", "section")[: PAGE + 1])


def takes_others(inquiry: Inquiry) -> bool:
    """Whether another question can be put to it: somebody answers it, or it is opened again by that. What is on its way
    or waits for the citizen would take the question along to nobody."""
    if inquiry.state not in OPEN_STATES:
        return False
    return inquiry.holder in {Holder.ADMIN, Holder.SECTION} or inquiry.state == InquiryState.DELIVERED


def others_of_citizen(place: Place, inquiry: Inquiry) -> list[Inquiry]:
    """The citizen's other open inquiries, oldest first: into these it can be merged."""
    rows = visible(place).filter(citizen=inquiry.citizen_id, state__in=OPEN_STATES, secret=inquiry.secret)
    return [one for one in rows.exclude(pk=inquiry.pk).order_by("id")[:20] if takes_others(one)]


def same_matter(place: Place, inquiry: Inquiry) -> list[Inquiry]:
    """Inquiries that are about the same, as far as this officer may see them."""
    root = inquiry.same_as_id or inquiry.pk
    rows = visible(place).filter(Q(same_as=root) | Q(pk=root)).exclude(pk=inquiry.pk)
    return list(rows.order_by("id")[:20])


def linked_code(place: Place, inquiry: Inquiry) -> str:
    """The code of the inquiry that this one is linked to; empty for none, and for one that the officer may not see."""
    rows = visible(place).filter(pk=inquiry.same_as_id) if inquiry.same_as_id else visible(place).none()
    return rows.values_list("code", flat=True).first() or ""


def namesakes(place: Place, name: str, number: str) -> list[Citizen]:
    """Citizens who may be meant: whoever has the number, else who has that name. At most six."""
    rows = Citizen.objects.filter(office=place.office, merged_into=None).select_related("village")
    digits = phone.digits(number) if number.strip() else None
    if digits:
        kinds = (IdentityKind.WA_ID, IdentityKind.PHONE)
        owners = Identity.objects.filter(office=place.office, kind__in=kinds, value=digits, retired_at=None)
        return list(rows.filter(pk__in=owners.values("citizen")).order_by("-id")[:NAMESAKES])
    name = name.strip()
    if len(name) < 3:
        return []
    return list(rows.filter(Q(name__iexact=name) | Q(book_name__iexact=name)).order_by("-id")[:NAMESAKES])
