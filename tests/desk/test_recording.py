"""What came past WhatsApp, how it is answered, and what lies with another body."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pelita.desk.actions import recording, referring, reminding, review, secrecy, section
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.recording import Account
from pelita.desk.errors import InvalidError, NotAllowedError, TakenError, WindowClosedError
from pelita.desk.models import (
    Answer,
    Citizen,
    Conversation,
    Entry,
    Identity,
    Inquiry,
    InquiryKind,
    InquirySource,
    Notice,
)
from pelita.desk.queries import registers
from pelita.offices.models import Village
from pelita.whatsapp.models import Outbound
from tests.desk.conftest import World


def came(world: World, **fields: object) -> Inquiry:
    values: dict[str, object] = {
        "source": InquirySource.COUNTER, "kind": InquiryKind.QUESTION, "text": "Menanyakan surat pindah.",
        "name": "Pak Wagiman", **fields,
    }  # fmt: skip
    made = recording.record(account=Account(**values), by=world.place("admin"), now=world.now)  # type: ignore[arg-type]
    return world.fresh(made)


def test_a_stranger_at_the_counter(world: World) -> None:
    village = Village.objects.filter(office=world.office).first()
    inquiry = came(world, number="0812-9999-8888", village=village, outside_number="12/2026")
    assert (inquiry.state, inquiry.holder, inquiry.asked) == ("new", "admin", "Menanyakan surat pindah.")
    assert (inquiry.source, inquiry.outside_number, inquiry.question) == ("counter", "12/2026", None)
    citizen = Citizen.objects.get(office=world.office)
    assert (citizen.name, citizen.village) == ("Pak Wagiman", village)
    assert Identity.objects.get(office=world.office).value == "6281299998888"
    talk = Conversation.objects.get(office=world.office)
    assert talk.line is None
    assert Entry.objects.get(office=world.office).note is not None
    again = came(world, citizen=citizen, text="Datang lagi.")
    assert again.conversation_id == talk.pk


def test_somebody_who_writes_on_whatsapp_too(world: World) -> None:
    known = world.asks("syarat ktp?")
    by_number = came(world, number="0812 3456 7890", text="Menelepon soal KTP.", source=InquirySource.TELEPHONE)
    assert by_number.conversation_id == known.conversation_id
    meant = registers.namesakes(world.place("admin"), "sulastri", "")
    assert [one.pk for one in meant] == [known.citizen_id]
    assert registers.namesakes(world.place("admin"), "sul", "") == []
    by_choice = came(world, citizen=meant[0], name="")
    assert by_choice.conversation_id == known.conversation_id
    assert Citizen.objects.filter(office=world.office).count() == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [("text", {"text": " "}), ("name", {"name": ""}), ("number", {"number": "12"}), ("text", {"text": "x" * 4001})],
)
def test_what_is_missing_is_said(world: World, field: str, values: dict[str, object]) -> None:
    with pytest.raises(InvalidError) as caught:
        came(world, **values)
    assert caught.value.field == field
    assert not Inquiry.objects.filter(office=world.office).exists()


def test_only_the_admin_enters(world: World) -> None:
    account = Account(InquirySource.COUNTER, InquiryKind.QUESTION, "Halo", name="Wagiman")
    with pytest.raises(NotAllowedError):
        recording.record(account=account, by=world.place("kesra"), now=world.now)


def test_information_gets_its_number(world: World) -> None:
    assert came(world, kind=InquiryKind.INFORMATION).register_number == 1


def test_the_answer_is_told_and_nothing_is_sent(world: World) -> None:
    inquiry = came(world)
    admin = world.place("admin")
    with pytest.raises(WindowClosedError):
        review.answer_directly(inquiry=inquiry, text="Bawa KK.", by=admin, now=world.now)
    dispose(inquiry=world.fresh(inquiry), section=world.section("KESRA"), by=admin, now=world.now)
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=world.now)
    with pytest.raises(InvalidError):
        recording.tell_in_person(
            inquiry=world.fresh(inquiry), text="Bawa KK.", how=InquirySource.WHATSAPP, by=admin, now=world.now
        )
    recording.tell_in_person(
        inquiry=world.fresh(inquiry), text="Bawa KK asli.", how=InquirySource.COUNTER, by=admin, now=world.now
    )
    answer = Answer.objects.get(office=world.office)
    assert (answer.state, answer.text, answer.final_text) == ("delivered", "Bawa KK.", "Bawa KK asli.")
    assert answer.author == world.place("kesra").officer
    fresh = world.fresh(inquiry)
    assert (fresh.state, fresh.delivered_at, fresh.closed_at) == ("closed", world.now, world.now)
    assert not Outbound.objects.filter(office=world.office).exists()
    with pytest.raises(TakenError):
        recording.tell_in_person(inquiry=fresh, text="Lagi.", how=InquirySource.COUNTER, by=admin, now=world.now)


def test_a_referral_is_asked_about_and_ended(world: World) -> None:
    inquiry, admin = world.asks("ktp hilang"), world.place("admin")
    today = date(2026, 11, 24)
    for body, day in ((" ", today), ("Polsek", today - timedelta(days=1)), ("Polsek", today + timedelta(days=400))):
        with pytest.raises(InvalidError):
            referring.refer(inquiry=inquiry, body=body, follow_up_on=day, by=admin, now=world.now)
    later = referring.refer(inquiry=inquiry, body="Polsek", follow_up_on=date(2026, 12, 9), by=admin, now=world.now)
    soon = referring.refer(
        inquiry=inquiry, body="Dispendukcapil", number="77", follow_up_on=date(2026, 12, 1), by=admin, now=world.now
    )
    assert [row.pk for row in registers.referrals_page(admin).rows] == [soon.pk, later.pk]
    assert [row.pk for row in registers.referrals_page(admin, after=f"2026-12-01.{soon.pk}").rows] == [later.pk]
    assert registers.referrals_page(world.place("pmd")).rows == []
    with pytest.raises(InvalidError):
        referring.finish(inquiry=inquiry, referral=soon.pk, outcome="", by=admin, now=world.now)
    referring.finish(inquiry=inquiry, referral=soon.pk, outcome="KTP dicetak.", by=admin, now=world.now)
    with pytest.raises(TakenError):
        referring.finish(inquiry=inquiry, referral=soon.pk, outcome="Lagi.", by=admin, now=world.now)
    assert [row.pk for row in registers.referrals_page(admin).rows] == [later.pk]


def test_a_referral_without_a_result_is_asked_about_again(world: World) -> None:
    inquiry, admin = world.asks("ktp hilang"), world.place("admin")
    made = referring.refer(
        inquiry=inquiry, body="Dispendukcapil", follow_up_on=date(2026, 11, 26), by=admin, now=world.now
    )
    told = Notice.objects.filter(office=world.office, verb="referral.due", officer=admin.officer)
    seen = []
    for day in (0, 2, 2, 3):
        reminding._told_today.clear()
        reminding.digest(now=world.now + timedelta(days=day))  # 10 o'clock
        seen.append(told.count())
    assert seen == [0, 1, 1, 1]
    later = world.now + timedelta(days=3)
    with pytest.raises(InvalidError):
        referring.ask_again(
            inquiry=inquiry, referral=made.pk, follow_up_on=date(2026, 11, 26), by=admin, now=later
        )  # fmt: skip
    referring.ask_again(
        inquiry=inquiry, referral=made.pk, follow_up_on=date(2026, 11, 30), number="77", by=admin, now=later
    )
    (row,) = registers.referrals_page(admin).rows
    assert (row.number, row.follow_up_on) == ("77", date(2026, 11, 30))
    reminding._told_today.clear()
    reminding.digest(now=world.now + timedelta(days=6))
    assert told.count() == 2
    referring.finish(inquiry=inquiry, referral=made.pk, outcome="Selesai.", by=admin, now=later)
    with pytest.raises(TakenError):
        referring.ask_again(
            inquiry=inquiry, referral=made.pk, follow_up_on=date(2026, 11, 30), by=admin, now=later
        )  # fmt: skip


def test_a_number_comes_with_the_result_or_alone(world: World) -> None:
    inquiry, admin = world.asks("ktp hilang"), world.place("admin")
    made = referring.refer(inquiry=inquiry, body="Polsek", follow_up_on=date(2026, 12, 1), by=admin, now=world.now)
    about: dict[str, Any] = {"inquiry": inquiry, "referral": made.pk, "by": admin, "now": world.now}
    for number in ("", " "):
        with pytest.raises(InvalidError, match="Tulis hasilnya, atau pilih tanggal"):
            referring.keep_number(number=number, **about)
    referring.keep_number(number=" B/7 ", **about)
    (row,) = registers.referrals_page(admin).rows
    assert (row.number, row.follow_up_on) == ("B/7", date(2026, 12, 1))
    with pytest.raises(InvalidError):
        referring.keep_number(number="B/7", **about)
    referring.finish(outcome="Dicatat.", number="B/8", **about)
    (row,) = registers.referrals_of(inquiry)
    assert (row.number, row.outcome) == ("B/8", "Dicatat.")
    with pytest.raises(TakenError):
        referring.keep_number(number="B/9", **about)


def test_a_morning_goes_on_where_the_last_one_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referring, "MOST", 1)
    admin, told = world.place("admin"), []
    for body in ("Polsek", "Dinsos"):
        referring.refer(
            inquiry=world.asks("ktp hilang"), body=body, follow_up_on=date(2026, 11, 26), by=admin, now=world.now
        )
    for day in (2, 3, 4):
        reminding._told_today.clear()
        reminding.digest(now=world.now + timedelta(days=day))
        rows = Notice.objects.filter(office=world.office, verb="referral.due", officer=admin.officer)
        told.append(sorted(row.data["body"] for row in rows))
    assert told == [["Polsek"], ["Dinsos", "Polsek"], ["Dinsos", "Polsek"]]


def test_nobody_is_referred_without_being_told(world: World) -> None:
    inquiry, admin = world.asks("ktp hilang"), world.place("admin")
    referring.refer(inquiry=inquiry, body="Polsek", follow_up_on=date(2026, 12, 1), by=admin, now=world.now)
    with pytest.raises(InvalidError):
        review.close(inquiry=inquiry, by=admin, now=world.now)
    recording.tell_in_person(
        inquiry=world.fresh(inquiry), text="Mohon ke Polsek.", how=InquirySource.TELEPHONE, by=admin, now=world.now
    )
    assert world.fresh(inquiry).state == "closed"
    assert len(registers.referrals_page(admin).rows) == 1


def test_what_has_a_number_elsewhere_is_entered_once(world: World) -> None:
    def came(source: InquirySource, number: str) -> Inquiry:
        account = Account(source, InquiryKind.COMPLAINT, "Jalan rusak.", name="Slamet", outside_number=number)
        return recording.record(account=account, by=world.place("admin"), now=world.now)

    first = came(InquirySource.DAMARMOJO, "DM-42")
    with pytest.raises(InvalidError) as refused:
        came(InquirySource.DAMARMOJO, " DM-42 ")
    assert (refused.value.field, first.code in str(refused.value)) == ("outside_number", True)
    came(InquirySource.LAPOR, "DM-42")
    for _ in range(2):  # numbers of the queue at the counter begin anew every day
        came(InquirySource.COUNTER, "12")
    secrecy.hide(inquiry=first, by=world.place("admin"), now=world.now)
    assert came(InquirySource.DAMARMOJO, "DM-42").pk != first.pk  # what is secret does not give itself away
