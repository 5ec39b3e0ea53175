"""Requests for public information: what the register holds, ten working days, and seven more with a reason."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.desk.actions import dispose, information, recording, review
from pelita.desk.actions.arranging import change_kind
from pelita.desk.actions.information import Details
from pelita.desk.actions.people import set_village
from pelita.desk.actions.policies import Wanted, set_policy
from pelita.desk.actions.reminding import remind
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Citizen, InformationRequest, Inquiry, InquiryKind, InquirySource, Notice
from pelita.desk.queries import registers
from pelita.desk.queries.clockwork import forget
from pelita.offices.models import Village
from tests.desk.conftest import World
from tests.desk.test_reminding import wib


@pytest.fixture
def moment() -> datetime:
    """Wednesday morning, people work."""
    return wib(25, 9)


def requested(world: World) -> Inquiry:
    account = recording.Account(InquirySource.COUNTER, InquiryKind.INFORMATION, "Minta salinan APBDes.", name="Karsini")
    return recording.record(account=account, by=world.place("admin"), now=world.now)


def test_ten_working_days_and_seven_more_once(world: World) -> None:
    inquiry, admin = requested(world), world.place("admin")
    assert inquiry.answer_due_at == wib(9, 16, month=12)
    with pytest.raises(InvalidError):
        information.extend(inquiry=inquiry, reason=" ", by=admin, now=world.now)
    due = information.extend(inquiry=inquiry, reason="Arsipnya di desa.", by=admin, now=wib(7, 9, month=12))
    assert due == world.fresh(inquiry).answer_due_at == wib(18, 16, 30, month=12)
    with pytest.raises(InvalidError):
        information.extend(inquiry=inquiry, reason="Lagi.", by=admin, now=wib(8, 9, month=12))
    found = InformationRequest.objects.get(office=world.office, inquiry=inquiry)
    assert (found.extension_reason, found.extended_by) == ("Arsipnya di desa.", admin.officer)


@pytest.mark.parametrize("how", ["another section", "another kind and back"])
def test_the_seven_days_stay_when_the_promise_is_counted_anew(world: World, how: str) -> None:
    inquiry, admin = requested(world), world.place("admin")
    kesra = world.section("KESRA")
    wanted = Wanted("answer", "11d", kind="information", section=kesra)
    set_policy(wanted=wanted, by=world.place("camat"), now=world.now)
    forget(world.office.pk)
    information.extend(inquiry=inquiry, reason="Arsipnya di desa.", by=admin, now=wib(26, 9))
    if how == "another section":
        dispose.dispose(inquiry=inquiry, section=kesra, by=admin, now=wib(26, 10))
        assert world.fresh(inquiry).answer_due_at == wib(21, 16, month=12)
        return
    change_kind(inquiry=world.fresh(inquiry), kind=InquiryKind.COMPLAINT, by=admin, now=wib(26, 10))
    assert world.fresh(inquiry).answer_due_at == wib(15, 16, month=12)
    change_kind(inquiry=world.fresh(inquiry), kind=InquiryKind.INFORMATION, by=admin, now=wib(26, 11))
    assert world.fresh(inquiry).answer_due_at == wib(18, 16, 30, month=12)


def test_the_ladder_follows_the_extension(world: World) -> None:
    inquiry = requested(world)
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(due_at=wib(18, 10, month=12))
    information.extend(inquiry=inquiry, reason="Arsipnya di desa.", by=world.place("admin"), now=wib(9, 9, month=12))
    remind(now=wib(9, 17, month=12))
    told = Notice.objects.filter(office=world.office, inquiry=inquiry, officer__username="camat")
    assert "answer" not in [row.data.get("deadline") for row in told]
    remind(now=wib(18, 16, 30, month=12))
    assert "answer" in [row.data.get("deadline") for row in told.all()]


@pytest.mark.parametrize("case", ["late", "closed", "not registered"])
def test_what_is_over_is_not_extended(world: World, case: str) -> None:
    inquiry, now = requested(world), world.now
    if case == "late":
        now = wib(9, 16, 1, month=12)
    elif case == "closed":
        review.close(inquiry=inquiry, by=world.place("admin"), now=now)
    else:
        inquiry = world.asks()
    with pytest.raises(InvalidError):
        information.extend(inquiry=inquiry, reason="Arsipnya di desa.", by=world.place("admin"), now=now)
    assert not InformationRequest.objects.filter(office=world.office, extended_at__isnull=False).exists()


def test_a_refusal_needs_its_reason(world: World) -> None:
    inquiry, admin = requested(world), world.place("admin")
    with pytest.raises(InvalidError) as refused:
        information.describe(inquiry=inquiry, details=Details(decision="refused"), by=admin, now=world.now)
    assert refused.value.field == "reason"
    whole = Details("Dsn. Krajan", "skripsi", "paper", "partly", "Data pribadi dihitamkan.")
    information.describe(inquiry=inquiry, details=whole, by=admin, now=world.now)
    found = registers.request_of(inquiry)
    assert found is not None
    assert Details(found.address, found.purpose, found.form, found.decision, found.reason) == whole
    granted = Details(decision="granted", reason="tidak dipakai")
    information.describe(inquiry=inquiry, details=granted, by=admin, now=world.now)
    found.refresh_from_db(from_queryset=InformationRequest.objects.filter(office=world.office))
    assert (found.decision, found.reason, found.address) == ("granted", "", "")
    for nonsense in (Details(form="stone"), Details(decision="perhaps")):
        with pytest.raises(InvalidError):
            information.describe(inquiry=inquiry, details=nonsense, by=admin, now=world.now)


def test_the_register_is_read_in_one_query(world: World) -> None:
    for _ in range(3):
        information.describe(
            inquiry=requested(world), details=Details(address="Krajan"), by=world.place("admin"), now=world.now
        )
    admin = world.place("admin")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = registers.register_page(admin).rows
        said = [(row.information.address, row.citizen.name) for row in rows]
    assert (len(asked), said) == (1, [("Krajan", "Karsini")] * 3)


def test_where_a_citizen_lives_is_the_admins_to_note(world: World) -> None:
    inquiry = world.asks()
    village = Village.objects.filter(office=world.office).order_by("name")[0]
    with pytest.raises(NotAllowedError):
        set_village(inquiry=inquiry, village=village, by=world.place("kesra"), now=world.now)
    set_village(inquiry=inquiry, village=village, by=world.place("admin"), now=world.now)
    citizen = Citizen.objects.filter(office=world.office, pk=inquiry.citizen_id)
    assert citizen.get().village == village
    set_village(inquiry=inquiry, village=None, by=world.place("admin"), now=world.now)
    assert citizen.get().village is None
