"""The normaliser: what citizens write and what officers ask meet in the same tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelita.base import language
from pelita.base.language import normalise, stem


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Pripun carane ndamel KTP anyar?", "bagaimana cara buat ktp baru"),
        ("syarat2 bikin KK brp hari jadinya", "syarat buat kk berapa hari jadi"),
        ("e-KTP kulo ical", "ktp saya hilang"),
        ("kts keluarga ilang", "kk hilang"),
        ("KARTU TANDA PENDUDUK", "ktp"),
        ("nuwun sewu, nyuwun pirso syarate nikah", "permisi tanya syarat nikah"),
        ("tolooong maaaf", "tolong maaf"),
        ("omahe bojoku rusak", "rumah suami rusak"),
        ("mengurus pengurusan ngurusin diurus", "urus urus urus urus"),
        ("menikah pernikahan", "nikah nikah"),
        ("kependudukan perpindahan penyelesaian", "penduduk pindah selesai"),
        ("café 𝗞𝗧𝗣", "cafe ktp"),
        ("NIK 3516010203040005", "nik 3516010203040005"),
        ("🙏🙏", ""),
    ],
)
def test_words_meet(said: str, meant: str) -> None:
    assert " ".join(normalise(said)) == meant


@pytest.mark.parametrize("word", ["kk", "akta", "nik", "kia", "skck", "n1", "lapor"])
def test_abbreviations_stay(word: str) -> None:
    assert normalise(word) == [word]


@pytest.mark.parametrize(
    "word",
    ["kemlagi", "mojojajar", "watesprojo", "suratno", "budiman", "sukarni", "siti", "putra", "sekarang", "perempuan"],
)
def test_names_and_whole_words_lose_nothing(word: str) -> None:
    """An affix is taken off only where a known root is left; a name that means something in Javanese stays a name."""
    assert normalise(word) == [word]
    assert stem(word) == word


def _known() -> list[str]:
    tables = language._tables()
    return sorted({*tables.words, *tables.roots, *(" ".join(phrase) for phrase in tables.phrases)})


KNOWN = _known()
WORDS = st.one_of(st.sampled_from(KNOWN), st.text(alphabet="abcdeghiklmnoprstuy02", max_size=12))


def test_phrases_do_not_turn_in_a_circle() -> None:
    """ "kasih tahu" → "beri tahu" and "terima beri" → "terima kasih" once did, where they overlapped."""
    phrases = list(language._tables().phrases)
    said = [" ".join(words) for one in phrases for other in phrases for words in (one + other, one + other[1:])]
    assert [text for text in said if normalise(" ".join(normalise(text))) != normalise(text)] == []


def test_every_known_word_is_settled_at_once() -> None:
    unsettled = [word for word in KNOWN if normalise(" ".join(normalise(word))) != normalise(word)]
    assert unsettled == []


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(" ".join(once)) == once


@given(st.text())
def test_any_text_gives_few_short_tokens(text: str) -> None:
    found = normalise(text)
    assert normalise(" ".join(found)) == found
    assert all(1 <= len(token) <= language.LONGEST for token in found)


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("surat kehilangan " * 100_000)) == language.MOST
    assert normalise("x" * 5000) == ["x"]
    assert len(normalise("ab" * 5000)[0]) == language.LONGEST
