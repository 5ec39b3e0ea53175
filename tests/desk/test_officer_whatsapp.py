"""Officers answer from their own WhatsApp, by the same actions as on the desk; nobody else can."""

from __future__ import annotations

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pelita.config.export_messages import messages
from pelita.desk.actions import dispose, review, section
from pelita.desk.models import Answer, Conversation, Disposition, Entry, Inquiry, OfficerMessage
from pelita.desk.officers import hearing
from pelita.offices.models import Duty, Office, Officer
from pelita.whatsapp.limits import INTERACTIVE_BODY
from pelita.whatsapp.models import App, Line, Outbound
from tests.desk.conftest import World
from tests.desk.officers import ADMIN, HOUR, PMD, SITI, Phone, at_kesra, at_review, carry, facts

# -- answering --------------------------------------------------------------------------------------------------------


def test_a_disposition_is_shown_and_a_quotation_becomes_the_answer(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    assert shown.text == (
        f"*{inquiry.code}* · Seksi Kesejahteraan Rakyat\nTenggat: besok pukul 12.00\n\n"
        "Pertanyaan warga:\n“Syarat bantuan? NIK saya 3516••••••••0003”\n\nInstruksi admin: Sebutkan syarat."
    )
    assert [one["title"] for one in shown.content["buttons"]] == ["Jawab", "Bukan tupoksi kami", "Minta waktu"]
    assert (shown.to_phone, shown.to_user_id, shown.thread < 0) == (SITI, "ID.kesra", True)
    siti.writes("Bawa KK dan surat pengantar.", quotes=shown)
    inquiry = world.fresh(inquiry)
    assert (inquiry.state, inquiry.holder) == ("answered", "admin")
    answer = Answer.objects.get(office=world.office)
    assert (answer.text, answer.author.username, answer.state) == ("Bawa KK dan surat pengantar.", "kesra", "submitted")
    assert siti.last.text == f"Jawaban {inquiry.code} sudah diserahkan ke admin. Terima kasih."
    (fact,) = facts(world, "officer.acted")
    assert (fact["via"], fact["step"], fact["code"]) == ("whatsapp", "answer.submitted", inquiry.code)
    assert "KK" not in str(fact)


def test_nothing_of_an_officer_stands_with_the_citizens(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    at_kesra(world)
    siti.writes("Halo, ini apa?")
    siti.writes("Bawa KK.", quotes=siti.shows()[1])
    siti.writes("", type="audio")
    siti.writes("👍", type="reaction", target_wamid=siti.last.wamid)
    assert (
        Conversation.objects.filter(office=world.office).count(),
        Inquiry.objects.filter(office=world.office).count(),
    ) == (1, 1)
    theirs = OfficerMessage.objects.filter(office=world.office, inbound__isnull=False)
    assert theirs.count() == 5
    assert not Entry.objects.filter(office=world.office, inbound__in=theirs.values("inbound")).exists()
    assert not Entry.objects.filter(office=world.office, outbound__thread__lt=0).exists()


def test_the_button_asks_for_the_answer_and_its_quotation_counts(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.taps(siti.last, "Jawab")
    prompt = siti.last
    assert prompt.text == f"Balas (kutip) pesan ini dengan jawaban untuk {inquiry.code}."
    siti.writes("Bawa KK.", quotes=prompt)
    assert world.fresh(inquiry).state == "answered"


def test_not_our_duty_needs_a_reason(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.taps(siti.last, "Bukan tupoksi kami")
    assert world.fresh(inquiry).state == "dispositioned"
    siti.writes("Ini urusan Dispendukcapil.", quotes=siti.last)
    assert (world.fresh(inquiry).state, world.fresh(inquiry).holder) == ("returned", "admin")
    assert Disposition.objects.get(office=world.office).reason == "Ini urusan Dispendukcapil."


def test_an_unquoted_text_is_asked_about_and_counts_once(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.writes("Bawa KK.")
    question = siti.last
    assert question.text == f"Apakah pesan Anda tadi menjadi jawaban untuk {inquiry.code}?"
    assert world.fresh(inquiry).state == "dispositioned"
    siti.taps(question, f"Ya, {inquiry.code}")
    assert Answer.objects.get(office=world.office).text == "Bawa KK."
    siti.taps(question, f"Ya, {inquiry.code}")
    assert siti.last.text == "Pilihan ini sudah dipakai. Kutip pesannya untuk menjawab."
    assert Answer.objects.filter(office=world.office).count() == 1


def test_the_export_has_officers_messages_outside_every_conversation(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.writes("Bawa KK.")
    siti.taps(siti.last, f"Ya, {inquiry.code}")
    rows = [row for row in messages(world.office, None) if row["conversation_id"] is None]
    assert [row["type"] for row in rows] == [
        "text", "text", "buttons", "text", "buttons", "interactive", "text",
    ]  # fmt: skip
    held = next(row for row in rows if row["text"] == "Bawa KK.")
    assert (held["source"], held["inquiry_id"], held["citizen_id"]) == ("officer", inquiry.pk, None)
    Inquiry.objects.filter(office=world.office).update(secret=True)
    assert "Bawa KK." not in str(list(messages(world.office, None)))


def test_an_unquoted_reason_stays_a_reason(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.taps(siti.last, "Bukan tupoksi kami")
    siti.writes("Urusan desa.")
    assert siti.last.text == f"Apakah pesan Anda tadi menjadi alasan mengembalikan {inquiry.code}?"
    siti.taps(siti.last, f"Ya, {inquiry.code}")
    assert world.fresh(inquiry).state == "returned"


def test_of_several_open_matters_one_is_chosen(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    first = at_kesra(world)
    second = at_kesra(world, "Kapan bansos cair?", user_id="ID.2", wa_id="6281234567892")
    siti.writes("Bulan depan.")
    assert siti.last.kind == "list"
    siti.taps(siti.last, second.code)
    assert (world.fresh(first).state, world.fresh(second).state) == ("dispositioned", "answered")


def test_no_open_matter_gives_help_and_thanks_give_nothing(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    before = len(siti.shows())
    siti.writes("Siap pak, terima kasih", at=world.now + 2 * HOUR)
    assert len(siti.shows()) == before
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    siti.writes("Bawa KK.", at=world.now + 2 * HOUR)
    assert siti.last.text.startswith("Untuk menjawab, kutip")
    assert not Answer.objects.filter(office=world.office).exists()


def test_what_is_refused_says_why_and_undoes_nothing_else(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    siti.writes("x" * 4096, quotes=shown)
    assert "kelebihan" in siti.last.text
    assert world.fresh(inquiry).state == "dispositioned"
    section.submit(inquiry=inquiry, text="Dari meja.", by=world.place("kesra"), now=world.now)
    siti.writes("Dari HP.", quotes=shown)
    assert siti.last.text == "Siti Muthmainnah sudah menyerahkan jawaban pukul 10.00."
    assert [one["why"] for one in facts(world, "officer.refused")] == ["InvalidError", "TakenError"]


def test_an_earlier_disposition_cannot_be_answered_after_a_new_one(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    old = siti.last
    dispose.recall(inquiry=inquiry, by=world.place("admin"), now=world.now)
    dispose.dispose(
        inquiry=world.fresh(inquiry), section=world.section("KESRA"), by=world.place("admin"), now=world.now
    )
    siti.writes("Bawa KK.", quotes=old)
    assert world.fresh(inquiry).state == "dispositioned"


def test_a_colleague_who_is_writing_is_not_overwritten(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    other = Officer.objects.create(office=world.office, username="budi", full_name="Budi Santoso")
    Duty.objects.create(
        office=world.office, officer=other, role="officer", section=world.section("KESRA"), starts_on=world.now.date()
    )
    section.save_draft(inquiry=inquiry, text="Sedang saya tulis", by=world.place("budi"), now=world.now)
    shown = siti.last
    siti.writes("Bawa KK.", quotes=shown)
    assert siti.last.text.startswith(f"Budi Santoso sedang menulis jawaban untuk {inquiry.code} di meja.")
    assert world.fresh(inquiry).state == "dispositioned"
    siti.writes("Bawa KK.", quotes=shown, at=world.now + HOUR)
    assert Answer.objects.get(office=world.office).text == "Bawa KK."


# -- the admin --------------------------------------------------------------------------------------------------------


def test_the_admin_reads_the_answer_and_sends_it(world: World) -> None:
    admin = Phone(world, "admin", ADMIN)
    inquiry = at_review(world)
    shown = admin.last
    assert "Jawaban:\nBawa KK." in shown.text
    admin.taps(shown, "Kirim")
    answer = Answer.objects.select_related("outbound", "reviewer").get(office=world.office)
    assert answer.outbound is not None
    assert (answer.state, answer.outbound.to_phone) == ("approved", "6281234567890")
    assert admin.last.text == f"Jawaban {inquiry.code} dikirim ke warga."
    admin.taps(shown, "Kirim")
    assert admin.last.text == "Endang Lestari sudah mengirim jawaban pukul 10.00."


def test_a_long_answer_is_shown_whole_before_the_buttons(world: World) -> None:
    admin = Phone(world, "admin", ADMIN)
    at_review(world, "Bawa KK. " * 300)
    *_, text, buttons = admin.shows()
    assert (text.kind, text.text) == ("text", ("Bawa KK. " * 300).strip())
    assert [one["title"] for one in buttons.content["buttons"]] == ["Kirim", "Kembalikan"]
    assert "Pertanyaan warga:" in buttons.text


def test_the_admin_returns_it_with_a_reason_and_the_section_hears_it(world: World) -> None:
    admin, siti = Phone(world, "admin", ADMIN), Phone(world, "kesra", SITI)
    inquiry = at_review(world)
    admin.taps(admin.last, "Kembalikan")
    admin.writes("Sebutkan juga KTP.", quotes=admin.last)
    assert (world.fresh(inquiry).state, world.fresh(inquiry).holder) == ("returned", "section")
    carry(world)
    assert "Jawaban dikembalikan: Sebutkan juga KTP.\n\nPertanyaan warga:" in siti.last.text
    siti.writes("Bawa KK dan KTP.", quotes=siti.last)
    assert world.fresh(inquiry).state == "answered"


def test_a_long_question_and_instruction_leave_the_reason_of_the_return_whole(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = world.asks("Syaratnya apa? " * 60 + "Terakhir: kapan?", type="text")
    dispose.dispose(
        inquiry=inquiry, section=world.section("KESRA"), by=world.place("admin"), now=world.now,
        instruction="Sebutkan syarat. " * 20,
    )  # fmt: skip
    section.submit(inquiry=world.fresh(inquiry), text="Bawa KK.", by=world.place("kesra"), now=world.now)
    reason = "Sebutkan juga KTP. " * 12 + "Titik."
    review.send_back(inquiry=world.fresh(inquiry), reason=reason, by=world.place("admin"), now=world.now)
    carry(world)
    told = siti.last.text
    assert f"Jawaban dikembalikan: {reason}\n\n" in told
    assert "Terakhir: kapan?”" in told
    assert "Instruksi admin: Sebutkan syarat." in told
    assert len(told) <= INTERACTIVE_BODY


def test_an_answer_that_was_not_shown_cannot_be_sent(world: World) -> None:
    """The button sends the answer above it, not whichever is there by then."""
    admin = Phone(world, "admin", ADMIN)
    inquiry = at_review(world)
    shown = admin.last
    admin.taps(shown, "Kembalikan")
    admin.writes("Kurang.", quotes=admin.last)
    section.submit(inquiry=world.fresh(inquiry), text="Lain sekali.", by=world.place("kesra"), now=world.now)
    admin.taps(shown, "Kirim")
    assert world.fresh(inquiry).state == "answered"
    assert [one["why"] for one in facts(world, "officer.refused")] == ["TakenError"]


# -- who is an officer ------------------------------------------------------------------------------------------------


def test_a_strangers_tap_and_quotation_are_a_citizens(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    stranger = Phone(world, "pmd", "6281299999999", confirmed=False)
    stranger.taps(shown, "Jawab")
    stranger.writes("Bayar dulu ke saya.", quotes=shown)
    assert world.fresh(inquiry).state == "dispositioned"
    assert not Answer.objects.filter(office=world.office).exists()
    theirs = Inquiry.objects.get(office=world.office, citizen__identities__value="6281299999999")
    assert theirs.pk != inquiry.pk
    assert [one["code"] for one in facts(world, "inquiry.opened")] == [inquiry.code, theirs.code]


def test_an_officer_of_another_section_is_refused(world: World) -> None:
    siti, other = Phone(world, "kesra", SITI), Phone(world, "pmd", PMD)
    inquiry = at_kesra(world)
    shown = siti.last
    other.taps(shown, "Jawab")
    assert other.last.text == "Tombol ini bukan untuk Anda, atau sudah tidak berlaku."
    other.writes("Bawa uang.", quotes=shown)
    assert world.fresh(inquiry).state == "dispositioned"
    assert [one["why"] for one in facts(world, "officer.refused")] == ["token"]


def test_who_left_the_section_is_refused(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    Duty.objects.filter(office=world.office, officer__username="kesra").update(section=world.section("PMD"))
    siti.writes("Bawa KK.", quotes=siti.last)
    assert world.fresh(inquiry).state == "dispositioned"
    assert [one["why"] for one in facts(world, "officer.refused")] == ["gone"]


def test_a_deactivated_officer_is_a_citizen(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    Officer.objects.filter(username="kesra").update(is_active=False)
    siti.writes("Bawa KK.", quotes=siti.last)
    assert world.fresh(inquiry).state == "dispositioned"
    assert Inquiry.objects.filter(office=world.office, citizen__identities__value=SITI).count() == 1


def test_an_officer_of_another_office_is_a_citizen(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    shown = siti.last
    other = Office.objects.create(code="b", name="B", regency="R", region_code="2", code_prefix="BBB")
    line = Line.objects.create(
        office=other, app=App.objects.get(), phone_number_id="200", business_account_id="1",
        display_phone="6285100000000", token="t", base_url="http://127.0.0.1:9",
    )  # fmt: skip
    there = World(other, line, world.now)
    message = there.message("Bawa KK.", wa_id=SITI, user_id="ID.kesra", context_wamid=shown.wamid)
    with transaction.atomic():
        assert not hearing.take_officers([message], now=world.now)
    assert world.fresh(inquiry).state == "dispositioned"


def test_warga_makes_a_citizen_of_an_officer_and_quotations_stay_there(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    siti.writes("WARGA: kapan jalan diperbaiki?")
    mine = Inquiry.objects.get(office=world.office, citizen__identities__value=SITI)
    answer = review.answer_directly(inquiry=mine, text="Bulan depan.", by=world.place("admin"), now=world.now)
    assert answer.outbound is not None
    Outbound.objects.filter(office=world.office, pk=answer.outbound.pk).update(wamid="wamid.to.siti")
    siti.writes("Terima kasih, tapi yang mana?", context_wamid="wamid.to.siti")
    assert Entry.objects.filter(office=world.office, conversation=mine.conversation, inbound__isnull=False).count() == 2


def test_a_number_that_changed_hands_is_nobodys(world: World) -> None:
    siti = Phone(world, "kesra", SITI)
    inquiry = at_kesra(world)
    siti.user_id = "ID.somebody"
    siti.writes("Bawa KK.", quotes=siti.last)
    assert world.fresh(inquiry).state == "dispositioned"


def test_a_strangers_message_in_the_same_set_stays_a_strangers(world: World) -> None:
    Phone(world, "kesra", SITI)
    officers = world.message("halo", user_id="ID.kesra", wa_id="")
    strangers = world.message("Apa syarat KK?", user_id="ID.somebody", wa_id=SITI)
    with transaction.atomic():
        assert hearing.take_officers([officers, strangers], now=world.now) == {officers.pk}


def test_a_set_without_officers_costs_one_query(world: World) -> None:
    Phone(world, "kesra", SITI)
    messages = [world.message(f"Apa {n}?", user_id=f"ID.{n}", wa_id=f"62812000{n:04}") for n in range(30)]
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        assert not hearing.take_officers(messages, now=world.now)
    assert len(queries) == 1
