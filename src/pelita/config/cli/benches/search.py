"""How long finding takes at an office with a million messages: words, names, numbers, codes, mistakes, narrowing."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from pelita.config.cli.benches.reading import Kind, archive, measure

if TYPE_CHECKING:
    from django.test import Client

FREQUENT = ("ktp", "syarat", "hilang", "kk", "tanah", "bantuan")
MIDDLE = ("beasiswa", "stunting", "musrenbang", "dispensasi", "pilkades", "magang", "aset")
PAIRS = ("ktp hilang", "syarat nikah", "jalan rusak", "bansos belum cair", "tanah waris", "kartu keluarga pindah")
WRONG = ("sertipikat", "beasiwa", "pernikaan", "kehilagan", "stuntng", "proposl")


def run(options: argparse.Namespace) -> dict[str, object]:
    """An archive of 1,000,000 messages times `--scale`, in which is looked for `--seconds`."""
    with archive(options) as made:
        models = importlib.import_module("pelita.desk.models")
        offices = importlib.import_module("pelita.offices.models")
        office = offices.Office.objects.get(code="kemlagi")
        rows = models.Inquiry.objects.filter(office=office).order_by("id")
        some = rows.select_related("citizen")[:: max(1, rows.count() // 500)]
        numbers = dict(
            models.Identity.objects.filter(office=office, kind="wa_id", citizen__in=[one.citizen_id for one in some])
            .values_list("citizen_id", "value")
        )  # fmt: skip
        village = offices.Village.objects.filter(office=office).order_by("id")[0].pk
        kinds = _kinds([(one.code, one.citizen.name, numbers[one.citizen_id]) for one in some], village)
        return measure("search", kinds, options.seconds) | made


def _asked(client: Client, words: str, **fields: object) -> str:
    """Post a question; returns the address of what it found."""
    response = client.post("/cari", {"words": words, **fields})
    return str(response.headers["Location"])


def _kinds(people: list[tuple[str, str, str]], village: int) -> dict[str, Kind]:
    def words(choices: tuple[str, ...], who: str = "admin", **fields: object) -> Kind:
        return Kind(lambda client, chance: _asked(client, chance.choice(choices), **fields), who)

    def person(say: Callable[[tuple[str, str, str]], str]) -> Kind:
        return Kind(lambda client, chance: _asked(client, say(chance.choice(people))), "admin")

    return {
        "frequent_word": words(FREQUENT),
        "middle_word": words(MIDDLE),
        "two_words": words(PAIRS),
        "wrong_word": words(WRONG),
        "name": person(lambda one: one[1]),
        "name_and_word": person(lambda one: f"{one[1].split()[0]} ktp"),
        "number": person(lambda one: "0" + one[2][2:]),
        "last_four": person(lambda one: one[2][-4:]),
        "code": person(lambda one: one[0]),
        "nothing": words(("zzyzx qwrt", "xylofon")),
        "section_word": words(FREQUENT, "kesra"),
        "narrowed_word": words(FREQUENT, village=village, kind="complaint"),
        "narrowed_only": words(("",), village=village, state="new"),
    }
