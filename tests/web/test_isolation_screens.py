"""Every screen that there is, looked at by everybody who may not know: the addresses are those of the resolver."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import URLPattern
from pytest_django.fixtures import Settings

from pelita.desk.actions.reading import mark_seen
from pelita.desk.models import Citizen, Conversation, Entry, Inquiry
from pelita.desk.queries.files import seen_file
from tests.invariants.test_routes import OK, TABLE, WAY_ON, routes
from tests.web.conftest import World, build
from tests.web.marked import MARKED, QUESTION, Marked, marked, told
from tests.web.media import stored_photo
from tests.web.test_finding import index
from tests.web.test_isolation_doors import EVERY, looks

STREAM = "langsung"  # does not end; tests/web/test_live.py
TABS = tuple(
    f"{path}?tampilan={tab}"
    for path, tabs in (
        ("/meja", "disposisi seksi periksa terlambat warga otomatis selesai rahasia"),
        ("/tugas", "dijawab admin selesai"),
    )
    for tab in tabs.split()
)  # fmt: skip


def looked_at(*, of_one: bool) -> list[str]:
    """Addresses that answer to a plain look by the admin: those of one inquiry, or those without anything in them."""
    found: list[tuple[str, URLPattern]] = [(path, one) for path, one in routes() if one.name and one.name != STREAM]
    plain = [path for path, one in found if TABLE[one.name or ""][0][1] in {OK, WAY_ON}]
    if of_one:
        return [path for path in plain if "<code:code>" in path and path.count("<") == 1]
    return [path for path in plain if "<" not in path] + [*TABS]


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.DATA = tmp_path
    return build()


def everywhere(world: World, *, secret: bool) -> Marked:
    """In every list that there is: also in the register, with a blocked citizen."""
    shown = marked(world, secret=secret)
    Inquiry.objects.filter(office=world.office, pk=shown.inquiry.pk).update(
        register_number=1, register_year=world.now.year, due_at=world.now
    )
    Citizen.objects.filter(office=world.office, pk=shown.inquiry.citizen_id).update(blocked_at=world.now)
    return Marked(world.fresh(shown.inquiry))


def close(world: World, inquiry: Inquiry) -> None:
    """Long ago, so that what its citizen writes now is another matter."""
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(
        state="closed", holder="nobody", closed_at=world.now - timedelta(days=9)
    )


@EVERY
def test_no_screen_names_it(world: World, *, secret: bool, who: str) -> None:
    shown, browser = everywhere(world, secret=secret), world.client(who)
    leaking = {path: found for path in looked_at(of_one=False) if (found := shown.leaks(told(browser.get(path))))}
    assert leaking == {}
    for path in looked_at(of_one=True):
        answer = browser.get(path.replace("<code:code>", shown.inquiry.code))
        assert answer.status_code == 404, path
        assert shown.leaks(told(answer), asked=path.replace("<code:code>", shown.inquiry.code)) == [], path


def test_the_lists_really_hold_it_for_those_who_may_know(world: World) -> None:
    shown, camat = everywhere(world, secret=True), world.client("camat")
    holding = {path for path in looked_at(of_one=False) if shown.inquiry.code in told(camat.get(path))}
    assert {"/meja", "/meja/diblokir", "/register", "/rujukan", "/pemberitahuan", "/meja?tampilan=rahasia"} <= holding
    assert len(looked_at(of_one=True)) >= 10


def test_a_file_of_another_matter_in_the_same_conversation_is_not_the_sections(world: World) -> None:
    first = world.at_section("KESRA", "sktm", who="ID.tanda", name="Rahayu")
    close(world, first)
    other = world.asks(QUESTION, who="ID.tanda", name="Rahayu", type="image", media=stored_photo(world))
    assert (other.pk != first.pk, other.conversation_id) == (True, first.conversation_id)
    media = other.message.media_id or 0
    assert seen_file(world.place("admin"), media) is not None
    assert seen_file(world.place("kesra"), media) is None
    assert world.client("kesra").get(f"/berkas/{media}").status_code == 404


def test_a_loose_message_beside_a_secret_matter_leads_to_no_inquiry_and_no_section(world: World) -> None:
    """What belongs to no inquiry is the admin's to find; it stands under the newest that the officer may see."""
    shown = marked(world, secret=True)
    loose = world.asks(f"{MARKED}lepas", who="ID.tanda", name="Rahayu")
    Entry.objects.filter(office=world.office, inbound=loose.question).update(inquiry=None)
    index()
    assert 'class="found"' not in looks(world, "kesra", f"{MARKED}lepas")
    assert shown.inquiry.code not in looks(world, "admin", f"{MARKED}lepas")


def test_the_admins_look_reads_nothing_of_a_secret_one(world: World) -> None:
    shown = marked(world, secret=True)
    close(world, shown.inquiry)
    other = world.asks("sktm", who="ID.tanda", name="Rahayu")
    Inquiry.objects.filter(office=world.office, pk=shown.inquiry.pk).update(unread=2, state="reopened", holder="admin")
    Conversation.objects.filter(office=world.office, pk=other.conversation_id).update(unread=1)
    assert mark_seen(inquiry=other, by=world.place("admin"), now=world.now)
    assert world.fresh(shown.inquiry).unread == 2
