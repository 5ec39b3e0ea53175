"""The archive in which reading is measured: one office with years of messages among 99 small ones.

Made inside the database, set by set, with the product's own tables and the columns that its actions would leave. The
database's checks of foreign keys and its triggers are off meanwhile: what is made here is right by construction.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from pelita.base.language import tokens
from pelita.config.cli.benches.archive_sql import COUNTED, LINES, OTHERS, STATEMENTS, insert, sequence
from pelita.desk.actions.indexing import index_due
from pelita.offices.models import Office, Officer, Section, Village
from pelita.whatsapp.models import App, Line

MESSAGES, TALKS = 1_000_000, 200_000  # of the large office
OTHERS_MESSAGES = 200_000
SENTENCES = 30_000  # different ones
OPEN = 3000  # inquiries of the large office that are not closed
LONG = 250  # inquiries of one citizen: a thread of a thousand messages
REPLIES = 4000
TYPED_WRONG = 0.03  # of the words

_OPENINGS = (
    "assalamualaikum pak", "nyuwun sewu", "selamat pagi bu", "mau tanya", "pak camat mohon maaf", "min", "permisi",
    "badhe tanglet", "sugeng enjing", "tolong infonya", "halo", "kulo badhe tanglet",
)  # fmt: skip
_ASKS = (
    "syarat {0} nopo mawon nggih", "carane ngurus {0} pripun", "{0} saya hilang di {1}",
    "mau urus {0} anak saya di {1}",
    "{0} kapan jadinya", "sudah {2} minggu {0} belum selesai", "{0} dereng saged dipundhut", "biaya {0} berapa",
    "jalan depan {1} rusak parah mohon ditindak, {0} juga", "apa bisa {0} diwakilkan", "loket {0} buka jam {2}",
    "persyaratan {0} untuk pindah dari {1} ke luar kota", "bantuan {0} kulo kok mboten cair", "nyuwun pirso {0}",
)  # fmt: skip
_ANSWERS = (
    "Silakan datang ke loket membawa {0} dan fotokopi KK, selesai {2} hari kerja.", "Untuk {0} tidak dipungut biaya.",
    "Permohonan {0} Bapak/Ibu sudah kami teruskan ke dinas, mohon ditunggu {2} hari.",
    "Berkas {0} kurang surat keterangan dari desa {1}.", "{0} dapat diambil di ruang pelayanan pada jam kerja.",
)  # fmt: skip
_GIVEN = tokens(
    "Sulastri Kasmiati Suwarni Bambang Slamet Nur Siti Budi Agus Dwi Tri Eko Wahyu Sri Endang Sutrisno Mulyono Hartono"
    " Ngatini Wagiman Paijem Tukiman Sumarni Rukmini Joko Rini Yanti Dewi Ahmad Muhammad Abdul Khoirul Fatimah Aisyah"
    " Zainal Imam Lilik Umi Anik Hadi Yusuf Ridwan Lestari Puji Kartini Parman Samsul Heru Yuni Wulan"
)
_FAMILY = tokens(
    "Hidayah Irawan Pramono Lestari Wijaya Santoso Utomo Rahayu Susanto Setiawan Handayani Kurniawan Purnomo Wibowo"
    " Anggraini Maulana Fauzi Hakim Rohman Saputra Permata Nugroho Widodo Kusuma Prasetyo Astuti Mahmudi Syafii Arifin"
    " Subekti Sasmito Margono Wicaksono Ningsih Hasanah Ramadhan Firdaus Gunawan Basuki Suharto"
)


@dataclass(frozen=True, slots=True)
class Archive:
    """What was made: the large office, and how much is in it and in the others."""

    office: Office
    messages: int
    inquiries: int
    others: int


def build(*, scale: float, now: datetime) -> Archive:
    """Fill a database that holds the seeded office and nothing of citizens."""
    office = Office.objects.get(code="kemlagi")
    talks = max(400, round(TALKS * scale))
    small = max(4, round(OTHERS_MESSAGES * scale / OTHERS / LINES))
    _offices()
    given: Any = {
        "talks": talks, "small": small, "others": OTHERS, "office": office.pk, "now": now,
        "given": [name.title() for name in _GIVEN], "family": [name.title() for name in _FAMILY],
        "open": min(OPEN, talks // 4), "long": min(LONG, talks // 4),
        "officer": Officer.objects.get(username="admin").pk,
        "villages": list(Village.objects.filter(office=office).order_by("id").values_list("pk", flat=True)),
        "sections": list(Section.objects.filter(office=office).order_by("id").values_list("pk", flat=True)),
    }  # fmt: skip
    asks, replies = list(_sentences(office, _ASKS, SENTENCES)), list(_sentences(office, _ANSWERS, REPLIES))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("CREATE TEMP TABLE said (kind text, n bigserial, words text) ON COMMIT DROP")
        with cursor.copy("COPY said (kind, n, words) FROM STDIN") as copy:
            for kind, said in (("ask", asks), ("reply", replies)):
                for number, words in enumerate(said):
                    copy.write_row((kind, number, words))
        for statement in STATEMENTS:
            cursor.execute(statement if isinstance(statement, str) else insert(*statement), given)
        for model in COUNTED:
            cursor.execute(sequence(model))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    inquiries = talks + talks // 4
    return Archive(office, inquiries * LINES, inquiries, small * OTHERS * LINES)


def index() -> int:
    """Make everything findable with the product's own chore. Returns how many rows were made."""
    made = 0
    while done := index_due(limit=2000):
        made += done
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE desk_searchrow, desk_searchword")
    return made


def _sentences(office: Office, patterns: Sequence[str], count: int) -> Iterator[str]:
    """Different sentences about the duties of the sections, some words of them typed wrongly."""
    chance = random.Random(len(patterns))  # noqa: S311 (no secret)
    topics = [topic for section in Section.objects.filter(office=office).order_by("id") for topic in section.topics]
    villages = list(Village.objects.filter(office=office).order_by("id").values_list("name", flat=True))
    for _ in range(count):
        topic = topics[min(int(chance.expovariate(6) * len(topics)), len(topics) - 1)]
        pattern = chance.choice(patterns).format(topic, chance.choice(villages), chance.randint(2, 14))
        opening = f"{chance.choice(_OPENINGS)}, " if patterns is _ASKS else ""
        yield " ".join(_typed(word, chance) for word in f"{opening}{pattern}".split())


def _typed(word: str, chance: random.Random) -> str:
    if len(word) < 5 or chance.random() > TYPED_WRONG:
        return word
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def _offices() -> None:
    """The small offices, each with a number."""
    app = App.objects.order_by("id")[0]
    offices = Office.objects.bulk_create(
        Office(
            code=f"bench-{n}", name=f"Kecamatan Uji {n}", regency="Uji", region_code=f"99.00.{n:02d}",
            code_prefix="UJI",
        )
        for n in range(OTHERS)
    )  # fmt: skip
    Line.objects.bulk_create(
        Line(
            office=office, app=app, phone_number_id=f"7{n:014d}", business_account_id=f"8{n:014d}",
            display_phone=f"628510{n:07d}", base_url="http://127.0.0.1:9",
            token="token",  # noqa: S106 (nothing is sent)
        )
        for n, office in enumerate(offices)
    )  # fmt: skip
