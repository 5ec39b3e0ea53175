"""Sets of rows in one statement do what Django does with one row after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from pelita.base import bulk
from pelita.desk.models import Citizen, Identity
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.whatsapp.models import App, Body, Item, Line, Outbound

NOW = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def office(db: None) -> Office:
    return Office.objects.create(code="a", name="A", regency="R", region_code="1", code_prefix="AAA")


@pytest.fixture
def line(office: Office) -> Line:
    app = App.objects.create(app_id="1", name="Uji", app_secret="rahasia", verify_token="v")
    made = Line(
        office=office, app=app, phone_number_id="1", business_account_id="1", display_phone="62", token="kunci"
    )  # fmt: skip
    bulk.insert([made])
    return made


def citizen(office: Office, name: str) -> Citizen:
    return Citizen(office=office, name=name, created_at=NOW)


def identity(office: Office, owner: Citizen, value: str) -> Identity:
    return Identity(office=office, citizen=owner, kind="wa_id", value=value, first_seen=NOW, last_seen=NOW)


def outbound(line: Line, text: str, **fields: Any) -> Outbound:
    return Outbound(
        office_id=line.office_id, line=line, thread=1, text=text, next_at=NOW, created_at=NOW, **fields
    )  # fmt: skip


def test_rows_come_back_as_they_went_in(office: Office, line: Line) -> None:
    """Every kind of column: text with everything in it, choices, numbers, documents, moments, keys, nothing."""
    texts = ["", "a'b\"c{,}\\\n\t", "Jawaban 🙏 «ñ»", "NULL", "{1,2}"]
    rows = [outbound(line, text, content={"n": [1, 2.5, None, {"ü": text}]}, sent_at=NOW) for text in texts]
    assert bulk.insert(rows) == rows
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    stored = list(Outbound.objects.filter(office=office).order_by("id"))
    names = [field.attname for field in Outbound._meta.concrete_fields]
    assert [[getattr(row, name) for name in names] for row in stored] == [
        [getattr(row, name) for name in names] for row in rows
    ]
    loaded = bulk.load(Outbound, "WHERE t.office_id = %s ORDER BY t.id", [office.pk])
    assert [[getattr(row, name) for name in names] for row in loaded] == [
        [getattr(row, name) for name in names] for row in rows
    ]
    assert not loaded[0]._state.adding
    assert loaded[0].line == line  # a loaded row leads on like any other


def test_secrets_are_sealed_on_their_way(line: Line) -> None:
    stored = bulk.run("SELECT token FROM whatsapp_line WHERE id = %s", [line.pk])[0][0]
    assert "kunci" not in stored
    assert Line.objects.get(office=line.office_id).token == "kunci"


def test_lists_and_empty_lists(office: Office) -> None:
    audiences = [[], [3, 1], [2**40]]
    facts = [
        Fact(office=office, at=NOW, verb="x", subject_type="x", subject_id=1, audience=one, data={})
        for one in audiences
    ]
    bulk.insert(facts)
    assert [fact.audience for fact in Fact.objects.filter(office=office).order_by("id")] == audiences


def test_documents_that_the_fast_writer_refuses(office: Office, line: Line) -> None:
    deep: Any = 10**30
    for _ in range(300):
        deep = [deep]
    body = Body.objects.create(received_at=NOW, app=line.app, raw=b"{}")
    bulk.insert(
        [Item(office=office, line=line, body=body, kind="update", field="x", key="k", payload=deep, next_at=NOW)]
    )
    assert Item.objects.get().payload == deep


def test_a_taken_place_is_left_out_and_the_others_go_in(office: Office) -> None:
    person = citizen(office, "Sulastri")
    bulk.insert([person])
    bulk.insert([identity(office, person, "1")])
    rows = [identity(office, person, value) for value in ("1", "2", "2", "3")]
    inserted = bulk.insert(rows, unless=("office", "kind", "value"))
    assert inserted == [rows[1], rows[3]]
    assert [row.pk is None for row in rows] == [True, False, True, False]
    with pytest.raises(IntegrityError):
        bulk.insert([identity(office, person, "1")])


def test_update_changes_only_who_is_still_as_he_was(office: Office) -> None:
    rows = [citizen(office, name) for name in ("a", "b", "c")]
    bulk.insert(rows)
    Citizen.objects.filter(office=office, pk=rows[1].pk).update(name="dari tempat lain")
    for row in rows:
        row.name, row.created_at = row.name.upper(), NOW + timedelta(days=1)
    assert bulk.update(rows, ["name"], was={"name": ["a", "b", "c"]}) == {rows[0].pk, rows[2].pk}
    stored = Citizen.objects.filter(office=office).order_by("id").values_list("name", "created_at")
    assert list(stored) == [("A", NOW), ("dari tempat lain", NOW), ("C", NOW)]


def test_update_reaches_no_other_office(office: Office) -> None:
    other = Office.objects.create(code="b", name="B", regency="R", region_code="2", code_prefix="BBB")
    row = citizen(office, "a")
    bulk.insert([row])
    row.office, row.name = other, "b"
    assert bulk.update([row], ["name"]) == set()
    assert Citizen.objects.get(office=office).name == "a"


def test_nothing_is_nothing() -> None:
    assert bulk.insert([]) == []
    assert bulk.update([], ["name"]) == set()


def test_new_is_what_calling_the_model_makes(office: Office) -> None:
    quick = bulk.new(Fact, office_id=office.pk, at=NOW, verb="x", subject_type="x", subject_id=1)
    slow = Fact(office_id=office.pk, at=NOW, verb="x", subject_type="x", subject_id=1)
    assert {k: v for k, v in vars(quick).items() if k != "_state"} == {
        k: v for k, v in vars(slow).items() if k != "_state"
    }
    assert quick.audience is not bulk.new(Fact).audience
    quick.save()
    assert Fact.objects.get(office=office).verb == "x"
