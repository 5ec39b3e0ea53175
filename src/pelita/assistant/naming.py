"""A question that names a document and no more ("ngurus ktp pripun"): which services it may mean. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pelita.base import language
from pelita.catalog.understanding import KnownService

MOST = 3
# Words around the name of a document that say only that somebody asks, in the one form of words.
_AROUND = frozenset(
    (  # noqa: SIM905  # sixty words read better as text than as sixty strings
        "syarat saja apa yang bawa berkas cara bagaimana urus buat mau ingin tanya info informasi minta tolong mohon "
        "pak bu mas mbak kak min admin saya aku ya untuk di ke dan dong kecamatan kantor berapa biaya lama bisa kalau "
        "halo permisi selamat pagi siang sore malam maaf terima kasih proses daftar tentang soal perlu butuh"
    ).split()
)


def named(text: str, services: Iterable[KnownService]) -> tuple[str, ...]:
    """Codes of the two or three services whose names hold every word of the text that means something.

    Any other word ("kk saya ditahan calo") and the text is about more than its papers: then none.
    """
    said = frozenset(language.normalise(text)) - _AROUND
    if not said or len(said) > 2:
        return ()
    fits = tuple(one.code for one in services if said <= _words(one.short_name))
    return fits if 2 <= len(fits) <= MOST else ()


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    return frozenset(language.normalise(name))
