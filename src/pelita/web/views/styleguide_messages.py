"""Invented messages of every type for /gaya, in the states that a thread can show."""

from __future__ import annotations

from pelita.web.ui import Aid, Bubble, Card, Mark, MediaCard, Quote, Version

PICTURE = "/static/web/img/mark.svg"
MAP = "https://www.openstreetmap.org/?mlat=-7.380000&mlon=112.410000#map=17/-7.380000/112.410000"


def bubbles() -> dict[str, Bubble]:
    """One message of every sort."""
    asked = "asalamualaikum pak.. nyuwun sewu ktp kulo ical wingi ten pasar kemlagi, ngurus e dospundi nggih?? 🙏"
    answer = "Gratis, Bu. Siapkan:\n1. Surat kehilangan dari Polsek\n2. Fotokopi KK"
    return {
        "asked": Bubble("in", "08.12", asked, reasons=["ktp", "ical"]),
        "greeting": Bubble(
            "out",
            "08.12",
            "Pesan Anda kami terima, kode KML-4F7Q. Dijawab paling lambat hari ini 15.00.",
            author="assistant",
            status="read",
        ),
        "answer": Bubble(
            "out",
            "08.31",
            answer,
            name="Eko Lestari",
            status="delivered",
            quote=Quote("Sulastri", asked),
        ),
        "phone": Bubble("out", "08.26", "Nggih Bu, sekedap, kami cek dulu.", author="phone", status="read"),
        "failed": Bubble(
            "out",
            "09.40",
            "Nggih Bu, surat kehilangan dari polsek dulu.",
            name="Anda",
            status="failed",
            failure="Belum terkirim, WhatsApp tidak menjawab",
        ),
        "queued": Bubble("out", "09.41", "Sampun.", status="queued"),
        "unsupported": Bubble("in", "09.01", unsupported=True),
        "deleted": Bubble("in", "09.02", deleted=True),
        "edited": Bubble(
            "in",
            "09.03",
            "Berapa biaya KK baru?",
            edited=True,
            reaction="👍",
            first=False,
            versions=[Version("Berapa biaya KTP baru?", "09.03")],
        ),
    }


def preview() -> dict[str, Bubble]:
    """As the citizen's phone shows them."""
    return {
        "theirs": Bubble("in", "10.21", "SKTM kangge beasiswa anak kulo syarate nopo mawon nggih?", status="read"),
        "preview": Bubble(
            "out",
            "09.41",
            "Nggih Bu, SKTM dapat diurus di kantor kecamatan, loket 2.\n\nSehari jadi bila berkas lengkap. Gratis.\n\n"
            "Seksi Kesra · KML-7H2M",
            quote=Quote("Anda", "SKTM kangge beasiswa anak kulo syarate nopo mawon nggih?"),
        ),
    }


def files() -> list[Bubble]:
    """Messages with a file, from the usual one to the one that cannot be had."""
    heard = Aid("file-text", "Transkrip", "Sekalian tanglet, bansos kulo taksih saged dipendhet mboten.")
    paper = MediaCard(
        "document", "stored", "Syarat KTP-el hilang.pdf", "PDF · 84 kB", "Syarat KTP-el hilang.pdf", "#utas"
    )
    return [
        Bubble(
            "in",
            "08.19",
            "niki surate pak",
            media=MediaCard("image", "stored", "Foto ditutup", url="#utas", covered=True),
        ),
        Bubble(
            "in", "08.29", media=MediaCard("audio", "stored", "Pesan suara", url="#utas", player="audio"), aids=[heard]
        ),
        Bubble("in", "08.30", media=MediaCard("sticker", "stored", "Stiker", thumb_url=PICTURE), first=False),
        Bubble("out", "08.33", "Bisa dicetak di rumah.", name="Anda", status="sent", media=paper),
        Bubble("in", "08.40", media=MediaCard("image", "waiting", "Sedang diambil…", "Foto")),
        Bubble(
            "in",
            "08.41",
            media=MediaCard("video", "failed", "Belum bisa diambil", "Video", retry_url="#utas"),
            first=False,
        ),
        Bubble(
            "in",
            "08.42",
            media=MediaCard("audio", "expired", "Sudah tidak ada di WhatsApp", "Pesan suara"),
            first=False,
        ),
        Bubble(
            "in", "08.43", media=MediaCard("document", "rejected", "Berkas tidak aman", "undangan.apk"), first=False
        ),
    ]


def kinds() -> list[Bubble]:
    """Places, people, choices and orders."""
    return [
        Bubble("in", "08.50", cards=[Card("map-pin", "Dekat balai dusun", [("", "Mojopilang")], MAP, "Buka peta")]),
        Bubble(
            "in",
            "08.51",
            cards=[Card("user", "Pak RT Slamet", [("", "Dusun Betro"), ("", "0812-••••-7890")])],
            first=False,
        ),
        Bubble("in", "08.52", "KTP-el hilang", marks=[Mark("list", "Memilih dari daftar")], first=False),
        Bubble("in", "08.53", "Lihat jawaban", marks=[Mark("message-2", "Menekan tombol")], first=False),
        Bubble(
            "in",
            "08.54",
            "Niki saged diwakilke nopo mboten?",
            marks=[Mark("book-2", "Bertanya tentang: KTP-HILANG")],
            first=False,
        ),
        Bubble(
            "in",
            "08.55",
            cards=[Card("clipboard-text", "Isian formulir", [("nama", "Sulastri"), ("NIK", "3516••••••••0003")])],
            first=False,
        ),
        Bubble(
            "in",
            "08.56",
            "Kangge lare kulo",
            first=False,
            cards=[Card("shopping-bag", "Pilihan dari katalog", [("AKTA-LAHIR", "1"), ("KK-BARU", "2 × Rp10.000")])],
        ),
        Bubble(
            "in",
            "08.57",
            "Bansos cair tgl 30, sebarkan!!",
            marks=[Mark("arrow-forward-up", "Sering diteruskan")],
            first=False,
        ),
        Bubble("in", "08.58", "Pesan ini hanya bisa dilihat di HP kantor.", unsupported=True, first=False),
    ]


def asked() -> list[Bubble]:
    """Messages of the office that the citizen can answer with a tap."""
    return [
        Bubble(
            "out",
            "09.00",
            "Apakah ini sudah menjawab?",
            name="Anda",
            status="read",
            buttons=["Sudah", "Belum menjawab"],
        ),
        Bubble(
            "out",
            "09.01",
            "Jawaban untuk pertanyaan KML-4F7Q sudah ada.",
            status="delivered",
            buttons=["Lihat jawaban"],
            first=False,
        ),
    ]
