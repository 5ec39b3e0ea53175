"""Status over a linked device: what may go out when, and that the fake is called as the real neonize wants it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from pelita.config.cli.main import main
from pelita.journal.models import Fact
from pelita.news import actions, actions_linked, publishing
from pelita.news.linked import process, state
from pelita.news.linked.gate import MOST, NeonizeGate
from pelita.news.models import Post, Publication, Way
from tests.news import fake_neonize
from tests.news.conftest import Newsroom

RECORD = json.loads((Path(__file__).parents[1] / "data" / "neonize-signatures.json").read_text("utf-8"))
FAKES: dict[str, Callable[..., Any]] = {
    "NewClient.__init__": fake_neonize.NewClient.__init__,
    **{f"NewClient.{one}": getattr(fake_neonize.NewClient, one) for one in
       ("connect", "disconnect", "logout", "send_image", "send_video", "revoke_message")},
    "ContactStore.get_all_contacts": fake_neonize.ContactStore.get_all_contacts,
    "Event.qr": fake_neonize.Event.qr,
    "Event.__call__": fake_neonize.Event.__call__,
    "build_jid": fake_neonize.build_jid,
}  # fmt: skip
INSTALLED = ["installed"] if find_spec("neonize") else []


def parameters(function: Callable[..., Any]) -> list[list[str]]:
    found = inspect.signature(function).parameters.values()
    return [[one.name, one.kind.name, "" if one.default is one.empty else repr(one.default)] for one in found]


def real(name: str) -> Callable[..., Any]:
    """The same of the package that is installed."""
    client, events, utils = (__import__(f"neonize.{one}", fromlist=["x"]) for one in ("client", "events", "utils"))
    owner, _, method = name.partition(".")
    found: Callable[..., Any] = (
        getattr(getattr(events if owner == "Event" else client, owner), method) if method else (utils.build_jid)
    )
    return found


@pytest.mark.parametrize("source", ["written", *INSTALLED])
def test_the_fake_is_called_as_the_real_one(source: str) -> None:
    assert set(FAKES) == set(RECORD["calls"])
    for name, fake in FAKES.items():
        wanted = RECORD["calls"][name] if source == "written" else parameters(real(name))
        assert parameters(fake) == wanted, name


def test_the_fields_that_are_read_are_there() -> None:
    assert "ID" in RECORD["fields"]["SendResponse"]
    assert {"MessageSource", "MessageIDs", "Type"} <= set(RECORD["fields"]["Receipt"])
    assert {"Chat", "Sender"} <= set(RECORD["fields"]["MessageSource"])
    assert "JID" in RECORD["fields"]["Device"]
    assert set(process.READ) <= set(RECORD["fields"]["ReceiptType"])


class Device:
    """The office's number, linked."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.client = fake_neonize.NewClient("uji.db")
        self.gate = NeonizeGate(self.client, fake_neonize.build_jid)

    def works(self, after: timedelta = timedelta()) -> int:
        return process.once(self.newsroom.office, self.gate, now=self.newsroom.now + after)

    def row(self, post: Post) -> Publication:
        return Publication.objects.get(office=self.newsroom.office, post=post, way=Way.LINKED)


@pytest.fixture
def device(newsroom: Newsroom, settings: Settings, tmp_path: Path) -> Device:
    settings.DATA = tmp_path
    return Device(newsroom)


MINUTE = timedelta(minutes=1)


def test_it_posts_counts_who_looked_puts_right_and_takes_back(device: Device, newsroom: Newsroom) -> None:
    post = newsroom.published(ways=("page", "linked"))
    assert publishing.run(now=newsroom.now) == 0, "the worker leaves it to the process"
    assert device.works() == 1
    (sent,) = device.client.sent
    assert (sent.kind, sent.to) == ("image", "status@broadcast")
    assert sent.data.startswith(b"\xff\xd8\xff")
    assert "Kerja bakti" in str(sent.caption)
    assert (device.row(post).state, device.row(post).proof["messages"]) == ("done", ["3EB01"])
    for who in ("62811", "62812", "62811"):
        device.gate.receipt(["3EB01"], who)
    device.works(MINUTE)
    assert device.row(post).proof["viewers"] == 2
    post = newsroom.fresh(post)
    content = newsroom.content(title="Kerja bakti Minggu", ways=("page", "linked"))
    actions.correct(post=post, content=content, note="Harinya.", seen=post.lock, by=newsroom.place("admin"),
                    now=newsroom.now)  # fmt: skip
    device.works(3 * MINUTE)
    assert device.client.revoked == [("status@broadcast", "6285155565667@s.whatsapp.net", "3EB01")]
    assert "Kerja bakti Minggu" in str(device.client.sent[-1].caption)
    assert device.row(post).revision == 1
    post = newsroom.fresh(post)
    actions.withdraw(post=post, reason="Batal.", seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    assert "hapus Statusnya di HP kantor" in device.row(post).error  # the process may be off
    device.works(6 * MINUTE)
    assert device.client.revoked[-1][2] == "3EB02"
    assert (device.row(post).state, device.row(post).error) == ("withdrawn", "")


def test_the_switch_stops_at_once(device: Device, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    post = newsroom.published(ways=("page", "linked"))
    actions_linked.switch(on=False, by=newsroom.place("admin"), now=newsroom.now)
    assert device.works() == 0
    actions_linked.switch(on=True, by=newsroom.place("admin"), now=newsroom.now)
    sends = device.client.send_image

    def stop_after_this(to: Any, file: Any, **more: Any) -> Any:
        state.switch(newsroom.office.code, on=False)
        return sends(to, file, **more)

    monkeypatch.setattr(device.client, "send_image", stop_after_this)
    assert device.works() == 1
    assert device.works(MINUTE) == 0
    assert len(device.client.sent) == 1
    assert device.row(post).state == "done"
    verbs = Fact.objects.filter(office=newsroom.office, verb__startswith="linked.").order_by("id")
    assert [one.verb for one in verbs] == ["linked.stopped", "linked.resumed"]


def test_posts_keep_apart(device: Device, newsroom: Newsroom) -> None:
    first, second = (newsroom.published(title=one, ways=("page", "linked")) for one in ("Satu", "Dua"))
    assert device.works() == 1
    assert device.works() == 1
    states = {device.row(one).state for one in (first, second)}
    assert states == {"done", "waiting"}
    assert len(device.client.sent) == 1
    device.works(3 * MINUTE)
    assert len(device.client.sent) == 2


def test_what_was_cut_off_is_looked_at_by_a_person(device: Device, newsroom: Newsroom) -> None:
    post = newsroom.published(ways=("page", "linked"))
    assert publishing._claimed(("linked",), newsroom.now) is not None  # and the process is killed
    device.works(publishing.STUCK)
    assert device.row(post).state == "failed"
    assert "Terputus" in device.row(post).error
    assert device.client.sent == []


def test_too_many_contacts_and_a_refusal_are_said(device: Device, newsroom: Newsroom) -> None:
    device.client.contact.people = MOST + 1
    post = newsroom.published(ways=("page", "linked"))
    device.works()
    assert "Kontak HP kantor lebih dari 1000" in device.row(post).error
    device.client.contact.people, device.client.refuses = 5, True
    other = newsroom.published(title="Lain", ways=("page", "linked"))
    device.works()
    assert device.row(other).state == "failed"
    assert "812" not in device.row(other).error


def test_a_standing_is_told_and_grows_old(device: Device, newsroom: Newsroom) -> None:
    assert not state.read("kemlagi").alive(newsroom.now)
    state.write("kemlagi", state.Standing(newsroom.now.isoformat(), qr="2@kode"))
    told = state.read("kemlagi")
    assert (told.qr, told.alive(newsroom.now), told.alive(newsroom.now + MINUTE)) == ("2@kode", True, False)
    assert (state.folder() / "kemlagi.json").stat().st_mode & 0o077 == 0


def test_nobody_starts_it_by_accident(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["linked", "--office", "kemlagi"]) == 1
    assert "diblokir selamanya" in capsys.readouterr().err
