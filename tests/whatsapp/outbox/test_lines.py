"""Lines, applications and their secrets."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.base.crypto import SecretUnreadableError
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp.actions.lines import ensure_app, resume_line
from pelita.whatsapp.errors import BadLineError, NotAllowedError
from pelita.whatsapp.models import App, Bucket, Line
from tests.whatsapp.outbox.support import TOKEN, World, line_of

OTHER_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


def raw(table: str) -> str:
    """Every column of every row, as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} AS t")
        return " ".join(row[0] for row in cursor.fetchall())


def verbs(world: World) -> list[tuple[str, Any]]:
    facts = Fact.objects.filter(office=world.office, subject_type="line").order_by("id")
    return [(fact.verb, fact.data) for fact in facts]


def test_secrets_are_sealed_at_rest(world: World) -> None:
    stored = raw("whatsapp_line") + raw("whatsapp_app")
    assert world.line.phone_number_id in stored
    for secret in (TOKEN, "rahasia-aplikasi", "cocok"):
        assert secret not in stored
        assert base64.b64encode(secret.encode()).decode().rstrip("=") not in stored
    assert Line.objects.filter(office=world.office).get().token == TOKEN
    assert App.objects.get().app_secret == "rahasia-aplikasi"


def test_another_key_gives_a_clear_error(world: World, settings: Settings) -> None:
    world.text(now=clock.now())
    settings.FIELD_KEYS = [OTHER_KEY]
    with pytest.raises(SecretUnreadableError, match="PELITA_FIELD_KEYS"):
        world.drain()
    settings.FIELD_KEYS = []
    with pytest.raises(SecretUnreadableError, match="PELITA_FIELD_KEYS"):
        world.drain()
    assert world.states() == ["queued"]


def test_a_new_key_reads_the_old_secrets(world: World, settings: Settings) -> None:
    settings.FIELD_KEYS = [OTHER_KEY, *settings.FIELD_KEYS]
    assert Line.objects.filter(office=world.office).get().token == TOKEN


def test_again_changes_nothing(world: World) -> None:
    before = raw("whatsapp_line") + raw("whatsapp_app")
    again = line_of(world.office, world.app, now=world.now)
    app = ensure_app(app_id="app", name="Uji", app_secret="rahasia-aplikasi", verify_token="cocok")
    assert (again.pk, app.pk) == (world.line.pk, world.app.pk)
    assert raw("whatsapp_line") + raw("whatsapp_app") == before
    assert [verb for verb, _ in verbs(world)] == ["line.registered"]
    assert Bucket.objects.filter(office=world.office, line=again).count() == 1


def test_what_differs_is_updated_and_journalled_without_secrets(world: World) -> None:
    line = line_of(world.office, world.app, token="EAAG-baru", base_url="https://graph.facebook.com/", now=world.now)
    stored = Line.objects.filter(office=world.office).get()
    assert (line.pk, stored.token, stored.base_url) == (world.line.pk, "EAAG-baru", "https://graph.facebook.com")
    assert verbs(world)[-1] == ("line.changed", {"fields": ["base_url", "token"]})
    assert "EAAG" not in raw("journal_fact")
    app = ensure_app(app_id="app", name="Uji", app_secret="baru", verify_token="cocok")
    assert App.objects.get(pk=app.pk).app_secret == "baru"


@pytest.mark.parametrize(
    "changes", [{"token": " "}, {"base_url": "http://graph.facebook.com"}, {"base_url": "http://10.0.0.5:8001"}]
)
def test_bad_lines_are_refused(world: World, changes: dict[str, str]) -> None:
    before = raw("whatsapp_line")
    with pytest.raises(BadLineError):
        line_of(world.office, world.app, now=world.now, **changes)
    assert raw("whatsapp_line") == before


@pytest.mark.parametrize("secrets", [{"app_secret": ""}, {"verify_token": " "}])
def test_an_empty_secret_is_refused(world: World, secrets: dict[str, str]) -> None:
    values = {"app_id": "app2", "name": "Uji", "app_secret": "a", "verify_token": "b", **secrets}
    with pytest.raises(BadLineError):
        ensure_app(**values)
    assert not App.objects.filter(app_id="app2").exists()


def test_a_number_belongs_to_one_office(world: World) -> None:
    other = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    with pytest.raises(BadLineError, match="kantor lain"):
        line_of(other, world.app, token="dicuri", now=world.now)
    assert Line.objects.filter(office=world.office).get().token == TOKEN


def test_resume(world: World) -> None:
    world.set_line(state="stopped", stop_reason="permission")
    assert resume_line(line=world.line, by=world.place("admin"), now=world.now) is True
    world.line.refresh_from_db()
    assert (world.line.state, world.line.stop_reason) == ("active", "")
    assert verbs(world)[-1] == ("line.resumed", {})
    assert resume_line(line=world.line, by=world.place("admin"), now=world.now) is False


def test_who_may_resume(world: World) -> None:
    world.set_line(state="stopped")
    admin = world.place("admin")
    elsewhere = Office.objects.create(code="b", name="B", region_code="2", code_prefix="BBB", regency="R")
    for nobody in (
        type(admin)(admin.officer, elsewhere, admin.roles, admin.section_ids),
        type(admin)(admin.officer, admin.office, frozenset({"officer", "leader"}), frozenset()),
    ):
        with pytest.raises(NotAllowedError):
            resume_line(line=world.line, by=nobody, now=world.now)
    operator = type(admin)(admin.officer, admin.office, frozenset({"operator"}), frozenset())
    assert resume_line(line=world.line, by=operator, now=world.now) is True


@pytest.mark.parametrize(("reason", "state"), [("token_invalid", "active"), ("account_locked", "stopped")])
def test_another_token_cures_only_an_invalid_one(world: World, reason: str, state: str) -> None:
    world.set_line(state="stopped", stop_reason=reason)
    line_of(world.office, world.app, now=world.now)
    assert Line.objects.filter(office=world.office).get().state == "stopped", "the same token cures nothing"
    line_of(world.office, world.app, token="EAAG-baru", now=world.now)
    assert Line.objects.filter(office=world.office).get().state == state
