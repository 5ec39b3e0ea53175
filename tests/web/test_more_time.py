"""A section's wish for more time: on its task, and on the admin's desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

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


def test_the_section_asks_on_its_task_and_may_ask_otherwise(world: World) -> None:
    inquiry = world.at_section()
    kesra, path = world.client("kesra"), f"/tugas/{inquiry.code}"
    page = kesra.get(path).content.decode()
    offered = re.findall(r'name="until" value="(\d+)"', page)
    assert len(offered) >= 2  # three before noon: who asks later is not offered today
    assert "2 hari kerja" in page
    sent = {"seen": str(inquiry.version), "until": offered[-1]}
    assert kesra.post(f"{path}/waktu", sent).status_code == 302
    asked = TimeRequest.objects.get(office=world.office)
    assert (int(asked.until.timestamp()), asked.asked_by.username) == (int(offered[-1]), "kesra")
    assert "Siti Muthmainnah minta waktu sampai" in kesra.get(path).content.decode()
    assert kesra.post(f"{path}/waktu", {**sent, "until": offered[0]}).status_code == 302
    assert int(TimeRequest.objects.get(office=world.office).until.timestamp()) == int(offered[0])


@pytest.mark.parametrize(("until", "words"), [("", "Pilih sampai kapan."), ("1", "tidak lebih lama dari tenggat")])
def test_what_gains_nothing_is_said_beside_the_choice(world: World, until: str, words: str) -> None:
    inquiry = world.at_section()
    kesra = world.client("kesra")
    answer = kesra.post(f"/tugas/{inquiry.code}/waktu", {"seen": str(inquiry.version), "until": until})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TimeRequest.objects.filter(office=world.office).exists()


def test_only_who_coordinates_asks(world: World) -> None:
    inquiry = world.at_section()
    sent = {"seen": str(inquiry.version), "until": "8000000000"}
    for who in ("pmd", "admin"):
        assert world.client(who).post(f"/tugas/{inquiry.code}/waktu", sent).status_code in {403, 404}
    assert not TimeRequest.objects.filter(office=world.office).exists()
