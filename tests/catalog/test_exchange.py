"""Services as files: out and in again is no change, and a wrong file changes nothing and says where it is wrong."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from pelita.base.errors import NotAllowedError, TakenError
from pelita.catalog import actions, exchange, importing, queries, workbook
from pelita.catalog.models import Requirement, Service, ServiceImport, ServiceVersion
from pelita.catalog.rules import Content, Item
from pelita.catalog.seeding import seed_definition
from tests.catalog.conftest import WHOLE, Shelf

ADMIN = "admin"


def as_json(*services: dict[str, Any]) -> bytes:
    return json.dumps({"services": list(services)}).encode()


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    made = Workbook()
    made.remove(made.active)  # type: ignore[arg-type]  # a new workbook has one sheet
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def planned(shelf: Shelf, raw: bytes, name: str = "a.json", who: str = ADMIN) -> importing.Plan:
    return importing.plan(importing.parse(raw, name), by=shelf.place(who))


def said(plan: importing.Plan) -> dict[str, str]:
    return {one.place: one.words for one in plan.problems}


def taken(shelf: Shelf, raw: bytes, name: str = "a.json", who: str = ADMIN) -> importing.Plan:
    place = shelf.place(who)
    row = importing.keep(importing.parse(raw, name), filename=name, by=place, now=shelf.now)
    plan = importing.plan(importing.wanted_of(row), by=place)
    return importing.take(row=row, digest=plan.digest, by=place, now=shelf.now)


def everything(shelf: Shelf) -> list[Any]:
    office = shelf.office
    return [
        list(ServiceVersion.objects.filter(office=office).order_by("id").values()),
        list(Service.objects.filter(office=office).order_by("id").values()),
        list(Requirement.objects.filter(office=office).order_by("id").values()),
    ]


# -- round trips ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.json", "a.xlsx"])
def test_out_and_in_again_is_no_change(full: Shelf, name: str) -> None:
    rows = importing.export(full.office)
    assert len(rows) == 33
    raw = workbook.write(rows)
    if name == "a.json":
        raw = json.dumps({"services": [exchange.to_plain(*row) for row in rows]}).encode()
    plan = planned(full, raw, name)
    assert (plan.problems, plan.outlooks, len(plan.same)) == ((), (), 33)
    # A head may hand in the whole file of the office as well, while nothing of others' differs in it.
    assert planned(full, raw, name, who="kesra").problems == ()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
ITEMS = st.lists(
    st.builds(Item, WORDS.filter(lambda text: bool(exchange.clean(text))), st.booleans(), WORDS), max_size=4
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS, min_size=6, max_size=6), items=ITEMS, here=st.booleans())
@example(texts=["=1+1", "+62", "@SUM(A1)", "-2", "'x", "0012"], items=[Item("=HYPERLINK(1)", True, "=A1")], here=True)
def test_any_content_survives_both_files(texts: list[str], items: list[Item], here: bool) -> None:
    content = replace(
        WHOLE, duration=texts[0], cost=texts[1], note=texts[2], remark=texts[3], source=texts[4], legal_basis=texts[5],
        requirements=tuple(items), requires_presence=here,
    )  # fmt: skip
    content = actions.checked(clean(content))
    for parsed in (
        exchange.from_json(as_json(exchange.to_plain("SKU", "PMD", content))),
        workbook.read(workbook.write([("SKU", "PMD", content)])),
    ):
        assert parsed.problems == []
        assert actions.checked(replace(importing.EMPTY, **parsed.wanted[0].values)) == content


def clean(content: Content) -> Content:
    """What a file can hold: signs that nobody sees are left out of it."""
    texts = {name: exchange.clean(getattr(content, name)) for name in queries.TEXTS}
    kept = tuple(
        replace(one, text=exchange.clean(one.text), note=exchange.clean(one.note)) for one in content.requirements
    )
    return replace(content, requirements=kept, **texts)  # type: ignore[arg-type]  # keys are fields of Content


def test_the_packaged_samples_are_such_a_file(shelf: Shelf) -> None:
    plan = taken(shelf, json.dumps(seed_definition()).encode())
    assert (len(plan.new), plan.problems) == (33, ())
    assert set(ServiceVersion.objects.filter(office=shelf.office).values_list("state", flat=True)) == {"draft"}
    version = shelf.version("KTP-HILANG")
    assert queries.content_of(version).complaints == seed_definition()["complaints"]


def test_formulas_are_texts_in_both_directions(shelf: Shelf) -> None:
    raw = workbook.write([("SKU", "PMD", replace(WHOLE, cost="=2+3"))])
    cells = [cell for row in load_workbook(io.BytesIO(raw))["Layanan"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=2+3"] == ["s"]
    formula = book({"Layanan": [["Kode", "Seksi", "Nama layanan", "Nama singkat", "Biaya"],
                                ["SKU", "PMD", "Surat usaha", "Usaha", "=CMD()"]]})  # fmt: skip
    assert planned(shelf, formula, "a.xlsx").new[0].content.cost == "=CMD()"
    several = book({"Layanan": [["Kode", "Seksi", "Nama layanan", "Nama singkat", "Biaya"],
                                ["SKU", "PMD", "Surat usaha", "Usaha", ArrayFormula("E2", "=A1:A2")]]})  # fmt: skip
    assert planned(shelf, several, "a.xlsx").new[0].content.cost == "=A1:A2"


# -- what it does --------------------------------------------------------------------------------------------------


def test_new_changed_and_unchanged_with_the_difference(full: Shelf) -> None:
    raw = as_json(
        {"code": "SKTM", "cost": "Rp 5.000"},
        {"code": "KIA"},
        {"code": "sku-baru", "section": "PMD", "name": "Surat usaha", "short_name": "Usaha"},
    )
    plan = planned(full, raw)
    assert [one.wanted.code for one in plan.new] == ["SKU-BARU"]
    assert [one.wanted.code for one in plan.changed] == ["SKTM"]
    assert plan.same == ("KIA",)
    change = plan.changed[0].changes
    assert [(one.label, one.lines[-1]) for one in change] == [("Biaya", ("+", "Rp 5.000"))]
    done = taken(full, raw)
    assert len(done.outlooks) == 2
    draft = full.version("SKTM", 2)
    assert (draft.state, draft.cost, draft.made_by) == ("draft", "Rp 5.000", full.place(ADMIN).officer)
    assert full.version("SKTM", 1).state == "published"
    # What the file did not speak of stayed.
    assert queries.content_of(draft).requirements == queries.content_of(full.version("SKTM", 1)).requirements


def test_a_draft_is_written_on(full: Shelf) -> None:
    taken(full, as_json({"code": "SKTM", "cost": "satu"}))
    taken(full, as_json({"code": "SKTM", "cost": "dua"}))
    assert (full.version("SKTM", 2).cost, queries.version(full.service("SKTM"), 3)) == ("dua", None)


def test_one_wrong_row_and_nothing_changes(full: Shelf) -> None:
    before = everything(full)
    raw = as_json({"code": "SKTM", "cost": "Rp 5.000"}, {"code": "KIA", "short_name": "x" * 61})
    plan = planned(full, raw)
    assert said(plan) == {"Layanan ke-2 (KIA), bagian short_name": "Kelebihan 1 huruf; paling panjang 60."}
    with pytest.raises(TakenError):
        taken(full, raw)
    assert everything(full) == before


def test_what_changed_since_the_look_is_not_written_over(full: Shelf) -> None:
    place = full.place(ADMIN)
    row = importing.keep(
        importing.parse(as_json({"code": "SKTM", "cost": "dari berkas"}), "a.json"),
        filename="a",
        by=place,
        now=full.now,
    )
    seen = importing.plan(importing.wanted_of(row), by=place).digest
    draft = actions.begin(service=full.service("SKTM"), by=full.place("kesra"), now=full.now)
    before = everything(full)
    with pytest.raises(TakenError):
        importing.take(row=row, digest=seen, by=place, now=full.now)
    assert everything(full) == before
    assert draft.cost != "dari berkas"
    again = importing.plan(importing.wanted_of(row), by=place)
    importing.take(row=row, digest=again.digest, by=place, now=full.now)
    with pytest.raises(TakenError):
        importing.take(row=row, digest=again.digest, by=place, now=full.now)


def test_what_waits_for_its_head_is_not_touched(full: Shelf) -> None:
    draft = actions.begin(service=full.service("SKTM"), by=full.place("kesra"), now=full.now)
    actions.submit(version=draft, seen=draft.revision, by=full.place("kesra"), now=full.now)
    assert "menunggu kepala seksi" in next(iter(said(planned(full, as_json({"code": "SKTM", "cost": "x"}))).values()))


# -- who -----------------------------------------------------------------------------------------------------------


def test_a_head_takes_in_the_own_sections_services_alone(full: Shelf) -> None:
    assert planned(full, as_json({"code": "SKTM", "cost": "x"}), who="kesra").problems == ()
    plan = planned(full, as_json({"code": "KTP-HILANG", "cost": "x"}), who="kesra")
    assert said(plan) == {"Layanan ke-1 (KTP-HILANG), kolom Seksi": "Bukan seksi Anda."}
    for who in ("pelayanan", "camat", "operator"):
        with pytest.raises(NotAllowedError):
            importing.keep(exchange.Parsed(), filename="a", by=full.place(who), now=full.now)
    place = full.place("kesra")
    row = importing.keep(exchange.Parsed(), filename="a", by=place, now=full.now)
    assert importing.kept(row.pk, by=place) == row
    assert importing.kept(row.pk, by=full.place(ADMIN)) is None
    assert ServiceImport.objects.filter(office=full.office).count() == 1


# -- wrong files ---------------------------------------------------------------------------------------------------

HEAD = ["Kode", "Seksi", "Nama layanan", "Nama singkat"]
ROW = ["SKU", "PMD", "Surat usaha", "Usaha"]


@pytest.mark.parametrize(
    ("sheets", "place", "words"),
    [
        ({"Lain": [HEAD, ROW]}, "Berkas", "Tidak ada lembar “Layanan”."),
        ({"Layanan": [["Nama layanan"], ["x"]]}, "Lembar Layanan, baris 1", "Kolom “Kode” tidak ada."),
        ({"Layanan": [[*HEAD, "Warna"], ROW]}, "Lembar Layanan, baris 1, kolom Warna", "Kolom ini tidak dikenal."),
        ({"Layanan": [[*HEAD, "Kode"], ROW]}, "Lembar Layanan, baris 1, kolom Kode", "Kolom ini ada dua kali."),
        ({"Layanan": [HEAD, ROW, [], ROW]}, "Lembar Layanan, baris 4", "Kode SKU tertulis dua kali."),
        ({"Layanan": [HEAD, ["SKU", "PMD", "Surat usaha", ""]]}, "Lembar Layanan, baris 2, kolom Nama singkat",
         "Belum diisi."),
        ({"Layanan": [[*HEAD, "Harus datang sendiri"], [*ROW, "mungkin"]]},
         "Lembar Layanan, baris 2, kolom Harus datang sendiri", "Isi ya atau tidak."),
        ({"Layanan": [HEAD, ROW], "Syarat": [["Kode", "Butir"], ["SKU", "KTP"], ["SKU", "x" * 301]]},
         "Lembar Syarat, baris 3, kolom Butir", "Butir dan keterangannya paling panjang 300 huruf."),
        ({"Layanan": [HEAD, ROW], "Langkah": [["Kode", "Butir"], ["LAIN", "Datang"]]},
         "Lembar Langkah, baris 2, kolom Kode", "Layanan LAIN tidak ada di lembar Layanan."),
        ({"Layanan": [HEAD, ["KODE SALAH", *ROW[1:]]]}, "Lembar Layanan, baris 2, kolom Kode",
         "Kode terdiri dari huruf dan angka dengan tanda hubung, misalnya KTP-HILANG."),
        ({"Layanan": [HEAD, ["SKU", "TIDAKADA", *ROW[2:]]]}, "Lembar Layanan, baris 2, kolom Seksi",
         "Isi kode seksi yang ada: KESRA, PELAYANAN, PEMERINTAHAN, PMD, SEKRETARIAT, TRANTIB."),
    ],
    ids=[
        "no-sheet", "no-code", "unknown-column", "double-column", "double-code", "empty-name", "yes-or-no", "long-item",
        "orphan-item", "bad-code", "no-section",
    ],
)  # fmt: skip
def test_each_problem_is_named_by_row_and_column(shelf: Shelf, sheets: Any, place: str, words: str) -> None:
    assert said(planned(shelf, book(sheets), "a.xlsx")) == {place: words}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"{", "Berkas"), (b"[1]", "Layanan ke-1"), (b'{"services": 3}', "Berkas"), (b"[" * 100_000, "Berkas"),
        (as_json({"code": "SKU", "cost": 3}), "Layanan ke-1 (SKU), bagian cost"),
        (as_json({"code": "SKU", "warna": "x"}), "Layanan ke-1 (SKU), bagian warna"),
        (as_json({"code": "SKU", "steps": [{"teks": "x"}]}), "Layanan ke-1 (SKU), bagian steps butir 1"),
        (as_json({"code": "SKU", "steps": ["x"] * 31}), "Layanan ke-1 (SKU), bagian steps"),
        (as_json(), "Berkas"),
    ],
    ids=["cut", "number", "no-list", "deep", "not-a-text", "unknown", "no-item", "many", "none"],
)  # fmt: skip
def test_json_is_held_to_the_same(shelf: Shelf, raw: bytes, place: str) -> None:
    assert place in said(planned(shelf, raw))


def test_files_that_are_too_large_are_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (workbook.MAX_UNPACKED + 1))
    assert len(bomb.getvalue()) < 100_000
    assert workbook.read(bomb.getvalue()).problems
    assert importing.parse(b"x" * (exchange.MAX_FILE + 1), "a.json").problems
    rows = [["Kode"]] + [[f"K{number}"] for number in range(workbook.MAX_ROWS + 1)]
    assert any("baris" in one.words for one in workbook.read(book({"Layanan": rows})).problems)


GOOD = workbook.write([("SKU", "PMD", WHOLE), ("SKU-2", "PMD", WHOLE)])
CELL = '<c t="s"><v>0</v></c>'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def shared(text: str, rows: int) -> bytes:
    """A small file all of whose cells share one text, as spreadsheets store it."""
    cells = f"<row>{CELL * workbook.MAX_COLUMNS}</row>" * rows
    sheet = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{cells}</sheetData></worksheet>'
    strings = f'<sst xmlns="{SPREADSHEET}"><si><t>{text}</t></si></sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book({"Layanan": [["Kode"]]}))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = sheet.encode() if name == "xl/worksheets/sheet1.xml" else old.read(name)
            part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            new.writestr(name, content.replace(b"</Types>", part.encode()))
        new.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "rows", "said"),
    [("a" * 1_000_000, 300, "Satu sel terlalu panjang."), ("a" * 19_000, 300, "Isi lembar ini terlalu panjang.")],
    ids=["long", "many"],
)
def test_one_text_in_many_cells_is_not_read_again_and_again(
    text: str, rows: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(one: str) -> str:
        read.append(len(one))
        return exchange.clean(one)

    monkeypatch.setattr(workbook, "clean", counted)
    raw = shared(text, rows)
    assert len(raw) < 20_000
    assert said in [one.words for one in workbook.read(raw).problems]
    assert sum(read) <= workbook.MAX_LETTERS


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_workbook_defines_no_words_of_its_own(code: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/a.xml", f'<!DOCTYPE a [<!ENTITY e "{"a" * 1000}">]><a>{"&e;" * 50}</a>'.encode(code))
    assert [one.place for one in workbook.read(out.getvalue()).problems] == ["Berkas"]


def test_more_services_than_may_be_are_not_looked_at() -> None:
    many = exchange.from_json(as_json(*({"code": "A"} for _ in range(exchange.MAX_SERVICES + 1))))
    assert (len(many.problems), many.wanted) == (1, [])


@settings(deadline=None, max_examples=80)
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), st.sampled_from(("a.json", "a.xlsx", ""))
)
@example(b"PK\x03\x04", "a.xlsx")
@example(book({"Layanan": []}), "a.xlsx")
@example(b'{"services": [{"code": "\\ud800", "name": "\\u0000"}]}', "a.json")
def test_rubbish_is_a_problem_and_never_an_error(raw: bytes, name: str) -> None:
    assert importing.parse(raw, name).problems


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_broken_byte_is_never_an_error(at: int, byte: int) -> None:
    broken = bytearray(GOOD)
    broken[at] = byte
    parsed = importing.parse(bytes(broken), "a.xlsx")
    assert parsed.problems or parsed.wanted


def test_a_look_costs_the_same_for_any_file(full: Shelf) -> None:
    def cost(raw: bytes) -> int:
        parsed = importing.parse(raw, "a.json")
        place = full.place(ADMIN)
        with CaptureQueriesContext(connection) as found:
            importing.plan(parsed, by=place)
        return len(found)

    many = as_json(*({"code": row[0], "cost": "lain"} for row in importing.export(full.office)))
    assert cost(as_json({"code": "SKTM", "cost": "x"})) == cost(many) == 5
