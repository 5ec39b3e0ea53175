"""The sample office and catalogue as knowledge, straight from the files: no database, no Django.

For a command on a machine without data, for measurements, and for sentences whose right answers are known.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib import resources

from pelita.catalog.understanding import lexicon
from pelita.catalog.understanding.knowledge import Knowledge, KnownSection, KnownService

OFFICE = "kemlagi"


@cache
def sample() -> Knowledge:
    """The 33 services and the sections of the demonstration. Ids are places in the files, from 1."""
    loaded = json.loads(_office_file("kemlagi.json"))
    sections = {one["code"]: place for place, one in enumerate(loaded["sections"], 1)}
    services = json.loads(lexicon.data("services.json"))["services"]
    villages = list(csv.reader(_office_file("kemlagi-villages.csv").splitlines()))
    return Knowledge(
        services=tuple(
            KnownService(
                service=place,
                code=one["code"],
                section=sections[one["section"]],
                name=one["name"],
                short_name=one["short_name"],
                aliases=tuple(one["aliases"]),
                requirements=tuple(row["text"] for row in one["requirements"]),
            )
            for place, one in enumerate(services, 1)
        ),
        sections=tuple(
            KnownSection(sections[one["code"]], one["code"], tuple(one["topics"])) for one in loaded["sections"]
        ),
        villages=tuple(row[-1] for row in villages),
    )


def _office_file(name: str) -> str:
    return (resources.files("pelita.offices") / "data" / name).read_text(encoding="utf-8")
