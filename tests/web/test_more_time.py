"""A section's wish for more time on the admin's desk."""

from __future__ import annotations

from datetime import timedelta

from pelita.base import clock
from pelita.desk.actions import more_time
from pelita.desk.models import TimeRequest
from tests.web.conftest import World


def test_the_admin_decides_beside_the_conversation(world: World) -> None:
    inquiry = world.at_section()
    admin, path = world.client("admin"), f"/meja/{inquiry.code}"
    assert "Seksi minta waktu" not in admin.get(path).content.decode()
    until = clock.now().replace(microsecond=0) + timedelta(days=9)
    wish = more_time.ask_time(inquiry=inquiry, until=until, by=world.place("kesra"), now=clock.now())
    page = admin.get(path).content.decode()
    assert "Siti Muthmainnah minta waktu sampai" in page
    # Whoever only looks on is not asked.
    assert "Seksi minta waktu" not in world.client("camat").get(path).content.decode()
    sent = {"seen": str(inquiry.version), "wish": str(wish.pk + 1), "granted": "1"}
    assert admin.post(f"{path}/waktu", sent).status_code == 409
    assert admin.post(f"{path}/waktu", {**sent, "wish": str(wish.pk)}).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.due_at == until
    assert TimeRequest.objects.get(office=world.office).granted
    page = admin.get(path).content.decode()
    assert "Seksi minta waktu" not in page
    assert "mengundur tenggat" in page
