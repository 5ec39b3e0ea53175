"""What `pelita doctor` says of what came in and was left."""

from __future__ import annotations

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
