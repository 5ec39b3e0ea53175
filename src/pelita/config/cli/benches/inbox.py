"""How long the desk's lists, threads and counts take at an office with a million messages."""

from __future__ import annotations

import argparse
import html
import importlib
import random
import re
from typing import TYPE_CHECKING

from pelita.config.cli.benches.reading import Kind, archive, measure, page

if TYPE_CHECKING:
    from django.test import Client

_MORE = re.compile(rb'href="(/meja\?[^"]*setelah=[^"]*)"')


def run(options: argparse.Namespace) -> dict[str, object]:
    """An archive of 1,000,000 messages times `--scale`, read for `--seconds`."""
    with archive(options) as made:
        inquiries = importlib.import_module("pelita.desk.models").Inquiry
        office = importlib.import_module("pelita.offices.models").Office.objects.get(code="kemlagi")
        rows = inquiries.objects.filter(office=office).order_by("id")
        # The first is one of many of the same citizen (archive.py), in a thread of a thousand messages.
        codes = list(rows.values_list("code", flat=True)[:: max(1, rows.count() // 2000)])
        held = list(rows.filter(state="dispositioned", section__code="KESRA").values_list("code", flat=True))
        return measure("inbox", _kinds(codes, held), options.seconds) | made


def _kinds(codes: list[str], held: list[str]) -> dict[str, Kind]:
    def at(path: str, who: str = "admin") -> Kind:
        return Kind(lambda _client, _chance: path, who)

    def of(pattern: str, some: list[str], who: str = "admin") -> Kind:
        return Kind(lambda _client, chance: pattern.format(chance.choice(some)), who)

    def following(client: Client, _chance: random.Random) -> str:
        first = _MORE.findall(page(client.get("/meja?tampilan=selesai&bagian=daftar")))
        return f"{html.unescape(first[0].decode())}&bagian=baris"

    return {
        "list": at("/meja"),
        "list_done": at("/meja?tampilan=selesai&bagian=daftar"),
        "list_done_next": Kind(following, "admin"),
        "list_late": at("/meja?tampilan=terlambat&bagian=daftar"),
        "thread": of("/meja/{}?bagian=kerja", codes),
        "desk_with_thread": of("/meja/{}", codes),
        "long_thread": at(f"/meja/{codes[0]}?bagian=kerja"),
        "counts": at("/menu?di=/meja"),
        "tasks": at("/tugas", "kesra"),
        "task": of("/tugas/{}", held, "kesra"),
        "leader_list": at("/meja", "camat"),
    }
