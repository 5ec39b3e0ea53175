"""Every type of message in the thread: what is said, what is masked, and what is no longer shown."""

from __future__ import annotations

import re
from html import unescape

from pelita.whatsapp.models import Outbound
from tests.web.conftest import World
from tests.web.every_type import dated, take, tell_everything


def thread(world: World, code: str, who: str = "admin") -> str:
    """The messages of the conversation as the page holds them, white space folded."""
    html = world.client(who).get(f"/meja/{code}?bagian=pesan").content.decode()
    return re.sub(r"\s+", " ", unescape(html))


def words(html: str) -> str:
    """What is read; a marked word stands in its sentence."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"</?mark[^>]*>", "", html)))


SAID = [
    "ktp kulo ical, NIK 3516••••••••0003",
    "Balai Betro",
    "Buka peta",
    "Pak RT 0812-••••-8888",
    "Memilih dari daftar",
    "KTP-el hilang",
    "Isian formulir nama Sulastri",
    "Menekan tombol",
    "Lihat jawaban",
    "Pilihan dari katalog AKTA-LAHIR 2 × Rp1.000",
    "kangge lare",
    "Sering diteruskan",
    "Bertanya tentang: KTP-HILANG",
    "Pesan ini hanya bisa dilihat di HP kantor.",
    "Jenis pesan ini belum didukung. Minta warga menuliskannya.",
    "Berapa biaya KTP?",
    "Lihat tulisan semula",
    "Berapa biaya KK?",
    "Pesan ini dihapus",
    "Dibalas dari HP kantor",
    "Tanggapan: 🙏",
    "niki surate",
    "kk.pdf",
    "Warga ini memasang WhatsApp lagi atau berganti HP.",
]
HIDDEN = ["rahasia sekali", "3516150101900003", "0812-9999-8888", "flow_token", "131060"]


def test_every_type_is_said_and_nothing_more(world: World) -> None:
    shown = thread(world, tell_everything(world).code)
    assert [one for one in SAID if one not in words(shown)] == []
    assert [one for one in HIDDEN if one in shown] == []


def test_changes_of_other_messages_are_no_bubbles(world: World) -> None:
    shown = thread(world, tell_everything(world).code)
    # Seventeen of twenty speak; three change another message, one is a remark of WhatsApp's; and the office's own.
    assert len(re.findall('<article class="bubble ', shown)) == 17
    assert len(re.findall('class="system-note"', shown)) == 1


def test_map_leads_to_openstreetmap_and_tells_it_nothing(world: World) -> None:
    shown = thread(world, tell_everything(world).code)
    [link] = re.findall(r'<a href="(https://www.openstreetmap.org[^"]*)"([^>]*)>', shown)
    assert link[0] == "https://www.openstreetmap.org/?mlat=-7.380000&mlon=112.410000#map=17/-7.380000/112.410000"
    assert 'rel="noopener noreferrer nofollow"' in link[1]


def test_earlier_versions_are_for_the_admin(world: World) -> None:
    inquiry = tell_everything(world)
    assert "Lihat tulisan semula" in thread(world, inquiry.code)
    camat = thread(world, inquiry.code, "camat")
    assert "disunting" in camat
    assert "Berapa biaya KK?" not in camat


def test_no_screen_shows_a_word_of_a_deleted_question(world: World) -> None:
    asked, gone = dated(
        world,
        {"type": "text", "text": {"body": "ktp rahasia sekali"}},
        {"type": "revoke", "revoke": {"original_message_id": "wamid.0"}},
    )
    inquiry = take(world, [asked])
    assert "rahasia sekali" in world.client("admin").get(f"/meja/{inquiry.code}").content.decode()
    take(world, [gone])
    for path in ("/meja", f"/meja/{inquiry.code}", f"/meja/{inquiry.code}/disposisi"):
        page = world.client("admin").get(path).content.decode()
        assert "Pesan ini dihapus" in page
        assert "rahasia sekali" not in page


def test_edit_of_a_message_that_is_not_here_stands_by_itself(world: World) -> None:
    inquiry = world.asks("Berapa biaya KTP?", who="ID.sama")
    world.asks("Berapa KK?", who="ID.sama", type="edit", target_wamid="wamid.dulu", content={"text": "Berapa KK?"})
    found = words(thread(world, inquiry.code))
    assert "Menyunting pesan lama" in found
    assert "Berapa KK?" in found


def test_reply_to_a_status_says_what_it_may_be(world: World) -> None:
    inquiry = world.asks("Jam pinten?", who="ID.sama", context_wamid="wamid.status")
    world.asks("Suwun", who="ID.sama", context_wamid=inquiry.message.wamid)
    assert words(thread(world, inquiry.code)).count("Membalas Status, atau pesan yang tidak ada di sini") == 1


def test_quotation_of_a_deleted_message_says_so(world: World) -> None:
    inquiry = world.sent()
    Outbound.objects.filter(office=world.office).update(wamid="wamid.lama", revoked_at=world.now, text="rahasia sekali")
    world.asks("maksude?", who=inquiry.message.user_id, context_wamid="wamid.lama")
    found = thread(world, inquiry.code)
    assert "rahasia sekali" not in found
    assert words(found).count("Pesan ini dihapus") == 2
