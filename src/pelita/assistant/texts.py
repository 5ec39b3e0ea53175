"""What the assistant can say, in one table: the packaged words, what may stand in braces, and how long it may be. Pure.

An office writes its own version of each (models.AssistantText). Voice: one thought a sentence, the fact first, a way on
last; no promise without a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pelita.desk import variables


class Key(StrEnum):
    GREETING = "greeting"
    WELCOME = "welcome"
    MENU = "menu"
    LIST = "list"
    ASK = "ask"
    CHOICES = "choices"
    PERSON = "person"
    CLOSED = "closed"
    REPEAT = "repeat"
    EMERGENCY = "emergency"
    HOURS = "hours"
    PLACE = "place"
    TRACK = "track"
    TRACK_LATE = "track_late"
    TRACK_DONE = "track_done"
    NO_CODE = "no_code"
    NEWS = "news"
    PHOTO = "photo"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Template:
    """One text. ``variables``: what may stand in braces; ``limit``: characters of the text as it is written.

    ``optional``: an office may do without; then its kind is left to a person.
    """

    key: Key
    label: str | Promise
    when: str | Promise
    text: str | Promise
    variables: tuple[str, ...] = ()
    limit: int = 400
    optional: bool = True


_PROMISE = ("kode", "janji", "kantor")
TEXTS: tuple[Template, ...] = (
    Template(
        Key.GREETING, _("Salam"), _("Sekali, saat seorang warga menulis untuk pertama kali."),
        _("{salam}. Ini {kantor}. Tulis pertanyaan Anda, boleh bahasa Jawa, atau pilih dari daftar."
          " Pesan disimpan untuk menjawab Anda."),
        ("salam", "kantor"),
    ),
    Template(
        Key.WELCOME, _("Salam di depan jawaban"), _("Pengganti salam bila pesan pertama warga langsung dijawab."),
        _("{salam}. Ini {kantor}. Pesan disimpan untuk menjawab Anda."), ("salam", "kantor"), optional=False,
    ),
    Template(
        Key.MENU, _("Menu"), _("Saat warga menyapa atau mengetik MENU. Daftarnya disusun sendiri."),
        _("Pilih, atau balas angka:"), ("kantor",),
    ),
    Template(
        Key.LIST, _("Daftar layanan"), _("Di atas layanan satu seksi."), _("{seksi}. Pilih, atau balas angka:"),
        ("seksi",), optional=False,
    ),
    Template(
        Key.ASK, _("Syarat layanan"), _("Di bawah syarat yang dikirim otomatis, bersama dua tombol."),
        _("Apakah ini sudah menjawab?"),
    ),
    Template(
        Key.CHOICES, _("Pilihan layanan"), _("Saat pertanyaan cocok dengan beberapa layanan."),
        _("Maksud Anda yang mana?"),
    ),
    Template(
        Key.PERSON, _("Diteruskan ke petugas"), _("Sekali, saat petugas yang harus menjawab."),
        _("Kami teruskan ke petugas. Kode Anda {kode}. Dijawab paling lambat {janji}."), _PROMISE,
    ),
    Template(
        Key.CLOSED, _("Kantor tutup"), _("Pengganti kalimat di atas di luar jam kerja dan pada hari libur."),
        _("Kantor sedang tutup. Kode Anda {kode}. Dijawab paling lambat {janji}."), _PROMISE, optional=False,
    ),
    Template(
        Key.REPEAT, _("Menulis lagi"), _("Paling banyak sekali, saat warga mengulang sebelum dijawab."),
        _("Pertanyaan Anda sudah dalam antrean. Urutan Anda tetap."), ("kode",),
    ),
    Template(
        Key.EMERGENCY, _("Darurat"), _("Saat pesan menyebut bahaya."),
        _("Bila ada bahaya, telepon 112 sekarang. Laporan Anda tetap kami teruskan. Kode Anda {kode}."),
        ("kode", "kantor"),
    ),
    Template(
        Key.HOURS, _("Jam buka"), _("Saat warga bertanya kapan kantor buka."),
        _("Loket {kantor}:\n{jam}\n{hari_ini}"), ("kantor", "jam", "hari_ini"),
    ),
    Template(
        Key.PLACE, _("Alamat"), _("Saat warga bertanya di mana kantornya."), _("{kantor}: {alamat}."),
        ("kantor", "alamat"),
    ),
    Template(
        Key.TRACK, _("Sampai mana"), _("Saat warga menanyakan kodenya sendiri."),
        _("{kode} {keadaan}. Dijawab paling lambat {janji}."), ("kode", "keadaan", "janji"),
    ),
    Template(
        Key.TRACK_LATE, _("Sampai mana, terlambat"), _("Pengganti kalimat di atas bila waktunya sudah lewat."),
        _("{kode} {keadaan}. Mohon maaf, waktu yang dijanjikan sudah lewat. Tulis di sini bila mendesak."),
        ("kode", "keadaan"), optional=False,
    ),
    Template(
        Key.TRACK_DONE, _("Sampai mana, sudah dijawab"), _("Bila jawabannya sudah dikirim."),
        _("{kode} sudah dijawab. Bila belum jelas, tulis lagi di sini."), ("kode",), optional=False,
    ),
    Template(
        Key.NO_CODE, _("Kode tidak dikenal"), _("Saat kode itu bukan milik warga yang bertanya."),
        _("Kode itu tidak ada. Contoh: {contoh}. Atau ketik PETUGAS."), ("contoh",),
    ),
    Template(
        Key.NEWS, _("Kabar kantor"), _("Saat warga bertanya ada kegiatan apa. Daftarnya disusun sendiri."),
        _("Kabar terbaru {kantor}:\n{daftar}\n\nSelengkapnya: {alamat}"), ("kantor", "daftar", "alamat"),
    ),
    Template(
        Key.PHOTO, _("Foto KTP atau KK"), _("Saat warga mengirimnya tanpa diminta."),
        _("Foto KTP atau KK tidak diperlukan. Silakan hapus dari chat."),
    ),
    Template(
        Key.FILE, _("Berkas tidak terbuka"), _("Saat jenis pesannya belum bisa dibaca."),
        _("Berkas ini belum bisa dibuka. Kirim sebagai foto atau PDF."),
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Template] = {one.key: one for one in TEXTS}


@dataclass(frozen=True, slots=True)
class Own:
    """What an office made of one text. ``text`` empty: the packaged words."""

    text: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one office."""

    own: Mapping[str, Own] = field(default_factory=dict)

    def active(self, key: Key) -> bool:
        """Whether the office wants it said."""
        found = self.own.get(key)
        return found is None or found.active or not BY_KEY[key].optional

    def written(self, key: Key) -> str:
        """As it stands, braces and all."""
        found = self.own.get(key)
        return (found.text if found else "") or str(BY_KEY[key].text)

    def say(self, key: Key, **values: str) -> str:
        """The text with its values, empty lines and ends trimmed."""
        return variables.fill(self.written(key), values).strip()


def objection(template: Template, text: str) -> str:
    """Why a text cannot be kept, as a sentence; empty when it can."""
    excess = len(text) - template.limit
    if excess > 0:
        return _fmt(_("Kelebihan {n} huruf. Paling panjang {limit}."), n=excess, limit=template.limit)
    found, packaged = variables.names(text), variables.names(str(template.text))
    strange = [name for name in found if name not in template.variables]
    if strange:
        known = ", ".join(f"{{{name}}}" for name in template.variables) or "-"
        return _fmt(_("Isian {{{name}}} tidak dikenal. Yang bisa dipakai: {known}."), name=strange[0], known=known)
    lacking = [name for name in ("kode", "janji") if name in packaged and name not in found]
    if lacking:
        return _fmt(_("Isian {{{name}}} harus ada, supaya warga tahu."), name=lacking[0])
    return ""


def _fmt(pattern: str | Promise, **values: object) -> str:
    return str(pattern).format(**values)
