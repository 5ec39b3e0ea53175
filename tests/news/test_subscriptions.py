"""Subscribing in the chat: chosen, agreed to, stopped; what is a question stays one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pelita.config.wiring import HANDLERS
from pelita.desk.actions import merging
from pelita.desk.models import Citizen, Entry, Identity, Inquiry
from pelita.news import actions_subscriptions as actions
from pelita.news import chat_words, chatting, intake
from pelita.news.models import Consent, Subscription
from pelita.offices.models import Village
from pelita.whatsapp.actions import account
from pelita.whatsapp.models import App, Body, Inbound, Item, Outbound
from tests.desk.conftest import World, build

ALL = ["activity", "announcement", "agenda", "emergency"]


@dataclass
class Square(World):
    """An office whose citizens subscribe."""

    def writes(self, text: str, *, who: str = "ID.100", **fields: Any) -> Inbound:
        self.now += timedelta(seconds=20)
        message = self.message(
            text, user_id=who, wa_id=f"6281{who[3:]:>09}", sent_at=self.now, received_at=self.now, **fields
        )
        self.hears([message])
        return message

    def hears(self, messages: list[Inbound]) -> None:
        """As the wire hands messages on: to each handler those that the earlier ones left."""
        with transaction.atomic():
            left = messages
            for handler in HANDLERS.inbound:
                taken = set(handler(left, now=self.now)) if left else set()
                left = [one for one in left if one.pk not in taken]

    def taps(self, deed: str, **fields: Any) -> Inbound:
        return self.writes(
            "Pilih", type="interactive", content={"reply": {"kind": "list", "id": deed, "title": "Pilih"}}, **fields
        )

    def said(self) -> list[str]:
        return [one.text for one in Outbound.objects.filter(office=self.office).order_by("id")]

    def row(self, who: str = "ID.100") -> Subscription:
        return Subscription.objects.get(office=self.office, citizen__identities__value=who)

    def verbs(self) -> list[str]:
        return list(Consent.objects.filter(office=self.office).order_by("id").values_list("verb", flat=True))

    def village(self, name: str) -> int:
        return Village.objects.get(office=self.office, name=name).pk

    def subscribed(self, who: str = "ID.100", *, topic: str = "semua", village: str = "semua") -> Subscription:
        for deed in ("", f"berita:topik:{topic}", f"berita:desa:{village}", "berita:ya"):
            if deed:
                self.taps(deed, who=who)
            else:
                self.writes("LANGGANAN", who=who)
        return self.row(who)


@pytest.fixture
def square(db: None, moment: Any) -> Square:
    world = build(moment)
    return Square(world.office, world.line, world.now)


def test_from_the_word_to_the_agreement(square: Square) -> None:
    asked = square.writes("mau langganan berita pak")
    assert square.row().state == "asked"
    square.writes("2 dan 5")
    square.writes("mojowono, mojogebang")
    shown = square.said()[-1]
    assert "kegiatan dan darurat untuk Desa Mojogebang dan Desa Mojowono" in shown
    assert square.row().topics == []
    yes = square.writes("YA")
    row = square.row()
    assert (row.state, row.topics) == ("active", ["activity", "emergency"])
    assert set(row.villages) == {square.village("Mojowono"), square.village("Mojogebang")}
    first, second = Consent.objects.filter(office=square.office).order_by("id")
    assert (first.verb, first.inbound) == ("asked", asked)
    assert (second.verb, second.wording, second.inbound, second.at) == ("agreed", shown, yes, square.now)
    assert second.outbound is not None
    assert second.outbound.text == shown
    # Everything stands in the thread, and nothing of it is anybody's matter.
    assert Entry.objects.filter(office=square.office).count() == 8
    assert not Inquiry.objects.filter(office=square.office).exists()


def test_by_taps_over_pages_of_villages(square: Square) -> None:
    square.writes("LANGGANAN")
    square.taps("berita:topik:semua")
    villages = list(Village.objects.filter(office=square.office).order_by("name"))
    menus = [Outbound.objects.filter(office=square.office).latest("id").content]
    while (last := menus[-1]["sections"][0]["rows"][-1]["id"]).startswith("berita:hal:"):
        square.taps(last)
        menus.append(Outbound.objects.filter(office=square.office).latest("id").content)
    rows = [row["id"] for menu in menus for row in menu["sections"][0]["rows"] if ":desa:" in row["id"]]
    assert rows == ["berita:desa:semua", *(f"berita:desa:{one.pk}" for one in villages)]
    assert all(len(menu["sections"][0]["rows"]) <= 10 for menu in menus)
    square.taps(rows[-1])
    square.taps("berita:ya")
    assert (square.row().state, square.row().villages) == ("active", [villages[-1].pk])
    square.taps("berita:ya")  # again: nothing new
    assert square.verbs() == ["asked", "agreed"]


@pytest.mark.parametrize(
    "text",
    [
        "LANGGANAN", "langanan", "lengganan berita", "Mau berlangganan info kecamatan, bisa pak?", "ndaftar kabar",
        "kula badhe langganan pengumuman", "daftar berita",
    ],
)  # fmt: skip
def test_words_that_subscribe(text: str) -> None:
    assert chat_words.subscribes(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "langganan air PDAM saya mati", "mau daftar KTP", "syarat daftar sekolah apa?", "kabar baik pak", "info KTP",
        "berhenti kerja apa syarat surat pindah?", "daftar nikah", "langganan koran kantor siapa yang bayar",
        "Terima kasih info pak", "jangan berhenti pak", "tidak bisa langganan", "jangan dikirim sekarang pak",
        "jangan kirim lewat wa",
    ],
)  # fmt: skip
def test_questions_stay_questions(text: str) -> None:
    assert chat_words.subscribes(text) is None
    assert not chat_words.stops(text)


@pytest.mark.parametrize(
    "text",
    [
        "BERHENTI", "stop", "Berhenti langganan pak", "mandeg mawon", "stop kirim info ya", "UNREG", "batal langganan",
        "saya tidak mau langganan lagi", "Jangan kirim pesan lagi ya pak",
    ],
)  # fmt: skip
def test_words_that_stop(text: str) -> None:
    assert chat_words.stops(text)


def test_an_answer_that_fits_nothing_is_a_question(square: Square) -> None:
    square.writes("LANGGANAN")
    square.writes("syarat bikin ktp baru apa aja")
    assert Inquiry.objects.filter(office=square.office).count() == 1
    # After a word of the desk's a bare number is not ours any more, but the buttons are.
    inquiry = Inquiry.objects.get(office=square.office)
    said = Outbound.objects.create(
        office=square.office, line=square.line, thread=inquiry.conversation_id, created_at=square.now,
        next_at=square.now, text="1. KTP baru 2. KTP hilang",
    )  # fmt: skip
    Entry.objects.create(
        office=square.office, conversation_id=inquiry.conversation_id, at=square.now + timedelta(seconds=1),
        outbound=said, inquiry=inquiry,
    )  # fmt: skip
    before = len(square.said())
    square.writes("2")
    assert square.row().step == "topics"
    assert len(square.said()) == before
    square.taps("berita:topik:agenda")
    assert square.row().wish["topics"] == ["agenda"]


def test_stop_ends_it_and_leaves_the_question_alone(square: Square) -> None:
    square.subscribed()
    square.writes("syarat kk baru apa?")
    [inquiry] = Inquiry.objects.filter(office=square.office)
    square.writes("BERHENTI")
    assert square.row().state == "stopped"
    assert "tidak mengirim kabar lagi" in square.said()[-1]
    assert square.fresh(inquiry).version == inquiry.version
    assert square.fresh(inquiry).state == inquiry.state
    count = len(square.said())
    # Whoever gets nothing may mean something else by the word: it is the desk's.
    square.writes("berhenti")
    assert len(square.said()) == count
    assert square.fresh(inquiry).unread == inquiry.unread + 1
    assert square.verbs() == ["asked", "agreed", "stopped"]


def test_stopping_twice_is_confirmed_once(square: Square) -> None:
    square.subscribed()
    # As the button of a broadcast's template says it.
    content = {"reply": {"kind": "template", "id": "berita:berhenti", "title": "Berhenti"}}
    square.writes("Berhenti", type="button", content=content)
    assert square.row().state == "stopped"
    count = len(square.said())
    square.writes("STOP")
    assert len(square.said()) == count
    assert not Inquiry.objects.filter(office=square.office).exists()


def test_a_new_choice_holds_when_it_is_agreed_to(square: Square) -> None:
    square.subscribed(topic="agenda")
    square.writes("langganan kegiatan")
    square.writes("semua")
    assert (square.row().state, square.row().topics) == ("active", ["agenda"])
    square.writes("batal")
    assert (square.row().state, square.row().topics) == ("active", ["agenda"])
    square.writes("langganan kegiatan")
    square.writes("1")
    square.writes("nggih pak")
    assert (square.row().state, square.row().topics, square.row().villages) == ("active", ["activity"], [])
    assert square.verbs() == ["asked", "agreed", "asked", "cancelled", "asked", "agreed"]


def test_a_question_is_not_answered_after_a_day(square: Square) -> None:
    square.writes("LANGGANAN")
    square.now += timedelta(hours=25)
    square.writes("ya, semua")
    assert square.row().step == "topics"
    assert Inquiry.objects.filter(office=square.office).count() == 1


def test_emergencies_are_promised_to_who_chose_them() -> None:
    chosen = chatting.consent_words("Kecamatan Kemlagi", chat_words.Wish(("agenda", "emergency")), [], 3)
    assert "kabar darurat selalu dikirim" in chosen
    assert "darurat" not in chatting.consent_words("Kecamatan Kemlagi", chat_words.Wish(("agenda",)), [], 3)


def test_yes_below_older_words_is_none_to_the_newer(square: Square) -> None:
    square.writes("langganan agenda")
    square.taps("berita:desa:semua")
    square.writes("langganan darurat")
    square.taps("berita:desa:semua")
    older, newer = [one for one in Outbound.objects.filter(office=square.office).order_by("id") if "YA" in one.text]
    for one in (older, newer):
        Outbound.objects.filter(office=square.office, pk=one.pk).update(wamid=f"wamid.{one.pk}")
    square.taps("berita:ya", context_wamid=f"wamid.{older.pk}")
    assert square.row().state == "asked"
    assert square.said()[-1] == newer.text  # asked again
    newest = Outbound.objects.filter(office=square.office).latest("id")
    Outbound.objects.filter(office=square.office, pk=newest.pk).update(wamid="wamid.newest")
    square.taps("berita:ya", context_wamid="wamid.newest")
    assert (square.row().state, square.row().topics) == ("active", ["emergency"])


def preference(square: Square, who: str, *, stop: bool, wa_id: str = "", ago: int = 0) -> None:
    """As Meta's webhook tells it."""
    row = {
        "user_id": who, "wa_id": wa_id, "category": "marketing_messages", "value": "stop" if stop else "resume",
        "detail": "User requested to stop marketing messages", "timestamp": int(square.now.timestamp()) - ago,
    }  # fmt: skip
    body = Body.objects.create(received_at=square.now, app=App.objects.get(), raw=b"{}", state="done")
    item = Item(
        office=square.office, line=square.line, body=body, kind="update", field="user_preferences", key="x",
        payload={"item": {"messaging_product": "whatsapp", "user_preferences": [row, {**row, "category": "x"}, 7]}},
        next_at=square.now,
    )  # fmt: skip
    with transaction.atomic():
        account.take([item], now=square.now, handlers=HANDLERS)


def test_whatsapps_own_switch(square: Square) -> None:
    square.subscribed()
    preference(square, "ID.100", stop=True)
    assert square.row().state == "refused"
    square.writes("LANGGANAN")
    assert "Nyalakan lagi" in square.said()[-1]
    assert square.row().state == "refused"
    preference(square, "ID.100", stop=False)
    assert (square.row().state, square.row().topics) == ("active", ALL)
    preference(square, "ID.100", stop=True)
    square.writes("BERHENTI")
    preference(square, "ID.100", stop=False)
    assert square.row().state == "stopped"  # the word of the chat is not taken back by the switch
    preference(square, "ID.999", stop=True)  # of nobody whom we know


def test_late_word_of_the_switch_renews_nothing(square: Square) -> None:
    square.subscribed()
    preference(square, "ID.100", stop=True, ago=20)
    preference(square, "ID.100", stop=True, ago=5)  # turned on and off again between, as the next word tells
    preference(square, "ID.100", stop=False, ago=10)
    assert square.row().state == "refused"
    preference(square, "ID.100", stop=False)
    assert square.row().state == "active"


def test_the_switch_of_who_is_known_by_number_alone(square: Square) -> None:
    square.subscribed()
    row = square.row()
    Identity.objects.filter(office=square.office, kind="user_id").delete()
    preference(square, "ID.100", stop=True, wa_id="6281000000100")
    row.refresh_from_db()
    assert row.state == "refused"


@pytest.mark.parametrize("first_stops", [True, False])
def test_of_two_that_are_one_the_stricter_will_holds(square: Square, *, first_stops: bool) -> None:
    for who in ("ID.100", "ID.200"):
        square.subscribed(who, topic="agenda" if who == "ID.100" else "semua")
    square.writes("BERHENTI", who="ID.100" if first_stops else "ID.200")
    one, other = Citizen.objects.filter(office=square.office).order_by("pk")
    keep = merging.merge(one=one, other=other, now=square.now)
    assert actions.adopt_merged(office=square.office.pk, now=square.now) == 1
    [row] = Subscription.objects.filter(office=square.office)
    assert (row.citizen_id, row.state) == (keep.pk, "stopped")
    assert square.verbs()[-1] == "merged"
    assert actions.adopt_merged(now=square.now) == 0


def test_consents_are_final(square: Square) -> None:
    square.subscribed()
    rows = Consent.objects.filter(office=square.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(wording="lain")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_other_messages_cost_one_look_at_most(square: Square) -> None:
    short = [square.message(f"pesan {n}", user_id=f"ID.{n}", wa_id=f"62811{n}") for n in range(20)]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert intake.take(short, now=square.now) == set()
    assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen:
        assert intake.take([square.message("syarat KTP?")], now=square.now) == ()
    assert len([one for one in seen if "INSERT" not in one["sql"] and "desk_identity" in one["sql"]]) == 0
