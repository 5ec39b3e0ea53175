"""An officer's own number: proved by a code from that phone, and by nothing else."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Inquiry, OfficerPhone
from pelita.desk.officers import phones, words
from pelita.journal.models import Fact
from pelita.offices.models import Officer
from pelita.whatsapp.ports import IdentityChange
from tests.desk.conftest import World
from tests.desk.officers import Phone

SITI = "6281200000001"


def code_of(world: World, who: str = "kesra", number: str = "0812-0000-0001") -> str:
    place = world.place(who)
    return phones.register(officer=place.officer, number=number, by=place, now=world.now)


def unproved(world: World, who: str = "kesra", number: str = SITI) -> Phone:
    return Phone(world, who, number, confirmed=False)


def confirmed(world: World) -> list[str]:
    rows = OfficerPhone.objects.filter(office=world.office, confirmed_at__isnull=False)
    return list(rows.order_by("id").values_list("officer__username", flat=True))


@pytest.mark.parametrize("said", ["{}", "petugas {}", " PETUGAS  {} ", "{0:.3} {1}"])
def test_the_code_from_that_phone_confirms_it(world: World, said: str) -> None:
    code = code_of(world)
    assert code not in str(list(OfficerPhone.objects.filter(office=world.office).values_list()))
    siti = unproved(world)
    siti.writes(said.format(code, code[3:]))
    assert confirmed(world) == ["kesra"]
    assert Officer.objects.get(username="kesra").wa_number == SITI
    assert siti.last.text.startswith("Nomor ini sekarang terhubung")
    assert not Inquiry.objects.filter(office=world.office).exists()
    verbs = Fact.objects.filter(office=world.office, subject_type="officer").values_list("verb", flat=True)
    assert list(verbs.order_by("id")) == ["officer.phone_named", "officer.phone_confirmed"]


def test_another_phone_confirms_nothing_and_is_a_citizens(world: World) -> None:
    code = code_of(world)
    unproved(world, "pmd", "6281299999999").writes(code)
    assert confirmed(world) == []
    assert Inquiry.objects.filter(office=world.office).count() == 1


def test_a_code_ends_with_its_time_and_after_five_wrong_ones(world: World) -> None:
    code, siti = code_of(world), unproved(world)
    siti.writes(code, at=world.now + phones.CODE_LIVES)
    assert confirmed(world) == []
    code = code_of(world)
    for _ in range(phones.TRIES):
        siti.writes("000000" if code != "000000" else "000001")
    siti.writes(code)
    assert confirmed(world) == []
    siti.writes(code_of(world))
    assert confirmed(world) == ["kesra"]


def test_a_hidden_phone_is_known_by_its_id_and_guesses_count_against_all(world: World) -> None:
    code_of(world, "pmd", "6281200000002")
    code = code_of(world)
    hidden = unproved(world, number="")
    hidden.writes(code)
    row = OfficerPhone.objects.get(office=world.office, officer__username="kesra")
    assert (row.wa_id, row.user_id, bool(row.confirmed_at)) == ("", "ID.kesra", True)
    assert (hidden.last.to_phone, hidden.last.to_user_id) == ("", "ID.kesra")
    unproved(world, "pelayanan", "").writes("000000")
    assert OfficerPhone.objects.get(office=world.office, officer__username="pmd").tries == 1


def test_one_phone_is_one_officers(world: World) -> None:
    Phone(world, "kesra", SITI)
    with pytest.raises(InvalidError, match="sudah dipakai petugas lain"):
        code_of(world, "pmd", SITI)
    with pytest.raises(InvalidError, match="Tulis nomor HP"):
        code_of(world, "pmd", "12")
    code = code_of(world, "pmd", "6281200000002")
    siti = unproved(world, "kesra", "")  # the same person with the number hidden now
    siti.writes(code)
    assert confirmed(world) == ["kesra"]


def test_who_may_name_and_remove_a_number(world: World) -> None:
    kesra, camat = world.place("kesra").officer, world.place("camat").officer
    phones.register(officer=kesra, number=SITI, by=world.place("admin"), now=world.now)
    # Whoever gets the code may speak as that officer: not as one who sees more.
    for by, officer in (("admin", camat), ("operator", kesra), ("pmd", kesra)):
        with pytest.raises(NotAllowedError):
            phones.register(officer=officer, number=SITI, by=world.place(by), now=world.now)
    with pytest.raises(NotAllowedError):
        phones.forget(officer=kesra, by=world.place("pmd"), now=world.now)
    phones.forget(officer=kesra, by=world.place("operator"), now=world.now)
    assert not OfficerPhone.objects.filter(office=world.office).exists()


def test_a_forgotten_number_is_a_citizens_again(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    place = world.place("kesra")
    phones.forget(officer=place.officer, by=place, now=world.now)
    siti.writes("Halo")
    assert Inquiry.objects.filter(office=world.office).count() == 1
    assert Officer.objects.get(username="kesra").wa_number == ""


@pytest.mark.parametrize(
    ("kind", "new_wa_id", "new_user_id", "still"),
    [
        ("number", "6281200000009", "ID.new", False),
        ("identity", "", "", False),
        ("user_id", "", "ID.new", True),
        ("user_id", "6281200000009", "ID.new", False),
    ],
)
def test_ids_that_changed_must_be_proved_again(
    world: World, kind: str, new_wa_id: str, new_user_id: str, still: bool
) -> None:
    Phone(world, "kesra", SITI)
    change = IdentityChange(
        office_id=world.office.pk, line_id=world.line.pk, kind=kind, old_wa_id=SITI, old_user_id="ID.kesra",  # type: ignore[arg-type]  # one of three words
        new_wa_id=new_wa_id, new_user_id=new_user_id, at=world.now,
    )  # fmt: skip
    phones.ids_changed([change], now=world.now)
    assert confirmed(world) == (["kesra"] if still else [])
    assert Fact.objects.filter(office=world.office, verb="officer.phone_doubted").exists() is not still


@pytest.mark.parametrize(
    ("text", "code"),
    [("123456", "123456"), ("123-456", "123456"), ("Petugas 123 456", "123456"), ("1234567", ""), ("kode 123456", "")],
)
def test_only_a_bare_code_is_one(text: str, code: str) -> None:
    assert words.told_code(text) == code


@pytest.mark.parametrize(
    ("text", "citizen"),
    [("WARGA apa syaratnya?", True), ("warga: halo", True), ("Warga", True), ("warganya datang", False), ("", False)],
)
def test_who_begins_with_warga_writes_as_a_citizen(text: str, citizen: bool) -> None:
    assert words.as_citizen(text) is citizen


def test_moments_are_said_so_that_they_can_be_read_later(world: World) -> None:
    tz = ZoneInfo("Asia/Jakarta")
    hours = {2: "hari ini pukul 12.00", 24: "besok pukul 10.00", 72: "Jumat, 27/11 pukul 10.00"}
    assert {h: words.moment(world.now + timedelta(hours=h), world.now, tz) for h in hours} == hours
