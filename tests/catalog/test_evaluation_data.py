"""The packaged sentences that the understanding is judged by: their shape, and that no kind of language is missing."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from importlib import resources

import pytest

PARTS = ("development", "test")
KINDS = {
    "formal": 100, "colloquial": 100, "abbreviations": 80, "ngoko": 80, "krama": 70, "typos": 80, "two_topics": 50,
    "no_topic": 70, "greeting": 30, "abuse": 30, "other_office": 40,
}  # fmt: skip
SECTIONS = {"PELAYANAN", "PEMERINTAHAN", "TRANTIB", "PMD", "KESRA", "SEKRETARIAT"}
WITHOUT_SECTION = {"greeting", "abuse", "no_topic"}


def _read(name: str) -> str:
    return (resources.files("pelita.catalog") / "data" / name).read_text(encoding="utf-8")


def _rows(part: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_read(f"evaluation/{part}.csv").splitlines()))


def _all() -> list[dict[str, str]]:
    return [row for part in PARTS for row in _rows(part)]


@pytest.mark.parametrize("part", PARTS)
def test_every_row_says_what_is_right(part: str) -> None:
    codes = {one["code"] for one in json.loads(_read("services.json"))["services"]}
    for row in _rows(part):
        assert list(row) == ["text", "language", "services", "sections", "answer"]
        services, sections = row["services"].split(), row["sections"].split()
        assert row["text"] == row["text"].strip() != "", row
        assert row["language"] in KINDS, row
        assert sorted(set(services) & codes) == sorted(services), row
        assert sorted(set(sections) & SECTIONS) == sorted(sections), row
        assert row["answer"] in {"yes", "no"}, row
        assert services or row["answer"] == "no", row
        assert sections or (row["language"] in WITHOUT_SECTION and not services), row


def test_no_sentence_is_there_twice() -> None:
    said = Counter(re.sub(r"\W+", " ", row["text"].casefold()).strip() or row["text"] for row in _all())
    assert [text for text, times in said.items() if times > 1] == []


def test_no_sentence_names_a_number_of_a_person() -> None:
    assert [row["text"] for row in _all() if re.search(r"\d{6}", re.sub(r"[ .+-]", "", row["text"]))] == []


def test_every_service_and_every_kind_of_language_occurs() -> None:
    rows = _all()
    codes = {one["code"] for one in json.loads(_read("services.json"))["services"]}
    services = Counter(code for row in rows for code in row["services"].split())
    kinds = Counter(row["language"] for row in rows)
    assert len(rows) >= 800
    assert {code: services[code] for code in codes if services[code] < 12} == {}
    assert {kind: kinds[kind] for kind, least in KINDS.items() if kinds[kind] < least} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_both_parts_hold_every_kind(kind: str) -> None:
    counts = [sum(row["language"] == kind for row in _rows(part)) for part in PARTS]
    assert abs(counts[0] * 3 - counts[1] * 4) <= 10, counts
