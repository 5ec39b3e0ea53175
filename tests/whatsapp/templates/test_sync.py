"""The list of templates kept in step with WhatsApp's: over real HTTP, with paging, refusals and lost answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pelita.base import clock
from pelita.journal.models import Fact
from pelita.whatsapp.actions import templates as actions
from pelita.whatsapp.errors import BadTemplateError, NotAllowedError, TemplateBusyError
from pelita.whatsapp.gateways.meta_cloud.templates import MetaCloudTemplates
from pelita.whatsapp.models import Template, TemplateSync
from pelita.whatsapp.queries import templates as queries
from pelita.whatsapp.templates import ANSWER_READY, OWN, Draft
from pelita.whatsapp.templating import sync
from tests.whatsapp.outbox.support import World, build, line_of
from tests.whatsapp.scripted import Answer, Close, Deed, Request, refusal, scripted

GATEWAYS = {"meta_cloud": MetaCloudTemplates}
OURS = [own.name for own in OWN]
DRAFT = Draft(name="info_loket", language="id", category="UTILITY", body="Loket tutup pukul tiga sore hari ini.")


@dataclass
class Account:
    """Meta's side: what is listed, two a page; what was handed in and deleted."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    status: str = "PENDING"
    instead: dict[str, Deed] = field(default_factory=dict)  # method → what happens to it
    calls: list[str] = field(default_factory=list)

    def row(self, name: str, status: str = "APPROVED", **more: Any) -> None:
        body = {"type": "BODY", "text": "Halo, ini isi templat."}
        made = {"id": f"id-{name}", "name": name, "language": "id", "category": "UTILITY", "components": [body]}
        self.rows.append({**made, "status": status, "quality_score": {"score": "GREEN"}, **more})

    def __call__(self, request: Request) -> Deed:
        self.calls.append(request.method)
        if request.method in self.instead:
            return self.instead[request.method]
        parts = urlsplit(request.path)
        assert parts.path == "/v26.0/351600000000000/message_templates"
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if request.method == "POST":
            said = request.json
            self.rows.append({**said, "id": f"id-{said['name']}", "status": self.status})
            return _json({"id": f"id-{said['name']}", "status": self.status, "category": said["category"]})
        if request.method == "DELETE":
            self.rows = [row for row in self.rows if row["id"] != query["hsm_id"]]
            return _json({"success": True})
        start = int(query.get("after", "0"))
        paging: dict[str, Any] = {"cursors": {"after": str(start + 2)}}
        if start + 2 < len(self.rows):
            paging["next"] = "https://graph.facebook.com/next"
        return _json({"data": self.rows[start : start + 2], "paging": paging})


def _json(document: dict[str, Any]) -> Answer:
    return Answer(body=json.dumps(document).encode())


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def world(transactional_db: None, account: Account) -> Iterator[World]:
    with scripted(account) as server:
        yield build(base_url=server.url)


def run(world: World) -> None:
    actions.ask_sync(line=world.line, by=None, now=clock.now())
    assert sync(line_id=world.line.pk, gateways=GATEWAYS)


def states(world: World) -> dict[str, str]:
    return dict(Template.objects.filter(office=world.office).values_list("name", "state"))


def age(world: World) -> None:
    """What was changed just now may be missing from a list; let it be a while ago."""
    past = clock.now() - timedelta(hours=1)
    Template.objects.filter(office=world.office).update(changed_at=past)


def state_of_sync(world: World) -> TemplateSync:
    return TemplateSync.objects.get(office=world.office)


def test_every_page_is_read_and_our_own_is_handed_in(world: World, account: Account) -> None:
    for number in range(5):
        account.row(f"templat_{number}")
    run(world)
    assert account.calls == ["GET", "GET", "GET", "POST", "POST"]
    own = OWN[0].name
    assert states(world) == {**{f"templat_{n}": "APPROVED" for n in range(5)}, **dict.fromkeys(OURS, "PENDING")}
    row = Template.objects.get(office=world.office, name=own)
    assert (row.purpose, row.provider_id, row.language) == (ANSWER_READY, f"id-{own}", "id")
    handed_in = next(row for row in account.rows if row["name"] == own)
    assert handed_in["components"][0]["text"] == "Jawaban untuk pertanyaan {{1}} sudah ada."
    assert handed_in["components"][1]["buttons"] == [{"type": "QUICK_REPLY", "text": "Lihat jawaban"}]
    assert queries.usable(world.line, ANSWER_READY) is None
    handed_in["status"] = "APPROVED"
    run(world)
    assert account.calls[5:] == ["GET", "GET", "GET", "GET"]
    assert queries.usable(world.line, ANSWER_READY) == row


def test_again_changes_nothing_and_tells_nobody(world: World, account: Account) -> None:
    account.row("templat")
    run(world)
    facts = Fact.objects.filter(office=world.office, verb="template.changed").count()
    run(world)
    assert Fact.objects.filter(office=world.office, verb="template.changed").count() == facts
    assert state_of_sync(world).next_at > clock.now() + timedelta(hours=5)
    assert not sync(line_id=world.line.pk, gateways=GATEWAYS)


def test_what_is_gone_at_whatsapp_is_gone_here_but_not_what_is_new(world: World, account: Account) -> None:
    account.row("lama")
    account.row("baru")
    run(world)
    account.rows = [row for row in account.rows if row["name"] == OWN[0].name]
    Template.objects.filter(office=world.office, name="lama").update(changed_at=clock.now() - timedelta(hours=1))
    run(world)
    assert states(world)["lama"] == "DELETED"
    assert states(world)["baru"] == "APPROVED"


@pytest.mark.parametrize(
    ("deed", "error"),
    [(refusal(190, 401), "token_invalid"), (refusal(80007), "rate_limited"), (Close(), "uncertain")],
)
def test_a_list_that_does_not_come_deletes_nothing_and_is_asked_for_again(
    world: World, account: Account, deed: Deed, error: str
) -> None:
    account.row("templat")
    run(world)
    age(world)
    account.instead = {"GET": deed}
    run(world)
    assert states(world)["templat"] == "APPROVED"
    row = state_of_sync(world)
    assert (row.error, row.failures) == (error, 1)
    assert clock.now() < row.next_at <= clock.now() + timedelta(minutes=1)
    account.instead = {}
    run(world)
    assert (state_of_sync(world).error, state_of_sync(world).failures) == ("", 0)


def test_a_refusal_waits_for_a_person_with_its_reason(world: World, account: Account) -> None:
    error = {"message": "Invalid parameter", "code": 100, "error_user_msg": "Kategori tidak sesuai."}
    account.instead = {"POST": Answer(400, json.dumps({"error": error}).encode())}
    run(world)
    row = Template.objects.get(office=world.office, name=OURS[0])
    assert (row.state, row.reason) == ("draft", "Kategori tidak sesuai.")
    run(world)
    assert account.calls.count("POST") == len(OURS)
    account.instead = {}
    actions.hand_in_again(template=row, by=world.place("operator"), now=clock.now())
    assert sync(line_id=world.line.pk, gateways=GATEWAYS)
    assert states(world) == {OURS[0]: "PENDING", OURS[1]: "draft"}
    with pytest.raises(TemplateBusyError):
        actions.hand_in_again(template=row, by=world.place("admin"), now=clock.now())


def test_a_lost_answer_is_settled_by_the_next_list(world: World, account: Account) -> None:
    account.instead = {"POST": Close()}
    run(world)
    assert states(world) == dict.fromkeys(OURS, "draft")
    assert state_of_sync(world).error == "uncertain"
    account.instead = {}
    account.row(OURS[0], "APPROVED")
    run(world)
    assert states(world) == {OURS[0]: "APPROVED", OURS[1]: "PENDING"}
    assert account.calls.count("POST") == 2


def test_a_new_one_is_kept_handed_in_and_deleted(world: World, account: Account) -> None:
    run(world)
    admin = world.place("admin")
    made = actions.create(line=world.line, draft=DRAFT, by=admin, now=clock.now())
    assert sync(line_id=world.line.pk, gateways=GATEWAYS)
    assert states(world)["info_loket"] == "PENDING"
    with pytest.raises(BadTemplateError):
        actions.create(line=world.line, draft=DRAFT, by=admin, now=clock.now())
    actions.delete(template=made, by=admin, now=clock.now())
    assert states(world)["info_loket"] == "PENDING_DELETION"
    assert sync(line_id=world.line.pk, gateways=GATEWAYS)
    assert states(world)["info_loket"] == "DELETED"
    assert [row["name"] for row in account.rows] == OURS
    with pytest.raises(TemplateBusyError):
        actions.delete(template=made, by=admin, now=clock.now())


def test_only_admin_and_operator_may(world: World) -> None:
    run(world)
    row = Template.objects.get(office=world.office, name=OURS[0])
    for name in ("kesra", "camat"):
        place = world.place(name)
        for attempt in (
            lambda place=place: actions.ask_sync(line=world.line, by=place, now=clock.now()),
            lambda place=place: actions.create(line=world.line, draft=DRAFT, by=place, now=clock.now()),
            lambda place=place: actions.delete(template=row, by=place, now=clock.now()),
            lambda place=place: actions.hand_in_again(template=row, by=place, now=clock.now()),
        ):
            with pytest.raises(NotAllowedError):
                attempt()


def test_every_line_is_looked_after(world: World) -> None:
    TemplateSync.objects.filter(office=world.office).delete()
    line_of(world.office, world.app, now=world.now, phone_number_id="2")
    actions.look_after(now=clock.now())
    actions.look_after(now=clock.now())
    assert len(actions.due(clock.now())) == 2


def test_pages_of_the_list_follow_each_other(world: World) -> None:
    for number in range(queries.PAGE + 3):
        Template.objects.create(
            office=world.office, line=world.line, name=f"t{number:03}", language="id", category="UTILITY",
            created_at=world.now, changed_at=world.now,
        )  # fmt: skip
    first = queries.page(world.office)
    second = queries.page(world.office, after=first.cursor)
    assert [row.name for row in (*first.rows, *second.rows)] == [f"t{n:03}" for n in range(queries.PAGE + 3)]
    assert (second.cursor, len(queries.page(world.office, after="x~y").rows)) == ("", queries.PAGE)
