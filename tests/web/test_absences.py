"""Saying who is away, on the screen: one's own, and the others' by admin and leaders."""

from __future__ import annotations

from datetime import timedelta

from pelita.offices.models import Absence
from pelita.offices.rules import zone
from tests.web.conftest import World


def fields(world: World, who: str, substitute: str = "", days: int = 2) -> dict[str, str]:
    today = world.now.astimezone(zone(world.office)).date()
    return {
        "officer": str(world.place(who).officer.pk),
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=days)).isoformat(),
        "substitute": str(world.place(substitute).officer.pk) if substitute else "",
        "reason": "Diklat",
    }


def test_own_leave_gives_the_substitute_the_duties_at_once(world: World) -> None:
    inquiry = world.at_section("KESRA")
    browser, other = world.client("kesra"), world.client("pmd")
    assert other.get(f"/tugas/{inquiry.code}").status_code == 404
    assert browser.post("/tidak-di-kantor/catat", fields(world, "kesra", "pmd"))["Location"] == "/tidak-di-kantor"
    assert other.get(f"/tugas/{inquiry.code}").status_code == 200
    assert "Plh. Kepala seksi, Seksi Kesejahteraan Rakyat" in other.get("/saya").content.decode()
    assert "Anda menggantikan Siti Muthmainnah" in other.get("/pemberitahuan").content.decode()
    page = browser.get("/tidak-di-kantor").content.decode()
    assert "digantikan Wahyu Nugroho · Diklat · sedang berlangsung" in page
    absence = Absence.objects.get(office=world.office)
    browser.post(f"/tidak-di-kantor/{absence.pk}/akhiri")
    assert other.get(f"/tugas/{inquiry.code}").status_code == 404


def test_a_section_officer_enters_nobody_else(world: World) -> None:
    page = world.client("kesra").post("/tidak-di-kantor/catat", fields(world, "pmd", "kesra"))
    assert page.status_code == 422
    assert not Absence.objects.filter(office=world.office).exists()
    assert (
        "Wahyu Nugroho" not in world.client("trantib").get("/tidak-di-kantor").content.decode().split("</select>")[-1]
    )


def test_the_admin_is_not_offered_the_leaders(world: World) -> None:
    who = world.client("admin").get("/tidak-di-kantor").content.decode().split("</select>")[0]
    assert "Wahyu Nugroho" in who
    assert "Bambang Hariyanto" not in who
    who = world.client("camat").get("/tidak-di-kantor").content.decode().split("</select>")[0]
    assert "Endang Lestari" in who


def test_what_is_wrong_stands_beside_its_field(world: World) -> None:
    sent = fields(world, "admin", "pmd", days=-1)
    page = world.client("admin").post("/tidak-di-kantor/catat", sent)
    assert page.status_code == 422
    assert "Hari terakhir tidak boleh sebelum hari pertama." in page.content.decode()


def test_only_a_substitute_is_said_to_have_been_told(world: World) -> None:
    alone = world.client("kesra").post("/tidak-di-kantor/catat", fields(world, "kesra"), follow=True)
    assert "Tersimpan. Pengganti sudah diberi tahu." not in alone.content.decode()
    covered = world.client("pmd").post("/tidak-di-kantor/catat", fields(world, "pmd", "trantib"), follow=True)
    assert "Tersimpan. Pengganti sudah diberi tahu." in covered.content.decode()
