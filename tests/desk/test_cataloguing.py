"""Who hears of a version that waits, that came back, and of services that nobody has looked at for long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pelita.base.errors import NotAllowedError, TakenError
from pelita.catalog import actions, queries, rules
from pelita.catalog.models import ServiceVersion
from pelita.desk.actions import cataloguing
from pelita.desk.models import Notice
from pelita.journal.models import Fact
from tests.catalog.conftest import Shelf, full, shelf  # noqa: F401  # fixtures


def told(shelf: Shelf, username: str) -> list[tuple[str, dict[str, object]]]:  # noqa: F811
    rows = Notice.objects.filter(office=shelf.office, officer__username=username).order_by("id")
    return list(rows.values_list("verb", "data"))


def test_the_head_hears_what_waits_and_the_writer_what_came_back(shelf: Shelf) -> None:  # noqa: F811
    version, admin, head = shelf.draft(), shelf.place("admin"), shelf.place("pmd")
    cataloguing.submit(version=version, seen=0, by=admin, now=shelf.now)
    said = {"service": "SKU", "name": "Keterangan usaha"}
    assert told(shelf, "pmd") == [("service.submitted", said)]
    cataloguing.send_back(version=version, reason="Tambah biaya.", seen=1, by=head, now=shelf.now)
    assert told(shelf, "admin") == [("service.returned", said)]
    # Whoever does both oneself is told nothing.
    cataloguing.submit(version=version, seen=2, by=head, now=shelf.now)
    cataloguing.send_back(version=version, reason="Lupa biaya.", seen=3, by=head, now=shelf.now)
    assert [len(told(shelf, who)) for who in ("pmd", "admin", "kesra")] == [1, 1, 0]


def test_what_is_refused_tells_nobody(shelf: Shelf) -> None:  # noqa: F811
    version = shelf.draft()
    with pytest.raises(NotAllowedError):
        cataloguing.submit(version=version, seen=0, by=shelf.place("kesra"), now=shelf.now)
    with pytest.raises(TakenError):
        cataloguing.submit(version=version, seen=9, by=shelf.place("admin"), now=shelf.now)
    assert not Notice.objects.filter(office=shelf.office).exists()


def test_heads_are_reminded_once_a_month_of_what_is_old(full: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    office, later = full.office, full.now + rules.REVIEW_AFTER + timedelta(days=1)
    monkeypatch.setattr(cataloguing, "_told", {})
    assert cataloguing.remind_of_reviews(now=full.now) == 0
    assert not queries.to_review(office, full.now.date()).exists()
    monkeypatch.setattr(cataloguing, "_told", {})
    kesra = queries.published(office).filter(service__section=full.section("KESRA"))
    heads = cataloguing.remind_of_reviews(now=later)
    assert told(full, "kesra") == [("service.review", {"n": kesra.count()})]
    assert heads == Notice.objects.filter(office=office, verb="service.review").count() >= 5
    # Another process of the same month tells nobody again.
    monkeypatch.setattr(cataloguing, "_told", {})
    assert cataloguing.remind_of_reviews(now=later + timedelta(hours=1)) == 0
    page = queries.service_page(office, old=later.date())
    assert len(page.rows) == queries.PAGE
    assert not queries.service_page(office, old=full.now.date()).rows


def test_a_head_says_that_it_still_holds(full: Shelf) -> None:  # noqa: F811
    later = full.now + rules.REVIEW_AFTER + timedelta(days=1)
    version = queries.published_of(full.office, full.service("SKTM").pk)
    assert version is not None
    assert rules.is_old(version, later.date())
    with pytest.raises(NotAllowedError):
        actions.confirm(version=version, seen=version.revision, by=full.place("admin"), now=later)
    actions.confirm(version=version, seen=version.revision, by=full.place("kesra"), now=later)
    kept = ServiceVersion.objects.get(office=full.office, pk=version.pk)
    assert (kept.checked_on, rules.is_old(kept, later.date())) == (later.date(), False)
    assert Fact.objects.filter(office=full.office, verb="service.confirmed").count() == 1
    with pytest.raises(TakenError):
        actions.confirm(version=version, seen=version.revision, by=full.place("kesra"), now=later)
