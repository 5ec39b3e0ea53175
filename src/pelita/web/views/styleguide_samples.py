"""Invented people and messages for /gaya, among them the awkward ones: long names, numbers as names, big counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pelita.web.ui import (
    Choice,
    Nav,
    NavItem,
    Option,
    QueueRow,
    Step,
    Tab,
    TaskCard,
    ViewTile,
)
from pelita.web.views import styleguide_messages

LONG_NAME = "Raden Ayu Sri Wahyuningtyas Kusumawardhani"
COLOURS = (
    ("leaf", "tindakan"),
    ("lamp", "giliran Anda"),
    ("late", "terlambat, gagal"),
    ("sky", "fokus, dibaca"),
    ("ink", "tulisan"),
    ("ink-2", "tulisan kedua"),
    ("ink-3", "keterangan"),
    ("leaf-soft", "dipilih"),
    ("lamp-soft", "pita giliran"),
    ("late-soft", "pita lewat"),
    ("rail", "menu"),
    ("line-2", "tepi"),
    ("line", "garis"),
    ("paper", "antrean"),
    ("surface", "lembar"),
    ("sunk", "cekung"),
    ("chat", "dinding"),
    ("bubble-out", "pesan keluar"),
    ("mask", "ditutup"),
)


def choices(theme: str) -> dict[str, Choice]:
    """The choices of both halves, with names of their own."""
    prefix = f"{theme}_"
    return {
        "due": Choice(
            f"{prefix}due",
            "Tenggat",
            [
                Option("2h", "2 jam"),
                Option("today", "Hari ini 13.00"),
                Option("tomorrow", "Besok"),
                Option("other", "Lain…"),
            ],
            ["today"],
            aside="janji ke warga: 15.00",
        ),
        "reason": Choice(
            f"{prefix}reason",
            "Alasan",
            [
                Option("more", "Kurang lengkap"),
                Option("words", "Bahasa dirapikan"),
                Option("data", "Perlu data lagi"),
                Option("wrong", "Bukan seksi ini", disabled=True),
            ],
            ["more"],
            multiple=True,
            hint="Petugas melihat alasan Anda. Warga tidak.",
        ),
        "proposals": Choice(
            f"{prefix}sections",
            "Usulan seksi",
            [
                Option("pelayanan", "Pelayanan", "kata ktp, ical", ["ktp", "ical"]),
                Option("kesra", "Kesra", "kata bansos", ["bansos"]),
            ],
            ["pelayanan"],
            multiple=True,
            aside="boleh lebih dari satu",
        ),
        "unanswered": Choice(
            f"{prefix}mode",
            "Cara menjawab",
            [Option("text", "Teks"), Option("template", "Templat")],
            errors=["Pilih salah satu."],
        ),
    }


def rows(now: datetime) -> list[QueueRow]:
    """The queue, most urgent first."""

    def ago(**parts: int) -> datetime:
        return now - timedelta(**parts)

    first = "Jalan depan balai dusun sudah sebulan rusak, belum ada yang lihat"
    wedding = "Badhe ngurus ijin rame2 mantenan tgl 30, syarate nopo mawon"
    lost = "nyuwun sewu ktp kulo ical wingi ten pasar kemlagi, ngurus e dospundi"
    aid = "mau tanya bansos bulan ini sudah cair belum ya pak"
    return [
        QueueRow(
            "#", "Kasmiati", first, "complaint", ago(days=1), "Betro", ago(days=1), 2, "PMD", "proposed", mine=True,
        ),
        QueueRow(
            "#", "Suwarni", wedding, "request", ago(minutes=48), "Pandankrajan", now + timedelta(hours=2), 3,
            "Trantibum", "proposed", mine=True,
        ),
        QueueRow(
            "#", "Sulastri", lost, "question", ago(hours=1, minutes=29), "Mojogebang",
            now + timedelta(hours=5, minutes=19), 0, "Pelayanan", "proposed", more_sections=1, mine=True, selected=True,
        ),
        QueueRow(
            "#", "0857-••••-1142", aid, "question", ago(minutes=6), "", now + timedelta(days=1, minutes=19), 1,
            "Kesra", "proposed", mine=True,
        ),
        QueueRow(
            "#", "Nur Hidayah", "SKTM kangge beasiswa anak kulo syarate nopo mawon", "question",
            ago(hours=23, minutes=20), "Watesprojo", now + timedelta(minutes=40), 0, "Kesra", "answered", mine=True,
        ),
        QueueRow(
            "#", LONG_NAME, "Usul lampu jalan di dusun kami", "aspiration", ago(seconds=20),
            "Mojowatesrejo", now + timedelta(days=3), 128, "Pemerintahan", "holding",
        ),
    ]  # fmt: skip


def tasks(now: datetime) -> list[TaskCard]:
    """A section's list."""
    late, soon = now - timedelta(hours=6), now + timedelta(minutes=48)
    return [
        TaskCard(
            "#", "KML-6T1B", "Bansos bulan Oktober dereng cair, tanggi kulo mpun sedanten", "Tukiman", late,
            "Mojodadi", "Cek data desa, jelaskan jadwal pencairan.",
        ),
        TaskCard(
            "#", "KML-7H2M", "SKTM kangge beasiswa anak kulo syarate nopo mawon nggih?", "Nur Hidayah", soon,
            "Watesprojo", "Sebutkan syarat dan berapa lama jadi.", draft=True,
        ),
        TaskCard(
            "#", "KML-5P9D", "Dispensasi nikah kurang 10 hari, diurus di kecamatan nggih?", LONG_NAME,
            now + timedelta(hours=5), "Betro", "Mohon tambahkan jam layanan.", returned=True,
        ),
    ]  # fmt: skip


def everything(now: datetime) -> dict[str, Any]:
    """Samples both halves share."""
    return {
        "colours": COLOURS,
        "long_name": LONG_NAME,
        "rows": rows(now),
        "tiles": [
            ViewTile("#", "Perlu disposisi", 5, lit=True, selected=True),
            ViewTile("#", "Menunggu seksi", 11),
            ViewTile("#", "Siap dikirim", 3, lit=True),
            ViewTile("#", "Terlambat", 4, late=True),
            ViewTile("#", "Menunggu warga", 128),
            ViewTile("#", "Selesai", 0, late=True, lit=True),
        ],
        "bubbles": styleguide_messages.bubbles() | styleguide_messages.preview(),
        "files": styleguide_messages.files(),
        "kinds": styleguide_messages.kinds() + styleguide_messages.asked(),
        "tasks": tasks(now),
        "tabs": [Tab("#", "Perlu dijawab", 4, current=True), Tab("#", "Di Admin", 2), Tab("#", "Selesai")],
        "steps": [
            Step("Masuk", "08.12", detail="dari Sulastri"),
            Step("Anda", "08.31", to="Trantibum", note="Instruksi: “cek surat kehilangan”"),
            Step("Trantibum", "09.05", to="Anda", note="Dikembalikan: “bukan tupoksi kami”"),
            Step("Di tangan Anda", "36 mnt", mine=True),
        ],
        "steps_elsewhere": [
            Step("Masuk", "08.12", detail=f"dari {LONG_NAME}"),
            Step("Di tangan Kesra", "2 jam", now=True, note="Tenggat besok 10.00"),
        ],
    }


def nav(theme: str) -> Nav:
    """The menu, named so that the page's two can be told apart."""
    items = [
        NavItem("#", "Meja", "inbox", current=True, lit=True),
        NavItem("#", "Katalog", "book-2"),
        NavItem("#", "Warga", "users", phone=False),
        NavItem("#", "Laporan", "chart-bar"),
        NavItem("#", "Saya", "user"),
    ]
    return Nav(
        items,
        home="#",
        lit=True,
        profile="#",
        profile_name="Eko Lestari",
        initials="EL",
        line_words="WA aktif",
        label=f"Menu {theme}",
    )
