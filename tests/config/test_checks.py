"""What `pelita doctor` says of what came in and was left."""

from __future__ import annotations

import pytest

from pelita.config.cli import vault
from pelita.config.cli.checks import push
from pelita.config.cli.checks_lines import inbox
from pelita.whatsapp.models import App, Body
from tests.web.conftest import World, build


def left(world: World) -> None:
    world.left("kept")  # what is only kept needs nobody
    assert inbox().state == "ok"
    world.left()
    Body.objects.create(received_at=world.now, app=App.objects.get(), raw=b"?", state="quarantined", note="not JSON")


def test_dead_items_and_quarantined_bodies_are_a_warning(db: None) -> None:
    left(build())
    found = inbox()
    assert found.state == "warning"
    assert "1 butir gagal diolah" in found.text
    assert "1 kiriman tidak terbaca" in found.text


@pytest.mark.parametrize(
    ("key", "state"), [("", "warning"), ("kunci", "problem"), (vault.token(), "ok")], ids=["none", "broken", "made"]
)
def test_the_key_for_officers_phones(monkeypatch: pytest.MonkeyPatch, key: str, state: str) -> None:
    monkeypatch.setenv("PELITA_PUSH_KEY", key)
    found = push()
    assert found.state == state
    assert not key or key not in found.text
