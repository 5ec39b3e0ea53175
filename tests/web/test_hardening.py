"""What the first attack on the running screens found, kept from coming back."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from pelita.offices.models import Officer
from tests.desk.conftest import build

PASSWORD = "lampu-minyak-4821"


@pytest.fixture
def client_of_office(db: None, moment: datetime) -> Client:
    build(moment)
    return Client()


def test_next_takes_paths_only(client_of_office: Client) -> None:
    answer = client_of_office.post("/masuk", {"username": "admin", "password": PASSWORD, "next": "foo"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/meja")
    assert client_of_office.get("/masuk?next=foo").status_code == 302


@pytest.mark.parametrize("charset", ["utf-7", "base64", "utf-16", "none-such"])
def test_odd_character_sets_are_refused(client_of_office: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client_of_office.generic("POST", "/masuk", b"username=+2AA-&password=x", content_type=kind)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/?mulai=%00", "/kantor/kemlagi/layanan?mulai=KTP%00", "/masuk?next=/meja%00"])
def test_addresses_with_a_nul_are_refused(client_of_office: Client, path: str) -> None:
    assert client_of_office.get(path).status_code == 400


def test_whoever_must_change_the_password_hears_nothing(client_of_office: Client) -> None:
    client_of_office.post("/masuk", {"username": "kesra", "password": PASSWORD})
    Officer.objects.filter(username="kesra").update(must_change_password=True)
    assert client_of_office.get("/meja/langsung").status_code == 403
