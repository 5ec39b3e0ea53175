"""What the number says by itself, to which message, and where the matter lies afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pelita.assistant import actions
from pelita.assistant.intake import deliveries_changed
from pelita.assistant.jobs import CHOICE_HOLDS, note_silence, return_unchosen
from pelita.assistant.models import Reply
from pelita.assistant.texts import Key
from pelita.catalog import actions as catalog
from pelita.catalog.models import Service
from pelita.catalog.queries import content_of
from pelita.catalog.rules import Item
from pelita.desk.actions import arranging, drafting, merging, review
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.routing import set_catalog_questions
from pelita.desk.jobs import close_silent
from pelita.desk.models import Citizen, Entry, Inquiry
from pelita.desk.queries import queue
from pelita.desk.queries.queue import View
from pelita.journal.models import Fact
from pelita.whatsapp import limits
from pelita.whatsapp.models import Outbound
from tests.assistant.conftest import Town

LOST = "ktp kulo ical, nopo mawon syarate?"
ANGRY = "petugas ndak becus, saya mau lapor bupati"
UNKNOWN = "nomor antrean saya tadi ketinggalan di mushola"


def test_a_new_citizen_is_greeted_and_answered_in_one_message(town: Town) -> None:
    inquiry = town.writes(LOST)
    [said] = town.said()
    assert said.text.startswith("Selamat pagi. Ini Kecamatan Kemlagi. Pesan disimpan untuk menjawab Anda.")
    assert "1. Surat keterangan kehilangan dari Kepolisian" in said.text
    assert [one["title"] for one in said.content["buttons"]] == ["Sudah", "Belum menjawab"]
    assert said.reply_to == inquiry.message.wamid
    assert Entry.objects.get(office=town.office, outbound=said).automatic
    [reply] = town.replies()
    version = Service.objects.get(office=town.office, code="KTP-HILANG").versions.get(office=town.office)
    assert (reply.kind, reply.greeted, reply.versions, reply.services[0][0]) == (
        "answer", True, [version.pk], "KTP-HILANG",
    )  # fmt: skip
    # The admin sees it, but nothing is urgent about it, and no person has answered.
    assert (inquiry.state, inquiry.holder, inquiry.automatic) == ("delivered", "citizen", True)
    assert (inquiry.due_at, inquiry.remind_at, inquiry.first_response_at) == (None, None, None)
    place = town.place("admin")
    assert [one.pk for one in queue.desk_page(place, View.AUTOMATIC, now=town.now).rows] == [inquiry.pk]
    assert queue.counts(place, now=town.now)[View.DISPOSE] == 0
    assert queue.counts(place, now=town.now)[View.CITIZEN] == 0
    # Greeted once.
    town.writes("terus kalau kk hilang syaratnya apa?")
    assert "Selamat" not in town.heard()[-1]


def test_not_yet_brings_it_back_to_its_place_and_says_when(town: Town) -> None:
    begun = town.writes(LOST)
    inquiry = town.taps("asisten:belum", "Belum menjawab", after=600)
    assert (inquiry.pk, inquiry.state, inquiry.holder, inquiry.automatic) == (begun.pk, "reopened", "admin", False)
    assert inquiry.waiting_since == begun.opened_at
    assert inquiry.asked == LOST  # the question is still what was asked
    assert inquiry.code in town.heard()[-1]
    assert town.heard()[-1].startswith("Kami teruskan ke petugas.")
    assert [one.outcome for one in town.replies()] == ["not_answered", ""]
    assert queue.counts(town.place("admin"), now=town.now)[View.DISPOSE] == 1


def test_replies_outlive_two_citizens_who_are_one(town: Town) -> None:
    for who in ("ID.1", "ID.2"):
        town.writes(LOST, who=who)
    one, other = Citizen.objects.filter(office=town.office).order_by("id")
    with transaction.atomic():
        merging.merge(one=one, other=other, now=town.now)
    assert len(town.replies()) == 2
    assert town.writes("belum menjawab", who="ID.2").state == "reopened"


def test_silence_is_noted_after_a_day(town: Town) -> None:
    town.writes(LOST)
    assert note_silence(now=town.now + timedelta(hours=23)) == 0
    assert note_silence(now=town.now + timedelta(hours=24)) == 1
    assert [one.outcome for one in town.replies()] == ["silent"]


def test_typed_words_say_what_the_buttons_say(town: Town) -> None:
    town.writes(LOST)
    back = town.writes("belum menjawab pak")
    assert (back.state, back.summary) == ("reopened", LOST)
    town.writes("syarat ktp hilang", who="ID.2")
    closed = town.writes("sampun pak, matur nuwun", who="ID.2")
    assert (closed.state, closed.automatic) == ("closed", True)
    assert len(town.said()) == 3  # nothing to say to "enough"
    assert [one.outcome for one in town.replies()] == ["not_answered", "", "confirmed"]


def test_javanese_says_it_too(town: Town) -> None:
    town.writes(LOST)
    back = town.writes("durung njawab")
    assert (back.state, back.summary) == ("reopened", LOST)


def test_choices_that_nobody_takes_come_back_to_the_admin(town: Town) -> None:
    taken = town.writes("ktp e bojoku piye", who="ID.1")
    left = town.writes("ktp e bojoku piye", who="ID.2")
    greeted = town.writes("selamat pagi", who="ID.3")
    assert [one.kind for one in town.replies()] == ["choices", "choices", "menu"]
    town.writes("1", who="ID.1")
    assert return_unchosen(now=left.opened_at + CHOICE_HOLDS - timedelta(seconds=1)) == 0
    assert return_unchosen(now=town.now + CHOICE_HOLDS) == 1
    assert return_unchosen(now=town.now + CHOICE_HOLDS) == 0
    rows = {one.pk: one for one in Inquiry.objects.filter(office=town.office)}
    assert [rows[one.pk].state for one in (taken, left, greeted)] == ["delivered", "reopened", "delivered"]
    assert (rows[left.pk].holder, rows[left.pk].waiting_since) == ("admin", left.opened_at)
    assert rows[left.pk].answer_due_at is not None
    assert Fact.objects.filter(office=town.office, verb="inquiry.unchosen").count() == 1
    assert len(town.said()) == 4  # nothing is said of it


def test_choices_can_be_tapped_and_typed(town: Town) -> None:
    town.writes("menu")
    assert town.said()[-1].kind == "list"
    town.writes("1")
    services = town.said()[-1]
    assert [row["title"] for row in services.content["sections"][0]["rows"]][-3:] == ["Berikutnya", "Menu", "Petugas"]
    assert (town.writes("8").summary, town.writes("menu").summary) == ("menu", "menu")
    town.writes("1")
    town.writes("8")
    assert "Rekomendasi" in town.heard()[-1] or "Akta" in town.heard()[-1]
    inquiry = town.taps("asisten:layanan:KK-HILANG", "KK hilang atau rusak")
    assert "*KK hilang atau rusak*" in town.heard()[-1]
    assert inquiry.automatic
    assert Inquiry.objects.filter(office=town.office).count() == 1


def test_a_person_is_promised_what_the_desk_promises(town: Town) -> None:
    inquiry = town.writes(UNKNOWN)
    assert (inquiry.state, inquiry.holder, inquiry.automatic) == ("new", "admin", False)
    # Two working days after Tuesday end on Thursday at 16.00.
    assert "Dijawab paling lambat Kamis, 26 November, 16.00." in town.heard()[-1]
    assert inquiry.answer_due_at is not None
    assert inquiry.answer_due_at.isoformat() == "2026-11-26T09:00:00+00:00"
    town.writes("nggih, matur nuwun")
    assert len(town.said()) == 1
    town.writes("halo? kok lama")
    assert town.heard()[-1] == "Pertanyaan Anda sudah dalam antrean. Urutan Anda tetap."
    town.writes("piye iki, kok durung diwangsuli, antrean saya bagaimana")
    assert len(town.said()) == 2


def test_anger_and_alarm_reach_a_person(town: Town) -> None:
    angry = town.writes(ANGRY)
    assert (angry.state, town.replies()[-1].kind) == ("new", "person")
    burning = town.writes("kebakaran di mojogebang tolong", who="ID.2")
    assert town.heard()[-1].startswith("Bila ada bahaya, telepon 112 sekarang.")
    assert burning.state == "new"


def test_an_identity_photo_is_not_wanted(town: Town) -> None:
    town.writes("foto ktp saya", type="image", content={"caption": "foto ktp saya"})
    assert "Foto KTP atau KK tidak diperlukan. Silakan hapus dari chat." in town.heard()[-1]
    assert "Kami teruskan ke petugas." in town.heard()[-1]


def test_hours_and_place(town: Town) -> None:
    town.writes("jam buka kantor?")
    assert "Senin–Kamis 07.30–12.00, 13.00–16.00\nJumat 07.30–11.30, 13.00–15.00" in town.heard()[-1]
    assert "Hari ini buka sampai 16.00." in town.heard()[-1]


def test_where_it_stands_is_said_to_its_citizen_alone(town: Town) -> None:
    inquiry = town.writes(UNKNOWN)
    dispose(inquiry=inquiry, section=town.section("KESRA"), by=town.place("admin"), now=town.now)
    town.writes("sampai mana pak")
    assert town.heard()[-1].startswith(f"{inquiry.code} sedang dikerjakan Seksi Kesejahteraan")
    assert town.fresh(inquiry).state == "dispositioned"
    town.writes(f"cek {inquiry.code.lower()}", who="ID.2")
    assert town.heard()[-1] == "Kode itu tidak ada. Contoh: KML-4F7Q. Atau ketik PETUGAS."
    Inquiry.objects.filter(office=town.office, pk=inquiry.pk).update(secret=True)
    town.writes(inquiry.code, after=120)
    assert town.heard()[-1].startswith(f"{inquiry.code} sedang dikerjakan petugas.")


def test_what_a_person_has_is_left_to_that_person(town: Town) -> None:
    admin = town.place("admin")
    disposed = town.writes(UNKNOWN)
    dispose(inquiry=disposed, section=town.section("KESRA"), by=admin, now=town.now)
    town.writes(LOST)
    drafted = town.writes(UNKNOWN, who="ID.2")
    drafting.save_desk_draft(inquiry=drafted, text="Mohon", by=admin, now=town.now)
    town.writes(LOST, who="ID.2")
    answered = town.writes(UNKNOWN, who="ID.3")
    review.answer_directly(inquiry=answered, text="Sudah kami simpan.", by=admin, now=town.now)
    town.writes(LOST, who="ID.3")
    assert len(town.replies()) == 3  # the first word to each, before anybody came


def test_a_question_from_the_catalogue_is_acknowledged_and_its_section_answers(town: Town) -> None:
    """Where the office passes such questions on by hand, the requirements are told if they are asked for."""
    asked = town.writes("apa saja yang perlu dibawa?", product="SKTM")
    assert (asked.state, asked.section) == ("dispositioned", town.section("KESRA"))
    assert [one.kind for one in town.replies()] == ["person"]
    set_catalog_questions(on=False, by=town.place("admin"), now=town.now)
    assert town.writes("apa saja yang perlu dibawa?", who="ID.2", product="SKTM").automatic
    assert "*Surat keterangan tidak mampu*" in town.heard()[-1]
    town.writes("punya saya kemarin belum jadi", who="ID.3", product="SKTM")
    assert [one.kind for one in town.replies()] == ["person", "answer", "person"]


def test_an_officers_word_keeps_the_conversation_for_hours(town: Town) -> None:
    first = town.writes(UNKNOWN)
    review.answer_directly(inquiry=first, text="Sudah kami simpan.", by=town.place("admin"), now=town.now)
    Inquiry.objects.filter(office=town.office, pk=first.pk).update(
        state="closed", holder="nobody", closed_at=town.now - timedelta(days=3)
    )
    assert town.writes(LOST, after=3600).pk != first.pk
    assert len(town.replies()) == 1
    Inquiry.objects.filter(office=town.office, question__text=LOST).update(
        state="closed", holder="nobody", closed_at=town.now - timedelta(days=3)
    )
    town.writes(LOST, after=4 * 3600)
    assert len(town.replies()) == 2


def test_a_late_tap_on_enough_opens_nothing(town: Town) -> None:
    town.writes(LOST)
    close_silent(now=town.now + timedelta(days=2))
    assert town.taps("asisten:sudah", "Sudah", after=2 * 86400).state == "closed"
    assert len(town.said()) == 1


def test_silence_where_nothing_may_be_said(town: Town) -> None:
    town.writes(LOST, at=town.now - timedelta(minutes=20))  # late: only a person may judge that
    town.writes("", type="reaction", content={"emoji": "👍"}, target_wamid="wamid.x")
    put = town.writes("PROMO PINJAMAN", who="ID.3")
    arranging.put_away(inquiry=put, by=town.place("admin"), now=town.now)
    town.writes("menu", who="ID.3")
    town.writes("makasih", who="ID.4")
    Citizen.objects.filter(office=town.office).update(blocked_at=town.now)
    town.writes(LOST, who="ID.4")
    assert [one.kind for one in town.replies()] == ["person"]  # to the promotion, before it was put away


def test_two_messages_within_a_second_get_one_reply(town: Town) -> None:
    together = [town.message(text, user_id="ID.7", wa_id="6281000000007") for text in ("permisi", LOST)]
    town.taken(together)
    assert len(town.said()) == 1
    assert "*KTP-el hilang*" in town.heard()[-1]
    town.writes("syarat kk hilang?", who="ID.7", after=1)
    assert len(town.said()) == 1
    [inquiry] = Inquiry.objects.filter(office=town.office)
    assert inquiry.state == "reopened"  # nobody answered that, so the admin has it


def test_what_waits_for_a_person_waits_on(town: Town) -> None:
    """An answer to a second question takes the first one from nobody's queue."""
    town.writes(UNKNOWN)
    inquiry = town.writes(LOST)
    assert "*KTP-el hilang*" in town.heard()[-1]
    assert (inquiry.state, inquiry.automatic) == ("new", False)


def test_an_answer_that_did_not_arrive_is_none(town: Town) -> None:
    inquiry = town.writes(LOST)
    Outbound.objects.filter(office=town.office).update(state="failed", failed_at=town.now)
    deliveries_changed(town.said(), now=town.now)
    inquiry = town.fresh(inquiry)
    assert (inquiry.state, inquiry.holder, inquiry.waiting_since) == ("reopened", "admin", inquiry.opened_at)


def test_a_new_version_is_said_to_the_next_citizen_and_the_old_one_stays(town: Town) -> None:
    town.writes(LOST)
    service = Service.objects.get(office=town.office, code="KTP-HILANG")
    admin = town.place("admin")
    draft = catalog.begin(service=service, by=admin, now=town.now)
    content = content_of(draft)
    catalog.change(
        version=draft, content=replace(content, requirements=(Item("Surat kehilangan dari Polsek"),)), seen=0,
        by=admin, now=town.now,
    )  # fmt: skip
    town.writes(LOST, who="ID.2")
    assert "Formulir F-1.02" in town.heard()[-1]  # nobody has approved the new one
    catalog.submit(version=draft, seen=1, by=admin, now=town.now)
    head = town.place("admin")
    catalog.approve(version=draft, seen=2, by=head, now=town.now)
    catalog.publish(version=draft, seen=3, by=head, now=town.now)
    town.writes(LOST, who="ID.3")
    assert "1. Surat kehilangan dari Polsek" in town.heard()[-1]
    assert "Formulir F-1.02" in town.heard()[0]
    assert town.replies()[0].versions != town.replies()[-1].versions
    catalog.withdraw(version=draft, seen=4, by=head, now=town.now)
    town.writes(LOST, who="ID.4")
    assert town.replies()[-1].kind != "answer"


def test_the_switches(town: Town) -> None:
    admin = town.place("admin")
    actions.write(key=Key.ASK, text="", active=False, by=admin, now=town.now)
    assert town.writes(LOST).state == "new"
    assert town.replies()[-1].kind == "person"
    actions.write(key=Key.MENU, text="Silakan pilih di {kantor}:", active=True, by=admin, now=town.now)
    town.writes("menu", who="ID.2")
    assert "Silakan pilih di Kecamatan Kemlagi:" in town.heard()[-1]
    actions.switch(active=False, by=admin, now=town.now)
    town.writes(LOST, who="ID.3")
    assert len(town.replies()) == 2
    told = Fact.objects.filter(office=town.office, verb__startswith="assistant.").values_list("verb", flat=True)
    assert set(told) == {"assistant.text", "assistant.switched_off"}


def test_every_message_of_every_service_is_within_the_limits(town: Town) -> None:
    codes = list(Service.objects.filter(office=town.office).values_list("code", flat=True))
    for number, code in enumerate(codes):
        town.writes("menu", who=f"ID.{number}")
        town.taps(f"asisten:layanan:{code}", "Pilih", who=f"ID.{number}")
    kinds = {one.kind for one in town.said()}
    assert kinds == {"list", "buttons"}
    assert len(Reply.objects.filter(office=town.office, kind="answer")) == len(codes) == 33
    for one in town.said():
        assert len(one.text) <= (limits.LIST_BODY if one.kind == "list" else limits.INTERACTIVE_BODY)


def test_queries_do_not_grow_with_the_set(town: Town) -> None:
    texts = (LOST, "menu", UNKNOWN, "ngurus ktp", "jam buka kantor?", "sampai mana")

    def queries(citizens: range) -> int:  # deadlines and readers are known after the first
        messages = [town.message(texts[at % len(texts)], user_id=f"ID.q{at}", wa_id=f"62813{at:08}") for at in citizens]
        with CaptureQueriesContext(connection) as found:
            town.taken(messages)
        return len(found) - len(citizens)  # `taken` looks each of them up again

    queries(range(6))
    assert queries(range(6, 12)) == queries(range(12, 48)) == 38
