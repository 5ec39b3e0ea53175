"""An office with its people and the sample catalogue, by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from pelita.catalog import queries
from pelita.catalog.actions import make
from pelita.catalog.models import Service, ServiceVersion
from pelita.catalog.rules import Content, Item
from pelita.catalog.seeding import seed_services
from pelita.offices.actions import seed_office
from pelita.offices.models import Office, Officer, Section
from pelita.offices.queries import place_of
from pelita.offices.rules import Place

WHOLE = Content(
    name="Surat keterangan usaha",
    short_name="Keterangan usaha",
    aliases=("sku", "surat usaha"),
    requirements=(Item("Fotokopi KTP-el"), Item("Foto tempat usaha", by_case=True)),
    steps=(Item("Serahkan berkas di loket"), Item("Ambil suratnya")),
    duration="1 hari kerja",
    cost="Gratis",
    product="Surat keterangan",
    complaints="Lewat WhatsApp ini",
    legal_basis="UU 25/2009",
    decided_by="Kecamatan",
    source="Standar pelayanan kantor",
)


@dataclass
class Shelf:
    """The office of these tests, with short ways to its people and services."""

    office: Office
    now: datetime

    def place(self, username: str) -> Place:
        return place_of(Officer.objects.select_related("office").get(username=username), now=self.now)

    def section(self, code: str) -> Section:
        return Section.objects.get(office=self.office, code=code)

    def service(self, code: str) -> Service:
        found = queries.by_code(self.office, code)
        assert found is not None
        return found

    def version(self, code: str, number: int = 1) -> ServiceVersion:
        found = queries.version(self.service(code), number)
        assert found is not None
        return found

    def draft(self, code: str = "SKU", changes: dict[str, Any] | None = None) -> ServiceVersion:
        """A new service of the section PMD, written by its own officer."""
        content = replace(WHOLE, **(changes or {}))
        return make(code=code, section=self.section("PMD"), content=content, by=self.place("pmd"), now=self.now)


@pytest.fixture
def shelf(db: None, moment: datetime) -> Shelf:
    return Shelf(seed_office(password="lampu-minyak-4821", now=moment), moment)


@pytest.fixture
def full(shelf: Shelf) -> Shelf:
    """With the sample catalogue, approved by the demonstration's officers."""
    seed_services(office=shelf.office, now=shelf.now, approved=True)
    return shelf
