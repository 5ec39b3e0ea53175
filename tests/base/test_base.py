"""Phone numbers, codes, masking and secrets at rest."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from pelita.base import crypto, ids, phone, text
from pelita.whatsapp.models import App


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("6281234567890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("0062 812 3456 7890", "6281234567890"),
        ("+1 650 555 1234", "16505551234"),
        ("+886 912 345 678", "886912345678"),
        ("123", None),
        ("bukan nomor", None),
        ("1234567890123456", None),
    ],
)
def test_digits(raw: str, expected: str | None) -> None:
    assert phone.digits(raw) == expected


def test_shown_numbers() -> None:
    assert phone.local("6281234567890") == "0812-3456-7890"
    assert phone.masked("6281234567890") == "0812-••••-7890"
    assert phone.masked("16505551234") == "••••234"


@given(st.from_regex(r"62[0-9]{8,13}", fullmatch=True))
def test_a_masked_number_cannot_be_called(number: str) -> None:
    assert number[6:-4] == "" or number[2:] not in phone.masked(number).replace("-", "")


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("NIK saya 3516012345670003 ya", "NIK saya 3516••••••••0003 ya"),
        ("3516 0123 4567 0003", "3516••••••••0003"),
        ("3516-0123-4567-0003.", "3516••••••••0003."),
        ("kode 12345678901234567", "kode 12345678901234567"),
        ("35.16.15.010190.0001", "3516••••••••0001"),
        ("telp 081234567890", "telp 0812-••••-7890"),
        ("0812-3456-7890, +62 812 3456 7890", "0812-••••-7890, 0812-••••-7890"),
        ("tanggal 24-11-2026 pukul 08.00", "tanggal 24-11-2026 pukul 08.00"),
        ("Rp 1.500.000 sebelum 13.00", "Rp 1.500.000 sebelum 13.00"),
    ],
)
def test_numbers_of_sixteen_digits_are_covered(given_text: str, shown: str) -> None:
    assert text.mask_numbers(given_text) == shown


def test_one_line() -> None:
    assert text.one_line("a\n\n b\tc") == "a b c"
    assert text.one_line("Sri \u202edrowssap") == "Sri drowssap"
    assert text.one_line("x" * 10, 5) == "xxxx…"


@given(st.text())
def test_words_are_plain(raw: str) -> None:
    for word in text.words(raw):
        assert word.isalnum()
        assert word == word.lower()


def test_codes_are_readable() -> None:
    codes = {ids.new_code("KML") for _ in range(500)}
    assert len(codes) > 490
    for code in codes:
        assert ids.CODE.match(code)
        assert not set(code[4:]) & set("0O1IL5S8B")


def test_secrets_are_sealed_at_rest(db: None) -> None:
    app = App.objects.create(app_id="1", name="Uji", app_secret="sangat-rahasia", verify_token="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_secret, verify_token FROM whatsapp_app WHERE id = %s", [app.pk])
        sealed, empty = cursor.fetchone()
    assert "rahasia" not in sealed
    assert empty == ""
    assert App.objects.get(pk=app.pk).app_secret == "sangat-rahasia"


def test_keys_rotate_and_a_lost_key_is_said(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    sealed = crypto.seal("x")
    settings.FIELD_KEYS = [new, old]
    assert crypto.unseal(sealed) == "x"
    settings.FIELD_KEYS = [new]
    with pytest.raises(crypto.SecretUnreadableError, match="PELITA_FIELD_KEYS"):
        crypto.unseal(sealed)
    settings.FIELD_KEYS = []
    with pytest.raises(crypto.SecretUnreadableError, match="belum diisi"):
        crypto.seal("x")


@pytest.mark.parametrize(
    ("words", "limit", "expected"),
    [
        ("pas", 3, "pas"),
        ("satu dua tiga", 13, "satu dua tiga"),
        ("satu dua tiga", 12, "satu dua…"),
        ("satu, dua", 6, "satu…"),
        ("baris satu\nbaris dua", 15, "baris satu…"),
        ("tanpaspasi", 5, "tanp…"),
    ],
)
def test_cut_between_words(words: str, limit: int, expected: str) -> None:
    assert text.cut(words, limit) == expected
    assert len(text.cut(words, limit)) <= limit
