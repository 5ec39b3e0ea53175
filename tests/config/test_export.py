"""The export says what each message was, both states of what was changed, and no number in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pelita.catalog.models import Service
from pelita.catalog.seeding import seed_services
from pelita.config.export import export
from pelita.desk.actions.information import Details, describe
from pelita.desk.actions.recording import Account, record
from pelita.desk.actions.serving import remember_service
from pelita.desk.models import InquiryKind, InquirySource
from pelita.news.actions_subscriptions import Proof, note
from pelita.news.models_broadcast import ConsentVerb, Subscription
from tests.news.station import TOPICS, Station
from tests.web.alarmed import alarmed
from tests.web.conftest import World, build
from tests.web.every_type import tell_everything


@pytest.fixture
def rows(transactional_db: None, tmp_path: Path) -> list[dict[str, Any]]:
    world: World = build()
    about = tell_everything(world)
    seed_services(office=world.office, now=world.now, approved=True)
    service = Service.objects.get(office=world.office, code="SKTM")
    remember_service(inquiry=about, service=service.pk, by=world.place("admin"), now=world.now)
    alarmed(world, "Banjir, hubungi 6281234567890")
    export(world.office.code, tmp_path)
    return [json.loads(line) for line in (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines()]


def by_type(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if row["type"] == name)


def test_every_message_is_there_with_what_it_held(rows: list[dict[str, Any]]) -> None:
    assert len(rows) == 21
    assert {len(row) for row in rows} == {22}
    assert by_type(rows, "location")["content"]["location"]["name"] == "Balai Betro"
    assert by_type(rows, "order")["content"]["order"][0]["product"] == "AKTA-LAHIR"
    assert by_type(rows, "reaction")["target"] == "wamid.jawab"
    assert next(row for row in rows if row["source"] == "phone")["reaction"] == "🙏"
    assert [row["product"] for row in rows if row["product"]] == ["KTP-HILANG"]
    assert [row["type"] for row in rows if not row["readable"]] == ["unsupported", "unsupported"]


def test_file_is_described_and_not_located(rows: list[dict[str, Any]]) -> None:
    file = by_type(rows, "document")["media"]
    assert (file["kind"], file["filename"], file["state"]) == ("document", "kk.pdf", "waiting")
    assert set(file) == {"id", "kind", "type", "size", "sha256", "filename", "state"}


def test_both_states_of_what_was_changed(rows: list[dict[str, Any]]) -> None:
    edited = next(row for row in rows if row["edited_at"])
    assert (edited["text"], [one["text"] for one in edited["versions"]]) == ("Berapa biaya KTP?", ["Berapa biaya KK?"])
    revoked = next(row for row in rows if row["revoked_at"])
    assert revoked["text"] == "rahasia sekali"


def test_no_number_in_full(rows: list[dict[str, Any]]) -> None:
    written = json.dumps(rows)
    assert by_type(rows, "contacts")["content"]["people"][0]["phones"] == ["0812-••••-8888"]
    for number in ("3516150101900003", "9999-8888", "6281234567890"):
        assert number not in written


def test_every_version_of_a_service(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    lines = (tmp_path / "services.jsonl").read_text(encoding="utf-8").splitlines()
    services = {row["code"]: row for row in map(json.loads, lines)}
    assert len(services) == len(lines) == 33
    lost = services["KTP-HILANG"]
    assert (lost["section"], lost["number"], lost["state"], lost["sample"]) == ("PELAYANAN", 1, "published", True)
    assert lost["requirements"][0] == {
        "text": "Surat keterangan kehilangan dari Kepolisian",
        "by_case": False,
        "note": "",
    }
    assert lost["approved_by"] == "admin"
    assert lost["published_at"] == lost["approved_at"]
    inquiries = (tmp_path / "inquiries.jsonl").read_text(encoding="utf-8").splitlines()
    assert [row["service"] for row in map(json.loads, inquiries) if row["service"]] == ["SKTM"]


def test_what_came_past_whatsapp_and_its_register(transactional_db: None, tmp_path: Path) -> None:
    world = build()
    admin = world.place("admin")
    account = Account(
        InquirySource.LETTER, InquiryKind.INFORMATION, "Minta APBDes, hubungi 081234567890.", name="Karsini",
        outside_number="045/7",
    )  # fmt: skip
    made = record(account=account, by=admin, now=world.now)
    wanted = Details(address="Krajan", purpose="skripsi", form="paper", decision="granted")
    describe(inquiry=made, details=wanted, by=admin, now=world.now)
    export(world.office.code, tmp_path)
    [row] = [json.loads(line) for line in (tmp_path / "inquiries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (row["source"], row["outside_number"], row["register"]) == ("letter", "045/7", f"1/{made.register_year}")
    assert (row["information"]["purpose"], row["information"]["decision"]) == ("skripsi", "granted")
    assert row["answer_due_at"]
    assert "081234567890" not in json.dumps(row)


def test_posts_with_their_ways(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    [post] = [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (post["kind"], post["state"], post["section"]) == ("emergency", "published", "TRANTIB")
    assert {one["way"]: one["state"] for one in post["ways"]} == {"page": "done", "share": "hand"}
    assert "6281234567890" not in json.dumps(post)


def test_subscribers_their_will_and_what_they_were_sent(transactional_db: None, tmp_path: Path) -> None:
    world = build()
    station = Station(world.office, world.line, world.now)
    station.subscribers(2)
    row = Subscription.objects.filter(office=world.office).earliest("id")
    note(row, ConsentVerb.AGREED, proof=Proof(wording="Setuju? Hubungi 081234567890."), now=world.now)
    post = station.post()
    station.begun(post)
    station.feed(2)
    export(world.office.code, tmp_path)

    def written(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]

    assert {(one["state"], tuple(one["topics"])) for one in written("subscriptions")} == {("active", tuple(TOPICS))}
    [consent] = written("consents")
    assert (consent["citizen_id"], consent["verb"]) == (row.citizen_id, "agreed")
    assert "081234567890" not in consent["wording"]
    [sent] = written("broadcasts")
    assert (sent["post"], sent["recipients"], sent["started_by"]) == (post.code, 2, "admin")
    messages = {one["id"] for one in written("messages")}
    reached = written("recipients")
    assert [one["state"] for one in reached] == ["delivered", "delivered"]
    assert {one["message_id"] for one in reached} <= messages
