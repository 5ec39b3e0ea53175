"""A version's way from the first word to the citizen, and who may take each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.catalog import actions, queries, rules
from pelita.catalog.models import ServiceVersion, VersionState
from pelita.catalog.rules import Item, Move
from pelita.journal.models import Fact
from tests.catalog.conftest import WHOLE, Shelf


def published(shelf: Shelf, code: str = "SKU") -> ServiceVersion:
    version = shelf.draft(code)
    head = shelf.place("pmd")
    for step in (actions.submit, actions.approve, actions.publish):
        step(version=version, seen=version.revision, by=head, now=shelf.now)
    return version


def test_from_draft_to_citizen(shelf: Shelf) -> None:
    version = shelf.draft()
    assert not queries.reader(shelf.office).read("syarat sku").services
    admin, head = shelf.place("admin"), shelf.place("pmd")
    actions.submit(version=version, seen=0, by=admin, now=shelf.now)
    with pytest.raises(NotAllowedError):
        actions.approve(version=version, seen=1, by=admin, now=shelf.now)
    actions.approve(version=version, seen=1, by=head, now=shelf.now)
    assert not queries.offered(shelf.office)
    actions.publish(version=version, seen=2, by=admin, now=shelf.now)
    kept = shelf.version("SKU")
    assert (kept.state, kept.approved_by, kept.checked_on) == ("published", head.officer, shelf.now.date())
    assert [one.content.name for one in queries.offered(shelf.office)] == [WHOLE.name]
    verbs = (
        Fact.objects.filter(office=shelf.office, subject_type="service").order_by("id").values_list("verb", flat=True)
    )
    assert list(verbs) == ["service.made", "service.submitted", "service.approved", "service.published"]


def test_the_next_version_takes_the_place_of_the_last(shelf: Shelf) -> None:
    first = published(shelf)
    head = shelf.place("pmd")
    second = actions.begin(service=first.service, by=head, now=shelf.now)
    assert actions.begin(service=first.service, by=shelf.place("admin"), now=shelf.now) == second
    assert queries.content_of(second) == WHOLE
    changed = replace(WHOLE, name="Surat usaha mikro", cost="Rp 5.000")
    actions.change(version=second, content=changed, seen=0, by=head, now=shelf.now)
    shown = queries.published_of(shelf.office, first.service_id)
    assert shown is not None
    assert (shown.number, shown.cost, shelf.service("SKU").name) == (1, "Gratis", WHOLE.name)
    for step in (actions.submit, actions.approve, actions.publish):
        step(version=second, seen=second.revision, by=head, now=shelf.now)
    assert shelf.version("SKU", 1).state == VersionState.REPLACED
    assert shelf.service("SKU").name == "Surat usaha mikro"
    assert queries.content_of(shelf.version("SKU", 1)) == WHOLE
    assert [(change.label, change.lines) for change in rules.difference(WHOLE, changed)] == [
        ("Biaya", (("-", "Gratis"), ("+", "Rp 5.000"))),
        ("Nama", (("-", WHOLE.name), ("+", "Surat usaha mikro"))),
    ]


def test_a_withdrawn_service_is_nowhere_outside(shelf: Shelf) -> None:
    version = published(shelf)
    actions.withdraw(version=version, seen=version.revision, by=shelf.place("admin"), now=shelf.now)
    assert queries.published_of(shelf.office, version.service_id) is None
    assert not queries.offered(shelf.office)
    again = actions.begin(service=version.service, by=shelf.place("pmd"), now=shelf.now)
    assert (again.number, again.state) == (2, VersionState.DRAFT)


def test_what_a_head_published_is_no_sample(full: Shelf) -> None:
    head, service = full.place("kesra"), full.service("SKTM")
    version = actions.begin(service=service, by=head, now=full.now)
    for step in (actions.submit, actions.approve):
        step(version=version, seen=version.revision, by=head, now=full.now)
        assert full.service("SKTM").sample
    actions.publish(version=version, seen=2, by=head, now=full.now)
    assert not full.service("SKTM").sample


def test_given_back_with_a_reason(shelf: Shelf) -> None:
    version, head = shelf.draft(), shelf.place("pmd")
    actions.submit(version=version, seen=0, by=head, now=shelf.now)
    with pytest.raises(InvalidError, match="perlu diperbaiki"):
        actions.send_back(version=version, reason=" ", seen=1, by=head, now=shelf.now)
    actions.send_back(version=version, reason="Tambah NPWP", seen=1, by=head, now=shelf.now)
    kept = shelf.version("SKU")
    assert (kept.state, kept.reason, kept.approved_by) == (VersionState.DRAFT, "Tambah NPWP", None)


def test_two_who_write_at_once(shelf: Shelf) -> None:
    version = shelf.draft()
    longer = replace(WHOLE, requirements=(*WHOLE.requirements, Item("NPWP")))
    actions.change(version=version, content=longer, seen=0, by=shelf.place("pmd"), now=shelf.now)
    admin = shelf.place("admin")
    with pytest.raises(TakenError, match="baru saja diubah"):
        actions.change(version=version, content=WHOLE, seen=0, by=admin, now=shelf.now)
    with pytest.raises(TakenError, match="baru saja diubah"):
        actions.submit(version=version, seen=0, by=admin, now=shelf.now)
    assert len(queries.content_of(shelf.version("SKU")).requirements) == 3


@pytest.mark.parametrize(("who", "may"), [("pmd", True), ("admin", True), ("kesra", False), ("camat", False)])
def test_who_writes(shelf: Shelf, who: str, may: bool) -> None:
    version, place = shelf.draft(), shelf.place(who)
    if may:
        actions.change(version=version, content=WHOLE, seen=0, by=place, now=shelf.now)
        return
    steps: tuple[Callable[[], object], ...] = (
        lambda: actions.change(version=version, content=WHOLE, seen=0, by=place, now=shelf.now),
        lambda: actions.begin(service=version.service, by=place, now=shelf.now),
        lambda: actions.make(code="X1", section=shelf.section("PMD"), content=WHOLE, by=place, now=shelf.now),
        lambda: actions.submit(version=version, seen=0, by=place, now=shelf.now),
        lambda: actions.publish(version=version, seen=0, by=place, now=shelf.now),
        lambda: actions.appoint_liaison(service=version.service, officer=None, by=place, now=shelf.now),
    )
    for step in steps:
        with pytest.raises(NotAllowedError):
            step()


def test_every_move_from_every_state(shelf: Shelf) -> None:
    """Only what the table allows goes through; whoever may do everything tries all of it."""
    version, head = shelf.draft(), shelf.place("pmd")
    steps: dict[Move, Callable[..., None]] = {
        Move.SUBMIT: actions.submit, Move.APPROVE: actions.approve, Move.PUBLISH: actions.publish,
        Move.WITHDRAW: actions.withdraw, Move.DROP: actions.drop,
        Move.RETURN: lambda **given: actions.send_back(reason="x", **given),
    }  # fmt: skip
    assert set(steps) == set(rules.MOVES)
    marks = {"approved_by": head.officer, "approved_at": shelf.now, "published_at": shelf.now}
    for state, move in product(VersionState, Move):
        ServiceVersion.objects.filter(office=shelf.office, pk=version.pk).update(state=state, revision=0, **marks)
        allowed, after = rules.MOVES[move]
        if state in allowed:
            steps[move](version=version, seen=0, by=head, now=shelf.now)
            assert shelf.version("SKU").state == after
        else:
            with pytest.raises(TakenError):
                steps[move](version=version, seen=0, by=head, now=shelf.now)
            assert shelf.version("SKU").state == state


def test_the_database_holds_it_too(shelf: Shelf) -> None:
    version = published(shelf)
    second = actions.begin(service=version.service, by=shelf.place("pmd"), now=shelf.now)
    rows = ServiceVersion.objects.filter(office=shelf.office)
    marks = {"approved_by": shelf.place("pmd").officer, "approved_at": shelf.now, "published_at": shelf.now}
    for pk, values in (
        (second.pk, {"state": "published", **marks}),  # a second one
        (version.pk, {"state": "draft"}),  # a second open one
        (second.pk, {"state": "approved"}),  # by nobody
        (version.pk, {"published_at": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(pk=pk).update(**values)


def test_what_an_approval_needs(shelf: Shelf) -> None:
    version = shelf.draft(changes={"cost": " ", "legal_basis": "", "steps": ()})
    with pytest.raises(InvalidError, match="prosedur, Biaya, Dasar hukum"):
        actions.submit(version=version, seen=0, by=shelf.place("pmd"), now=shelf.now)
    assert rules.missing(WHOLE) == []
    assert len(rules.unfilled(WHOLE)) == 7
    long = replace(WHOLE, requirements=tuple(Item("x" * 290) for _ in range(13)))
    assert "lebih singkat" in rules.missing(long)[0]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Isi namanya"),
        ("short_name", "x" * 61, "Paling panjang 60"),
        ("cost", "x" * 2001, "Kelebihan 1"),
        ("aliases", ("x" * 61,), "sebutan"),
        ("requirements", tuple(Item(str(at)) for at in range(31)), "Paling banyak 30"),
        ("steps", (Item("a"), Item("x" * 301)), "Butir 2 paling panjang 300"),
    ],
)
def test_what_cannot_be_kept(shelf: Shelf, field: str, value: object, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence) as refused:
        shelf.draft(changes={field: value})
    assert refused.value.field == field


@pytest.mark.parametrize("code", ["", "a b", "KTP--X", "-KTP", "ABCDEFGHIJKL-ABCDEFGHIJKL-A", "SKU"])
def test_codes(shelf: Shelf, code: str) -> None:
    shelf.draft("SKU")
    with pytest.raises(InvalidError) as refused:
        shelf.draft(code)
    assert refused.value.field == "code"


def test_a_chat_gets_it_plain(shelf: Shelf) -> None:
    assert rules.chat_text(replace(WHOLE, requires_presence=True, note="Bawa map.")) == (
        "*Keterangan usaha*\n\nSyarat:\n1. Fotokopi KTP-el\n2. Foto tempat usaha (bila perlu)\n\n"
        "Biaya: Gratis\nWaktu: 1 hari kerja\nDiputuskan oleh: Kecamatan\nHarus datang sendiri.\nBawa map."
    )


def test_content_of_many_in_two_queries(full: Shelf) -> None:
    versions = list(queries.published(full.office))
    with CaptureQueriesContext(connection) as asked:
        found = queries.contents(versions)
    assert (len(found), len(asked)) == (33, 2)
