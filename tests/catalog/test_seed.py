"""The sample catalogue: whole, once, and unapproved in a real office."""

from __future__ import annotations

from pelita.catalog import queries, rules
from pelita.catalog.models import Service, ServiceVersion
from pelita.catalog.seeding import content_of, seed_definition, seed_services
from pelita.offices.models import Duty
from tests.catalog.conftest import Shelf


def test_the_demonstration_has_all_of_them_approved_by_their_heads(shelf: Shelf) -> None:
    assert seed_services(office=shelf.office, now=shelf.now, approved=True) == 33
    assert seed_services(office=shelf.office, now=shelf.now, approved=True) == 0
    assert Service.objects.filter(office=shelf.office, sample=True).count() == 33
    heads = {one.section_id: one.officer_id for one in Duty.objects.filter(office=shelf.office, role="head")}
    versions = list(queries.published(shelf.office).select_related("service"))
    assert len(versions) == 33
    for one in versions:
        assert one.approved_by_id == heads[one.service.section_id]
        assert (one.number, one.checked_on) == (1, shelf.now.date())
    for content in queries.contents(versions).values():
        assert rules.missing(content) == []


def test_a_real_office_gets_drafts_that_nobody_sees(shelf: Shelf) -> None:
    assert seed_services(office=shelf.office, now=shelf.now) == 33
    assert set(ServiceVersion.objects.filter(office=shelf.office).values_list("state", flat=True)) == {"draft"}
    assert not queries.reader(shelf.office).read("ktp hilang").services
    assert not queries.offered(shelf.office)


def test_a_section_without_a_head_approves_nothing(shelf: Shelf) -> None:
    Duty.objects.filter(office=shelf.office, role="head", section__code="PMD").delete()
    left_out = sum(row["section"] == "PMD" for row in seed_definition()["services"])
    assert seed_services(office=shelf.office, now=shelf.now, approved=True) == 33 - left_out


def test_traps_of_the_seed() -> None:
    """domain.md: no letters of RT and RW for KTP, KK and moving; the own words of each are there."""
    rows = seed_definition()["services"]
    for row in rows:
        content = content_of(row)
        assert len(content.short_name) <= 40
        if row["code"].split("-")[0] in {"KTP", "KK", "PINDAH"}:
            assert not any("pengantar rt" in one.text.casefold() for one in content.requirements)
            assert content.decided_by == "Dinas Kependudukan dan Pencatatan Sipil"
    assert [row["code"] for row in rows if not row["cost"].startswith("Gratis")] == ["PBG-INFO", "PPATS-AJB"]
    assert sum(row["origin"] == "local" for row in rows) == 2
