"""Signing in: polite refusals, the lock, safe ways on, sessions that end."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from pelita.offices.models import Officer
from tests.web.conftest import PASSWORD, World

LOGIN = {"username": "admin", "password": PASSWORD}


def test_each_person_lands_where_the_work_is(world: World) -> None:
    for username, place in [
        ("admin", "/meja"),
        ("camat", "/meja"),
        ("kesra", "/tugas"),
        ("operator", "/nomor"),
    ]:
        response = Client().post("/masuk", {"username": username, "password": PASSWORD})
        assert response.status_code == 302
        assert response["Location"] == place


def test_name_is_taken_in_any_spelling(world: World) -> None:
    response = Client().post("/masuk", {"username": "  Admin ", "password": PASSWORD})
    assert response.status_code == 302


def test_wrong_password_says_so_and_tells_nothing_else(world: World) -> None:
    for username in ("admin", "tidak-ada"):
        response = Client().post("/masuk", {"username": username, "password": "salah-salah-salah"})
        assert response.status_code == 422
        assert "Nama masuk atau kata sandi tidak cocok." in response.content.decode()
        assert "salah-salah-salah" not in response.content.decode()


def test_five_failures_lock_that_name_here_and_say_how_long(world: World) -> None:
    browser = Client()
    for _ in range(4):
        assert browser.post("/masuk", {**LOGIN, "password": "keliru-keliru"}).status_code == 422
    response = browser.post("/masuk", {**LOGIN, "password": "keliru-keliru"})
    assert response.status_code == 429
    assert settings.AXES_COOLOFF_TIME * 60 == 15
    assert "15 menit" in response.content.decode()
    assert browser.post("/masuk", LOGIN).status_code == 429
    # Another spelling is the same name; another name is not locked.
    assert browser.post("/masuk", {**LOGIN, "username": "ADMIN"}).status_code == 429
    assert browser.post("/masuk", {**LOGIN, "username": "kesra"}).status_code == 302


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/meja?tampilan=seksi", "/meja?tampilan=seksi"),
        ("https://jahat.example/", "/meja"),
        ("//jahat.example/", "/meja"),
        ("javascript:alert(1)", "/meja"),
    ],
)
def test_the_way_on_stays_in_the_house(world: World, wanted: str, lands: str) -> None:
    response = Client().post("/masuk", {**LOGIN, "next": wanted})
    assert response["Location"] == lands


def test_page_asked_for_before_signing_in_comes_afterwards(world: World) -> None:
    browser = Client()
    asked = browser.get("/meja?tampilan=periksa")
    assert asked["Location"] == "/masuk?next=/meja%3Ftampilan%3Dperiksa"
    form = browser.get(asked["Location"]).content.decode()
    assert 'name="next" value="/meja?tampilan=periksa"' in form


def test_script_is_sent_to_the_login_by_header(world: World) -> None:
    response = Client().get("/meja", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/masuk"


def test_signing_in_changes_the_session(world: World) -> None:
    browser = Client()
    browser.get("/masuk")
    session = browser.session
    session["before"] = "1"
    session.save()
    old = session.session_key
    browser.cookies["pelita"] = str(old)
    browser.post("/masuk", LOGIN)
    assert browser.session.session_key != old


def test_signing_out_needs_a_post_and_ends_the_session(world: World) -> None:
    browser = world.client("admin")
    assert browser.get("/keluar").status_code == 405
    assert browser.post("/keluar")["Location"] == "/masuk"
    assert browser.get("/meja").status_code == 302


def test_forms_without_their_token_are_refused_kindly(world: World) -> None:
    response = Client(enforce_csrf_checks=True).post("/masuk", LOGIN)
    assert response.status_code == 403
    assert "Pekerjaan Anda aman" in response.content.decode()


def test_private_pages_are_kept_nowhere_and_framed_nowhere(world: World) -> None:
    response = world.client("admin").get("/meja")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_english_browser_still_reads_indonesian(world: World) -> None:
    page = Client().get("/masuk", headers={"Accept-Language": "en-US,en"}).content.decode()
    assert '<html lang="id"' in page
    assert "Kata sandi" in page


def test_password_change_ends_other_sessions_and_keeps_this_one(world: World) -> None:
    here, elsewhere = world.client("kesra"), world.client("kesra")
    new = "sawah-terasering-77"
    response = here.post("/saya/kata-sandi", {"old": PASSWORD, "new": new, "again": new})
    assert response.status_code == 302
    assert here.get("/tugas").status_code == 200
    assert elsewhere.get("/tugas").status_code == 302
    assert Officer.objects.get(username="kesra").check_password(new)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "bukan-ini-sandinya"}, "Kata sandi yang sekarang tidak cocok."),
        ({"again": "lain-lagi-sandinya"}, "Kedua kata sandi baru tidak sama."),
        ({"new": "pendek", "again": "pendek"}, "10"),
    ],
)
def test_password_form_says_what_is_wrong(world: World, fields: dict[str, str], sentence: str) -> None:
    values = {"old": PASSWORD, "new": "sawah-terasering-77", "again": "sawah-terasering-77", **fields}
    response = world.client("kesra").post("/saya/kata-sandi", values)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Officer.objects.get(username="kesra").check_password(PASSWORD)


def test_first_password_must_be_changed_before_any_work(world: World) -> None:
    Officer.objects.filter(username="kesra").update(must_change_password=True)
    browser = world.client("kesra")
    assert browser.get("/tugas")["Location"] == "/saya"
    assert "Ganti kata sandi dulu" in browser.get("/saya").content.decode()
    new = "sawah-terasering-77"
    browser.post("/saya/kata-sandi", {"old": PASSWORD, "new": new, "again": new})
    assert browser.get("/tugas").status_code == 200


def test_closed_account_is_out_at_once(world: World) -> None:
    browser = world.client("kesra")
    Officer.objects.filter(username="kesra").update(is_active=False)
    assert browser.get("/tugas").status_code == 302
    assert Client().post("/masuk", {"username": "kesra", "password": PASSWORD}).status_code == 422
