"""One office with something of everything, built once for the tests of every address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from pytest_django.plugin import DjangoDbBlocker

from pelita.catalog.actions import make
from pelita.catalog.models import Example, ExampleFile, ServiceVersion
from pelita.catalog.rules import Content
from pelita.desk.actions.ready_replies import seed_replies
from pelita.desk.models import Inquiry
from pelita.offices.models import Duty, Officer
from pelita.whatsapp.models import Template
from tests.catalog.conftest import WHOLE
from tests.invariants.routes_public import told_to_all
from tests.web.alarmed import alarmed
from tests.web.conftest import BACKEND, World, build, stranger_office
from tests.web.media import stored_photo
from tests.web.posted import post
from tests.web.shelf import drafted, published

NAMES = {
    "admin": "admin",
    "own": "kesra",
    "other": "pmd",
    "leader": "camat",
    "operator": "operator",
    "stranger": "jetis",
    "idle": "nganggur",
}


@dataclass
class House:
    """What all these tests begin with."""

    world: World
    inquiry: Inquiry
    sessions: dict[str, str] = field(default_factory=dict)

    def people(self) -> dict[str, Client]:
        """Everybody, signed in and having done nothing yet."""
        found = {"nobody": Client()}
        for who, key in self.sessions.items():
            found[who] = Client()
            found[who].cookies[settings.SESSION_COOKIE_NAME] = key
        return found


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Built and signed in once, for two hundred tests that each go back to it."""
    place = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), override_settings(DATA=place), transaction.atomic():
        house = furnished()
        for who, username in NAMES.items():
            browser = Client()
            browser.force_login(Officer.objects.get(username=username), backend=BACKEND)
            house.sessions[who] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        yield house
        transaction.set_rollback(True)


@pytest.fixture
def house(standing: House, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield standing
        transaction.set_rollback(True)


def furnished() -> House:
    world = build()
    stranger_office(world.now)
    idle = Officer.objects.create(office=world.office, username="nganggur", full_name="Tanpa Tugas")
    gone = world.now.date() - timedelta(days=2)
    Duty.objects.create(office=world.office, officer=idle, role="admin", starts_on=gone, ends_on=gone)
    Template.objects.create(
        office=world.office, line=world.line, name="templat", language="id", category="UTILITY",
        created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    seed_replies(office=world.office, now=world.now)
    make(
        code="SKTM", section=world.section("KESRA"), content=Content("SKTM", "SKTM"), by=world.place("kesra"),
        now=world.now,
    )  # fmt: skip
    published(world, drafted(world, "SKU", WHOLE))
    alarmed(world)
    paper = ExampleFile.objects.create(
        office=world.office, sha256="0" * 64, kind="image/jpeg", content=b"x", made_at=world.now
    )
    for version in ServiceVersion.objects.filter(office=world.office):
        Example.objects.create(office=world.office, version=version, position=0, file=paper, name="contoh.jpg")
    told_to_all(world)
    post(world, photos=1)
    return House(world, world.at_section("KESRA", type="image", media=stored_photo(world)))
