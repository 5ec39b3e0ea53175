"""What is warned of in an answer, by a table of sentences as officers write them."""

from __future__ import annotations

import pytest

from pelita.desk.checks import Kind, UnconfirmedError, check, insist, seal

OWN = {"6285155565667"}
N, P, J, B = Kind.IDENTITY, Kind.PHONE, Kind.PROMISE, Kind.BLANK
TABLE: list[tuple[str, list[Kind]]] = [
    # Nothing to say.
    ("Bawa KK dan KTP ke loket, Senin sampai Jumat.", []),
    ("Loket buka pukul 07.30 sampai 15.00.", []),
    ("Sehari jadi bila berkas lengkap sebelum 13.00.", []),
    ("Biasanya selesai 3 hari kerja.", []),
    ("KTP-el Bapak sudah jadi, silakan diambil.", []),
    ("Besok pukul 10.00 petugas kami datang ke balai desa.", []),
    ("Silakan segera datang ke loket sebelum tutup.", []),
    ("Mohon segera melengkapi berkas supaya bisa diproses.", []),
    ("Monggo enggal dipundhut, berkase sampun dados.", []),
    ("Pasti Ibu bertanya-tanya, maka kami jelaskan.", []),
    ("Hari ini loket tutup, besok buka lagi.", []),
    ("Nggih Bu… matur nuwun.", []),
    ("Bawa KK, KTP, dsb... lalu ke loket.", []),
    ("Kode Anda KML-4F7Q.", []),
    ("Nomor antrean 12, loket 3.", []),
    ("Telepon kantor (0321) 361234.", []),
    ("Hubungi nomor ini: 0851-5556-5667.", []),
    ("Akan kami proses Senin, 30 November pukul 09.00.", []),
    ("Kami segera kabari paling lambat besok pukul 10.00.", []),
    ("Menawi berkas jangkep, mbenjing mesthi dados.", []),
    ("Berkas segera diproses dalam 3 hari kerja.", []),
    ("Denda Rp1.500.000,00 sesuai Perda 12/2019.", []),
    # Numbers of persons.
    ("NIK Ibu 3516150101900003 sudah aktif.", [N]),
    ("NIK: 3516 1501 0190 0003", [N]),
    ("KK 3516.1501.0190.0003 dan 3516150101900004", [N, N]),
    ("Hubungi Pak Slamet 081234567890.", [P]),
    ("WA beliau +62 812-3456-7890 atau 0813 2222 3333", [P, P]),
    ("NIK 3516150101900003, HP 081234567890", [N, P]),
    # Promises that nobody can keep.
    ("Besok pasti jadi, Bu.", [J]),
    ("Minggu depan pasti cair.", [J]),
    ("Dijamin selesai sore ini.", [J]),
    ("KTP-nya dipastikan terbit bulan ini.", [J]),
    ("Sesuk mesthi rampung, Pak.", [J]),
    ("Mbenjing tamtu dados, Bu.", [J]),
    ("Laporan Bapak akan segera kami tindaklanjuti dan selesai.", [J]),
    ("Segera diproses.", [J]),
    ("Akan segera diperbaiki.", [J]),
    ("Kami proses secepatnya, nanti kami kabari kalau sudah.", []),
    ("Berkas akan selesai dalam waktu dekat.", [J]),
    ("Sebentar lagi akan cair, Pak.", [J]),
    ("Badhe enggal dipunproses.", [J]),
    ("Enggal dados, badhe kula kabari.", [J]),
    ("Bawa KK dulu.\nBesok pasti jadi.", [J]),
    # Places left blank.
    ("Yth. {nama}, silakan datang.", [B]),
    ("Datang tanggal [isi tanggal] ke loket.", [B]),
    ("Nama: …", [B]),
    ("Tanggal ........ di kantor", [B]),
    ("Atas nama ____ dari desa.", [B]),
    ("Berkas … diambil di loket.", [B]),
    ("Yth. {nama}, besok pasti jadi. HP 081234567890", [P, J, B]),
]


@pytest.mark.parametrize(("text", "kinds"), TABLE, ids=[text[:36] for text, _ in TABLE])
def test_table(text: str, kinds: list[Kind]) -> None:
    assert [one.kind for one in check(text, own=OWN)] == kinds


def test_excerpts_show_no_number_whole() -> None:
    text = "NIK 3516150101900003 pasti jadi besok, HP 081234567890"
    assert not any("0101900003" in one.excerpt or "34567890" in one.excerpt for one in check(text))


def test_a_confirmation_is_for_what_was_seen() -> None:
    text = "NIK Ibu 3516150101900003."
    confirmed = seal(text, check(text))
    insist(text, confirmed=confirmed)
    insist("NIK Ibu 3516150101900003, sudah aktif ya.", confirmed=confirmed)
    insist("Tidak ada apa-apa.", confirmed="")
    for other in ("NIK Ibu 3516150202900003.", "NIK Ibu 3516150101900003, HP 081234567890", text):
        with pytest.raises(UnconfirmedError):
            insist(other, confirmed="" if other == text else confirmed)
