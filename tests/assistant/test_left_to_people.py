"""What the number must not say by itself, or not say as if the matter were done."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from pelita.assistant import actions
from pelita.assistant import queries_quality as quality
from pelita.assistant.jobs import CHOICE_HOLDS, return_unchosen
from pelita.assistant.queries_quality import Why
from pelita.catalog.models import ServiceVersion
from pelita.desk.actions import arranging, review
from pelita.desk.models import Entry, Inquiry
from tests.assistant.conftest import Town
from tests.assistant.test_replies import LOST, UNKNOWN


def test_doubled_words_are_no_codes(town: Town) -> None:
    for number, text in enumerate(("kira-kira piro suwene antrean mau?", "surat-surat saya keliru tulis, gimana ya")):
        inquiry = town.writes(text, who=f"ID.{number}")
        assert (inquiry.state, inquiry.holder, town.replies()[-1].kind) == ("new", "admin", "person")
    inquiry = town.writes("anak-anak di rumah tanya, KML-2222 sampai mana", who="ID.9")
    # A code that is nobody's closes no question.
    assert (inquiry.state, town.replies()[-1].kind) == ("new", "no_code")


def test_no_moment_that_is_over_is_promised(town: Town) -> None:
    admin = town.place("admin")
    actions.switch(active=False, by=admin, now=town.now)
    first = town.writes(UNKNOWN)
    actions.switch(active=True, by=admin, now=town.now)
    town.writes("halo? kok lama", after=7 * 24 * 3600)
    assert town.heard()[-1].endswith("Pertanyaan Anda sudah dalam antrean. Urutan Anda tetap.")
    assert "paling lambat" not in town.heard()[-1]
    assert town.fresh(first).state == "new"


def test_a_tap_leaves_what_was_written_along_with_it(town: Town) -> None:
    town.writes("menu")
    tap = {"reply": {"kind": "list", "id": "asisten:jam", "title": "Jam buka dan alamat"}}
    town.now += timedelta(minutes=1)
    who = {"user_id": "ID.100", "wa_id": "6281000000100", "sent_at": town.now}
    told = town.message("wit ambruk nang dalan ngarep omahku", **who)
    [inquiry, _] = town.taken([told, town.message("Jam buka dan alamat", type="interactive", content=tap, **who)])
    assert town.heard()[-1].startswith("Loket Kecamatan Kemlagi:")
    assert (inquiry.state, inquiry.holder, inquiry.automatic) == ("reopened", "admin", False)


def test_who_asks_after_an_answered_matter_reaches_a_person(town: Town) -> None:
    answered = town.writes(UNKNOWN)
    review.answer_directly(inquiry=answered, text="Sudah kami simpan.", by=town.place("admin"), now=town.now)
    long_ago = town.now - timedelta(days=30)
    Inquiry.objects.filter(office=town.office).update(state="closed", holder="nobody", closed_at=long_ago)
    inquiry = town.writes("KTP saya sudah jadi belum?", after=24 * 3600)
    assert (inquiry.state, town.replies()[-1].kind) == ("new", "person")
    inquiry = town.writes(f"{answered.code} belum jelas pak", after=3600)
    assert f"{answered.code} sudah dijawab." in town.heard()[-1]
    assert (inquiry.state, inquiry.holder) == ("new", "admin")


def test_two_machines_do_not_talk_for_ever(town: Town) -> None:
    for _ in range(9):
        inquiry = town.writes("Jam buka kami 08.00 sampai 17.00", after=20)
    assert len(town.replies()) == 6
    assert (inquiry.state, inquiry.holder) == ("reopened", "admin")
    town.taps("asisten:menu", "Menu", after=5)  # no machine taps
    assert town.replies()[-1].kind == "menu"
    town.writes("jam buka kantor?", after=700)
    assert len(town.replies()) == 8


def test_hours_of_others_are_not_ours(town: Town) -> None:
    asked = (
        "dokter puskesmas buka jam berapa?", "lokasi kantor desa mojogebang", "alamat kantor dukcapil mana",
        "jalan rusak saya sharelok",
    )  # fmt: skip
    for number, text in enumerate(asked):
        inquiry = town.writes(text, who=f"ID.{number}")
        assert (inquiry.state, town.replies()[-1].kind) == ("new", "person"), text
    town.writes("jam buka kantor kecamatan? saya dari desa", who="ID.9")
    assert town.replies()[-1].kind == "hours"


def test_one_that_cannot_be_said_leaves_the_others(town: Town) -> None:
    ServiceVersion.objects.filter(office=town.office, service__code="KTP-REKAM").update(short_name="")
    texts = {"ID.1": "menu", "ID.2": LOST}
    for who, text in texts.items():
        town.writes(text, who=who)
    tap = {"reply": {"kind": "list", "id": "asisten:seksi:PELAYANAN", "title": "Pelayanan"}}
    town.now += timedelta(minutes=1)
    town.taken([
        town.message("Pelayanan", type="interactive", content=tap, user_id="ID.1", wa_id="6281000000001"),
        town.message(LOST, user_id="ID.3", wa_id="6281000000003"),
    ])  # fmt: skip
    assert [one.kind for one in town.replies()] == ["menu", "answer", "answer"]


def test_a_knock_confirms_no_answer(town: Town) -> None:
    town.writes(LOST)
    town.writes("permisi mau tanya", after=20)
    assert [one.outcome for one in town.replies()] == ["went_on"]


def test_a_catalogue_item_corrects_nobody(town: Town) -> None:
    inquiry = town.writes("bisa diwakilkan orang lain tidak?", product="SKTM")
    assert (inquiry.service is not None, town.replies()[-1].kind) == (True, "person")
    assert quality.replies(town.place("admin"), Why.CORRECTED, now=town.now).rows == []


def test_who_is_in_danger_is_offered_no_papers(town: Town) -> None:
    for number, text in enumerate(("saya mau bunuh diri", "mbah pingsan, tulung pak", "ada orang tenggelam di kali")):
        inquiry = town.writes(text, who=f"ID.{number}")
        assert (inquiry.state, town.replies()[-1].kind) == ("new", "emergency"), text
    town.writes("tulung cepat, orang tenggelam", who="ID.2")
    assert len(town.replies()) == 3  # and nobody reads about a queue


def test_what_the_admin_opened_again_is_the_admins(town: Town) -> None:
    inquiry = town.writes(LOST)
    arranging.reopen(inquiry=town.fresh(inquiry), by=town.place("admin"), now=town.now)
    town.writes("syarat kk hilang apa pak?")
    assert [one.kind for one in town.replies()] == ["answer"]


def test_choices_that_were_answered_on_the_phone_come_back_to_nobody(town: Town) -> None:
    inquiry = town.writes("ktp e bojoku piye")
    [said] = town.said()
    said.pk, said.key, said.source, said.wamid = None, uuid4(), "phone", "wamid.phone"
    said.save()
    at = town.now + timedelta(minutes=5)
    Entry.objects.create(office=town.office, conversation=inquiry.conversation, inquiry=inquiry, at=at, outbound=said)
    assert town.replies()[-1].kind == "choices"
    assert return_unchosen(now=town.now + CHOICE_HOLDS) == 0


def test_who_words_the_question_anew_was_not_helped(town: Town) -> None:
    town.writes(LOST)
    inquiry = town.writes("maksud saya ktp ilang syarate opo wae")
    assert [one.kind for one in town.replies()] == ["answer", "person"]
    assert (inquiry.state, inquiry.holder) == ("reopened", "admin")
    # Who picks from a list may pick the same again.
    town.writes("akta", who="ID.2")
    town.writes("1", who="ID.2")
    town.writes("1", who="ID.2")
    assert [one.kind for one in town.replies()][2:] == ["choices", "answer", "answer"]


def test_a_number_after_a_person_was_promised_is_no_row(town: Town) -> None:
    town.writes("akta")
    town.writes("petugas")
    inquiry = town.writes("1")
    assert [one.kind for one in town.replies()] == ["choices", "person", "repeat"]
    assert inquiry.holder == "admin"
    town.writes("akta", who="ID.2")
    town.writes("1", who="ID.2")
    town.writes("2", who="ID.2", after=2 * 3600)  # the list still stands above
    assert town.replies()[-1].kind == "answer"
    town.writes("3", who="ID.2", after=2 * 3600)
    assert town.replies()[-1].kind == "person"


def test_a_missing_child_is_an_alarm(town: Town) -> None:
    for number, text in enumerate(("anak saya belum pulang dari kemarin tolong", "mbah saya hilang dari rumah")):
        town.writes(text, who=f"ID.{number}")
        assert town.replies()[-1].kind == "emergency"
