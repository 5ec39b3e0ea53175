"""Questions that were not answered: who sees them, and what one tap makes of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.assistant.models import Reply, ReplyKind, ReplyOutcome, ReplyReview
from pelita.assistant.proposing import alias_of
from pelita.catalog import queries, queries_evaluation
from pelita.catalog.models import ServiceVersion
from pelita.catalog.seeding import seed_services
from pelita.desk.actions import secrecy
from pelita.desk.actions.serving import remember_service
from pelita.desk.models import Inquiry
from pelita.journal.models import Fact
from pelita.whatsapp.models import Inbound
from tests.web.answered import replied
from tests.web.conftest import World

ASKED = "pak griyo kulo bade damel sertipikat kintir, nik 3516150101990003"


@pytest.fixture
def filled(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def unanswered(world: World, inquiry: Inquiry | None = None) -> Reply:
    return replied(
        world, inquiry or world.asks(ASKED), ReplyKind.ANSWER, outcome=ReplyOutcome.NOT_ANSWERED,
        services=[["KIA", 0.61]],
    )  # fmt: skip


def fields(step: str, **more: str) -> dict[str, str]:
    return {"step": step, "service": "TANAH-KET", "alias": "sertipikat kintir", "text": ASKED, "answer": "on", **more}


def test_one_tap_makes_an_alias_that_waits_for_its_head(filled: World) -> None:
    reply, client = unanswered(filled), filled.client("admin")
    page = client.get("/asisten/mutu").content.decode()
    assert "KIA 61 %" in page
    assert f"/meja/{reply.inquiry.code}" in page
    assert "3516150101990003" not in page
    # What was said in vain is not proposed again.
    kia = replied(
        filled, filled.asks("syarat kia nopo"), ReplyKind.ANSWER, outcome=ReplyOutcome.NOT_ANSWERED,
        services=[["KIA", 0.9]],
    )  # fmt: skip
    assert '<option value="KIA" selected>' not in client.get("/asisten/mutu").content.decode()
    client.post(f"/asisten/mutu/pertanyaan/{kia.pk}", {"step": "away"})
    address = f"/asisten/mutu/pertanyaan/{reply.pk}"
    assert client.post(address, fields("alias")).status_code == 302
    service = queries.by_code(filled.office, "TANAH-KET")
    assert service is not None
    draft = ServiceVersion.objects.get(office=filled.office, service=service, number=2)
    assert (draft.state, draft.aliases[-1]) == ("draft", "sertipikat kintir")
    # Nothing that citizens get has changed.
    assert not queries.published(filled.office).filter(aliases__contains=["sertipikat kintir"]).exists()
    (case,) = queries_evaluation.cases(filled.office)
    assert (case.text.endswith("nik …"), case.services, case.sections) == (True, ("TANAH-KET",), ("PEMERINTAHAN",))
    assert "Tidak ada yang perlu dipelajari" in client.get("/asisten/mutu").content.decode()
    facts = Fact.objects.filter(office=filled.office, verb="reply.reviewed")
    assert [fact.data["verdict"] for fact in facts.order_by("id")] == ["put_away", "learnt"]


def test_a_second_alias_joins_the_same_draft(filled: World) -> None:
    client = filled.client("pemerintahan")
    for at, alias in enumerate(("sertipikat kintir", "kertas kintir")):
        reply = unanswered(filled, filled.at_section("PEMERINTAHAN", f"{ASKED} {at}"))
        assert client.post(f"/asisten/mutu/pertanyaan/{reply.pk}", fields("alias", alias=alias)).status_code == 302
    drafts = ServiceVersion.objects.filter(office=filled.office, state="draft")
    assert [one.aliases[-2:] for one in drafts] == [["sertipikat kintir", "kertas kintir"]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"alias": "a"}, "Tulis sebutannya"),
        ({"alias": "kintir 17"}, "Tanpa angka."),
        ({"alias": "satu dua tiga empat lima enam tujuh"}, "Paling panjang 6 kata"),
        ({"alias": "KTP ilang"}, "Sebutan ini sudah dipakai KTP-HILANG."),
        ({"service": ""}, "Pilih layanannya."),
        ({"text": ""}, "Bidang ini"),
    ],
    ids=["letters", "digits", "words", "taken", "service", "text"],
)
def test_what_is_no_alias_changes_nothing(filled: World, wrong: dict[str, str], said: str) -> None:
    reply = unanswered(filled)
    refused = filled.client("admin").post(f"/asisten/mutu/pertanyaan/{reply.pk}", fields("alias", **wrong))
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert not ServiceVersion.objects.filter(office=filled.office, number=2).exists()
    assert not ReplyReview.objects.filter(office=filled.office).exists()
    assert not queries_evaluation.cases(filled.office)


def test_a_version_that_waits_takes_no_alias(filled: World) -> None:
    client = filled.client("admin")
    first, second = unanswered(filled), unanswered(filled)
    client.post(f"/asisten/mutu/pertanyaan/{first.pk}", fields("alias"))
    ServiceVersion.objects.filter(office=filled.office, number=2).update(state="submitted")
    late = client.post(f"/asisten/mutu/pertanyaan/{second.pk}", fields("alias", alias="kertas kintir"))
    assert (late.status_code, "sedang menunggu persetujuan" in late.content.decode()) == (422, True)


def test_a_sentence_for_a_person_and_what_is_put_away(filled: World) -> None:
    client, first, second = filled.client("admin"), unanswered(filled), unanswered(filled)
    sentence = fields("sentence", service="", text="kapan kantor dicat")
    assert client.post(f"/asisten/mutu/pertanyaan/{first.pk}", sentence).status_code == 302
    (case,) = queries_evaluation.cases(filled.office)
    assert (case.text, case.services, case.answer) == ("kapan kantor dicat", (), False)
    assert client.post(f"/asisten/mutu/pertanyaan/{second.pk}", {"step": "away"}).status_code == 302
    assert "Tidak ada yang perlu dipelajari" in client.get("/asisten/mutu").content.decode()


def test_the_other_lists(filled: World) -> None:
    client = filled.client("admin")
    chosen = filled.asks("kertas kintir pundi")
    service = queries.by_code(filled.office, "TANAH-KET")
    assert service is not None
    replied(filled, chosen)
    assert "kertas kintir pundi" not in client.get("/asisten/mutu?daftar=dipilih-petugas").content.decode()
    remember_service(inquiry=chosen, service=service.pk, by=filled.place("admin"), now=filled.now)
    page = client.get("/asisten/mutu?daftar=dipilih-petugas").content.decode()
    assert "petugas memakai TANAH-KET" in page
    assert '<option value="TANAH-KET" selected>' in page
    # What was said is what the officer took: nothing to learn.
    version = queries.published_of(filled.office, service.pk)
    assert version is not None
    replied(filled, chosen, ReplyKind.ANSWER, versions=[version.pk])
    replied(filled, chosen, ReplyKind.ANSWER, versions=[version.pk + 1])
    again = client.get("/asisten/mutu?daftar=dipilih-petugas").content.decode()
    assert again.count("petugas memakai TANAH-KET") == 2
    right = replied(filled, filled.asks("syarat kia nopo"), ReplyKind.ANSWER)
    assert "syarat kia nopo" in client.get("/asisten/mutu?daftar=dijawab").content.decode()
    client.post(f"/asisten/mutu/pertanyaan/{right.pk}", {"step": "mark", "daftar": "dijawab"})
    assert "syarat kia nopo" not in client.get("/asisten/mutu?daftar=dijawab").content.decode()
    assert "syarat kia nopo" in client.get("/asisten/mutu?daftar=ditandai").content.decode()


def test_nobody_sees_more_than_the_desk_shows(filled: World) -> None:
    own, other = (unanswered(filled, filled.at_section(code, f"tanya {code}")) for code in ("KESRA", "PMD"))
    hidden = filled.asks("perangkat desa meminta uang")
    secret = unanswered(filled, hidden)
    secrecy.hide(inquiry=hidden, by=filled.place("admin"), now=filled.now)
    gone = unanswered(filled, filled.asks("pesan ditarik"))
    Inbound.objects.filter(office=filled.office, pk=gone.inbound_id).update(revoked_at=filled.now)
    page = filled.client("kesra").get("/asisten/mutu").content.decode()
    assert ("tanya KESRA" in page, "tanya PMD" in page) == (True, False)
    assert f"/tugas/{own.inquiry.code}" in page
    whole = filled.client("admin").get("/asisten/mutu").content.decode()
    assert ("tanya PMD" in whole, "meminta uang" in whole, "ditarik" in whole) == (True, False, False)
    for username, reply, status in (
        ("kesra", other, 404), ("admin", secret, 404), ("admin", gone, 404), ("camat", own, 403),
        ("operator", own, 403), ("pelayanan", own, 403),
    ):  # fmt: skip
        answer = filled.client(username).post(f"/asisten/mutu/pertanyaan/{reply.pk}", {"step": "away"})
        assert answer.status_code == status, username
    # A head changes the own section's services alone.
    refused = filled.client("kesra").post(f"/asisten/mutu/pertanyaan/{own.pk}", fields("alias", service="KTP-REKAM"))
    assert refused.status_code == 422
    assert not ReplyReview.objects.filter(office=filled.office).exists()


def test_the_list_goes_on_and_costs_the_same(filled: World) -> None:
    client = filled.client("admin")
    unanswered(filled)
    with CaptureQueriesContext(connection) as one:
        client.get("/asisten/mutu")
    for _more in range(20):
        unanswered(filled)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/asisten/mutu").content.decode()
    assert len(one) == len(many)
    assert page.count("<article") == 20
    key = page.split("setelah=")[1].split('"')[0]
    last = client.get(f"/asisten/mutu?setelah={key}")
    assert last.content.decode().count("<article") == 1


def test_what_is_proposed_as_an_alias() -> None:
    assert alias_of("Nuwun sewu pak, badhe ndamel KTP ingkang ical wonten margi") != ""
    assert alias_of("pak saya mau tanya syaratnya apa") == ""
    assert "3516" not in alias_of("nik 3516150101990003 tolong")
