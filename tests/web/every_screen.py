"""Every screen of the office with something in it. ``tests/invariants/test_screens_listed.py`` holds it complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pelita.assistant.models import ReplyKind, ReplyOutcome
from pelita.catalog import actions as catalog
from pelita.catalog.actions_evaluation import add_sentence
from pelita.catalog.models import SentenceOrigin, Service
from pelita.catalog.queries import content_of
from pelita.catalog.rules import Item
from pelita.catalog.seeding import seed_services
from pelita.catalog.sentences import Written
from pelita.desk.actions import (
    arranging,
    blocking,
    helping,
    indexing,
    recording,
    referring,
    saved_views,
    secrecy,
    section,
)
from pelita.desk.actions.dispose import dispose
from pelita.desk.actions.noting import write_note
from pelita.desk.actions.ready_replies import seed_replies
from pelita.desk.actions.saved_views import Wanted
from pelita.desk.models import InquiryKind, InquirySource, ReplyTemplate
from pelita.desk.queries.narrowing import UNFINISHED, Narrowing
from pelita.push.actions import add as add_device
from pelita.whatsapp.models import App, Body
from tests.push.receiver import Browser
from tests.web.alarmed import alarmed
from tests.web.answered import replied
from tests.web.broadcasting import announced, broadcasting, prepared
from tests.web.conftest import World, stranger_office
from tests.web.every_type import tell_everything
from tests.web.posted import post, published, submitted
from tests.web.shared_post import shared_post
from tests.web.stocked import copied, stocked, uploaded
from tests.web.test_window import template, waiting
from tests.web.told_news import add_picture, corrected, jpeg, told, withdrawn

LONG = "Raden Ayu Sri Wahyuningtyas Kusumawardhani"
# What is typed into the search of these screens; the words of a search stand in no address.
TYPED = {"ditemukan": "bantuan", "tidak ditemukan": "zzzz"}


def screens(world: World) -> dict[str, tuple[str, str]]:
    """Every screen with something in it: (path, who)."""
    seed_replies(office=world.office, now=world.now)
    new = world.asks("ktp kulo ical, bansos nopo\nhttps://contoh.id/" + "panjang" * 20, name=LONG, who="ID.sama")
    world.asks("", name=LONG, who="ID.sama", type="image", supported=False)
    held, review = world.at_section(name=LONG), world.to_review("NIK 3516150101900003 pasti jadi besok.")
    for one in (new, held):
        write_note(inquiry=one, text="Mohon dicek @Bambang Hariyanto.", by=world.place("admin"), now=world.now)
    sent = world.sent(name="Wagiman")
    late = world.asks("akta", name="", wa_id="", ago=timedelta(hours=25))
    every = tell_everything(world)
    notice = template(world)
    waits, closed = waiting(world), world.to_review(ago=timedelta(hours=25))
    return {
        "beranda": ("/", ""),
        "masuk": ("/masuk", ""),
        "meja": ("/meja", "admin"),
        "kosong": ("/meja?tampilan=selesai", "admin"),
        "percakapan": (f"/meja/{new.code}", "admin"),
        "di seksi": (f"/meja/{held.code}", "admin"),
        "terkirim": (f"/meja/{sent.code}", "admin"),
        "tertutup": (f"/meja/{late.code}", "admin"),
        "menunggu dibuka": (f"/meja/{waits.code}", "admin"),
        "daftar menunggu": ("/meja?tampilan=warga", "admin"),
        "periksa tertutup": (f"/meja/{closed.code}/periksa", "admin"),
        "templat": ("/templat", "operator"),
        "templat satu": (f"/templat/{notice.pk}", "operator"),
        "templat baru": ("/templat/baru", "operator"),
        "segala jenis": (f"/meja/{every.code}", "admin"),
        "camat": (f"/meja/{new.code}", "camat"),
        "disposisi": (f"/meja/{new.code}/disposisi", "admin"),
        "periksa": (f"/meja/{review.code}/periksa", "admin"),
        "sunting": (f"/meja/{review.code}/periksa?sunting=1", "admin"),
        "kembalikan": (f"/meja/{review.code}/kembalikan", "admin"),
        "tugas": ("/tugas", "kesra"),
        "tugas satu": (f"/tugas/{held.code}", "kesra"),
        "bukan tupoksi": (f"/tugas/{held.code}/bukan-tupoksi", "kesra"),
        "saya": ("/saya", "admin"),
        "pengenalan": ("/pengenalan?langkah=2", "kesra"),
        "asisten": ("/asisten", "admin"),
        "asisten kalimat": ("/asisten/teks/person", "admin"),
        "catatan": (f"/meja/{new.code}?catatan=1", "admin"),
        "pernah bertanya": (f"/meja/{new.code}/warga", "admin"),
        **arranged(world),
        **saved(world),
        **services(world),
        **left_over(world),
        **posts(world),
    }


def posts(world: World) -> dict[str, tuple[str, str]]:
    """What the office tells: the list, the composer with photos, a post that waits, one that was put right."""
    title = f"{LONG} membuka pelatihan menjahit untuk ibu-ibu di seluruh kecamatan"
    draft, waits, told = post(world, photos=2), submitted(world, title=title), published(world, photos=1)
    return {
        "berita": ("/berita", "admin"),
        "berita kosong": ("/berita?keadaan=withdrawn", "admin"),
        "berita baru": ("/berita/baru", "kesra"),
        "berita ubah": (f"/berita/{draft.code}/ubah", "kesra"),
        "berita menunggu": (f"/berita/{waits.code}", "admin"),
        "berita tayang": (f"/berita/{told.code}", "admin"),
        "berita koreksi": (f"/berita/{told.code}/koreksi", "admin"),
        "berita aturan": ("/pengaturan/berita", "admin"),
        **broadcasts(world),
        **ways_out(world),
    }


def ways_out(world: World) -> dict[str, tuple[str, str]]:
    """Ways of what is told already."""
    return {
        "darurat": alarm_screen(world),
        "darurat banjir": ("/berita/darurat?jenis=banjir", "trantib"),
        "bagikan": (f"/berita/{shared_post(world).code}/bagikan", "kesra"),
        "perangkat tertaut": (f"/nomor/{world.line.pk}/perangkat-tertaut", "operator"),
    }


def broadcasts(world: World) -> dict[str, tuple[str, str]]:
    """Who subscribes, one that is prepared, and one that goes on."""
    going = broadcasting(world, f"Kerja bakti di depan rumah {LONG}")
    draft = prepared(world, "Posyandu balita")
    announced(world, "Pasar murah")
    return {
        "siaran": ("/siaran", "admin"),
        "siaran pelanggan": ("/siaran/pelanggan", "camat"),
        "siaran disiapkan": (f"/siaran/{draft.pk}", "admin"),
        "siaran berjalan": (f"/siaran/{going.pk}", "admin"),
    }


def alarm_screen(world: World) -> tuple[str, str]:
    alarmed(world, f"Pohon tumbang di depan rumah {LONG}")
    return "/berita/darurat", "trantib"


def outside(world: World) -> dict[str, tuple[str, str]]:
    """What everybody sees, after the services were made. With two offices the front is a list of them."""
    stranger_office(world.now)
    return {
        "nomor simpan": ("/nomor/simpan", "admin"),
        "publik kantor": ("/kantor/kemlagi/", ""),
        "publik layanan": ("/kantor/kemlagi/layanan", ""),
        "publik dicari": ("/kantor/kemlagi/layanan?q=ktp+kulo+ical", ""),
        "publik tidak ketemu": ("/kantor/kemlagi/layanan?q=zzzz", ""),
        "publik layanan satu": ("/kantor/kemlagi/layanan/AKTA-LAHIR", ""),
        "publik kontak": ("/kantor/kemlagi/kontak", ""),
        "publik simpan": ("/kantor/kemlagi/simpan", ""),
        **public_news(world),
    }


def public_news(world: World) -> dict[str, tuple[str, str]]:
    """What the office tells: something of each kind with long words, one put right, one taken back."""
    now, long = world.now, "Pertanggungjawaban-penyelenggaraan kegiatan gotong royong membersihkan saluran air utama"
    later = now + timedelta(days=2)
    dated = told(world, kind="agenda", title=long, place=f"Balai Desa {LONG}", starts_at=later)
    told(world, kind="emergency", title=long, text=f"Lewat jalan lain. {long}", ends_at=now + timedelta(hours=3))
    add_picture(world, told(world), kind="video")
    wrong = told(world, kind="announcement", text=f"Syarat di https://contoh.id/{'panjang' * 20}")
    add_picture(world, wrong)
    add_picture(world, wrong, jpeg(600, 1600), position=1, alt="", width=600, height=1600)
    corrected(world, wrong, at=now)
    gone = withdrawn(world, told(world, title=long), at=now)
    return {
        "publik berita": ("/kantor/kemlagi/berita", ""),
        "publik berita dicari": ("/kantor/kemlagi/berita?cari=saluran&bulan=2026-11", ""),
        "publik berita kosong": ("/kantor/kemlagi/berita?cari=zzzz", ""),
        "publik berita satu": (f"/kantor/kemlagi/berita/{wrong.code}", ""),
        "publik agenda satu": (f"/kantor/kemlagi/berita/{dated.code}", ""),
        "publik berita ditarik": (f"/kantor/kemlagi/berita/{gone.code}", ""),
        "publik agenda": ("/kantor/kemlagi/agenda", ""),
        "berita angka": ("/berita/angka", "admin"),
        "berita angka seksi": ("/berita/angka", "kesra"),
    }


def services(world: World) -> dict[str, tuple[str, str]]:
    """The catalogue: a list, a service as it came, one whose next version waits for its head, and the forms."""
    seed_services(office=world.office, now=world.now, approved=True)
    by, now = world.place("kesra"), world.now
    service = Service.objects.get(office=world.office, code="SKTM")
    version = catalog.begin(service=service, by=by, now=now)
    content = replace(content_of(version), cost="Rp 0", requirements=(Item("Fotokopi KK"), Item("Foto", by_case=True)))
    catalog.change(version=version, content=content, seen=0, by=by, now=now)
    catalog.submit(version=version, seen=1, by=by, now=now)
    for text, code in (
        ("syarat sktm apa saja", "SKTM"),
        ("sktm kaliyan kk", "KK-BARU"),
        (f"kata panjang {'sekali' * 30}", "KIA"),
    ):
        written = Written(text, (code,), ("KESRA",), answer=True)
        add_sentence(written=written, origin=SentenceOrigin.WRITTEN, by=by, now=now)
    catalog.begin(service=Service.objects.get(office=world.office, code="KIA"), by=world.place("admin"), now=now)
    wrong = world.asks("pak griyo kulo bade damel sertipikat kintir " * 6)
    replied(world, wrong, ReplyKind.ANSWER, outcome=ReplyOutcome.NOT_ANSWERED, services=[["KIA", 0.61]])
    replied(world, world.asks("syarat kia nopo"), ReplyKind.ANSWER)
    return {
        "layanan": ("/layanan", "admin"),
        "layanan kosong": ("/layanan?keadaan=withdrawn", "admin"),
        "layanan satu": ("/layanan/KTP-HILANG", "pmd"),
        "layanan menunggu": ("/layanan/SKTM?versi=2", "kesra"),
        "layanan lembar": (copied(world), "admin"),
        "layanan impor": ("/layanan/impor", "admin"),
        "layanan impor lihat": (f"/layanan/impor/{uploaded(world)}", "admin"),
        "layanan baru": ("/layanan/baru", "admin"),
        "layanan ubah": ("/layanan/KIA/ubah", "admin"),
        "mutu": ("/asisten/mutu", "admin"),
        "mutu dijawab": ("/asisten/mutu?daftar=dijawab", "admin"),
        "ukuran": ("/asisten/mutu/ukuran", "admin"),
        "kalimat uji": ("/asisten/mutu/kalimat", "operator"),
        **outside(world),
    }


def arranged(world: World) -> dict[str, tuple[str, str]]:
    """A chain of sections, a secret matter, what came at the counter, the registers with their rows, and the search."""
    admin, now = world.place("admin"), world.now
    chain = world.asks("bantuan lansia belum punya ktp", name=LONG, who="ID.rantai")
    world.asks("apakah harus datang sendiri?", who="ID.rantai", ago=timedelta(minutes=2))
    helpers = [world.section("PMD"), world.section("TRANTIB")]
    dispose(
        inquiry=world.fresh(chain), section=world.section("KESRA"), helpers=helpers, by=admin, now=now,
        instruction="Jelaskan syaratnya untuk lansia yang tidak bisa datang.",
    )  # fmt: skip
    helping.mark_read(inquiry=chain, by=world.place("kesra"), now=now)
    helping.contribute(
        inquiry=chain, text="Surat keterangan dari desa, ditandatangani kades.", by=world.place("pmd"), now=now
    )
    section.refuse(inquiry=world.fresh(chain), reason="Bukan soal ketertiban.", by=world.place("trantib"), now=now)
    helping.ask_help(inquiry=world.fresh(chain), sections=[world.section("PEMERINTAHAN")], by=admin, now=now)
    referring.refer(
        inquiry=world.fresh(chain), body="Dispendukcapil Kabupaten Mojokerto", number="DK/2026/0071", by=admin, now=now,
        follow_up_on=(now + timedelta(days=5)).date(),
    )  # fmt: skip
    hidden = world.asks("perangkat desa meminta uang", name="Wagiman")
    secrecy.hide(inquiry=hidden, by=admin, now=now)
    asked = world.asks("minta salinan anggaran kecamatan", name="Siti Aminah")
    arranging.change_kind(inquiry=asked, kind=InquiryKind.INFORMATION, by=admin, now=now)
    blocking.block(inquiry=asked, by=admin, now=now)
    arranging.put_away(inquiry=world.asks("PROMO PINJAMAN", name="Iklan"), by=admin, now=now)
    account = recording.Account(InquirySource.COUNTER, InquiryKind.REQUEST, "Minta surat pindah.", name="Pak Bromo")
    counter = recording.record(account=account, by=admin, now=now)
    while indexing.index_due():
        pass
    return {
        "rantai": (f"/meja/{chain.code}", "admin"),
        "rantai lainnya": (f"/meja/{chain.code}/lainnya", "admin"),
        "lainnya": (f"/meja/{asked.code}/lainnya", "admin"),
        "loket": (f"/meja/{counter.code}", "admin"),
        "catat": ("/meja/baru", "admin"),
        "rujukan": ("/rujukan", "admin"),
        "register": ("/register", "admin"),
        "bukan": ("/meja/bukan-pertanyaan", "admin"),
        "rahasia daftar": ("/meja", "camat"),
        "rahasia": (f"/meja/{hidden.code}", "camat"),
        "rahasia lainnya": (f"/meja/{hidden.code}/lainnya", "camat"),
        "membantu daftar": ("/tugas", "pemerintahan"),
        "membantu": (f"/tugas/{chain.code}", "pemerintahan"),
        "penanggung jawab": (f"/tugas/{chain.code}", "kesra"),
        "diblokir": ("/meja/diblokir", "admin"),
        "ditemukan": ("/cari", "admin"),
        "tidak ditemukan": ("/cari", "kesra"),
    }


def saved(world: World) -> dict[str, tuple[str, str]]:
    """Finding and choosing several beside the admin's twenty views; the last one has a long name."""
    narrowing = Narrowing(state=UNFINISHED)
    for number in range(19):
        wanted = Wanted(f"Tampilan {number}", words="ktp", narrowing=narrowing)
        saved_views.save(wanted=wanted, by=world.place("admin"), now=world.now)
    wanted = Wanted("Permohonan rekomendasi desa Mojokumpul", narrowing=narrowing)
    view = saved_views.save(wanted=wanted, by=world.place("admin"), now=world.now)
    return {
        "cari": ("/cari", "admin"),
        "pilih beberapa": ("/meja/banyak", "admin"),
        "tampilan": ("/tampilan", "admin"),
        "tampilan baru": ("/tampilan/baru", "kesra"),
        "tampilan satu": (f"/tampilan/{view.pk}", "admin"),
        "tampilan ubah": (f"/tampilan/{view.pk}/ubah", "admin"),
    }


def left_over(world: World) -> dict[str, tuple[str, str]]:
    """The number's page and what failed or was kept."""
    world.failed("uncertain")
    browser = Browser("https://fcm.googleapis.com/fcm/send/a")
    add_device(by=world.place("admin"), **browser.fields(), words="Chrome di Android", now=world.now)
    world.failed("window_closed")
    item = world.left()
    world.left("kept", field="account_alerts", kind="update")
    Body.objects.create(received_at=world.now, app=App.objects.get(), raw=b"?", state="quarantined", note="not JSON")
    stocked(world)
    world.away("pmd", substitute=world.place("kesra").officer, reason="Diklat")
    replies = ReplyTemplate.objects.filter(office=world.office).order_by("id")
    sort = "keadaan=dead&bidang=messages&jenis=message&tipe=text"
    return {
        "tanpa sambungan": ("/tanpa-sambungan", ""),
        "kabar": ("/pemberitahuan", "kesra"),
        "tidak di kantor": ("/tidak-di-kantor", "admin"),
        "petugas": ("/petugas", "operator"),
        "petugas satu": (f"/petugas/{world.place('kesra').officer.pk}", "admin"),
        "tenggat": ("/pengaturan/tenggat", "admin"),
        "jam kerja": ("/pengaturan/jam", "admin"),
        "balasan": ("/balasan", "admin"),
        "balasan baru": ("/balasan/baru", "admin"),
        "balasan satu": (f"/balasan/{replies[0].pk}", "admin"),
        "nomor": ("/nomor", "admin"),
        "nomor baru": ("/nomor/baru", "operator"),
        "sambungan": (f"/nomor/{world.line.pk}/sambungan", "operator"),
        "biaya": (f"/nomor/{world.line.pk}/biaya", "admin"),
        "katalog": (f"/nomor/{world.line.pk}/katalog", "admin"),
        "gagal": ("/nomor/gagal", "admin"),
        "tersimpan": ("/nomor/tersimpan", "operator"),
        "tersimpan daftar": (f"/nomor/tersimpan/daftar?{sort}", "operator"),
        "tersimpan butir": (f"/nomor/tersimpan/{item.pk}", "operator"),
    }
