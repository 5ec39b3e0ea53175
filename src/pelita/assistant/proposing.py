"""What of a citizen's sentence may become an alias: the words that name the matter. Pure."""

from __future__ import annotations

from pelita.base import language

MOST = 4
# In the one form of words: what people write around a matter, whatever it is.
_WORDS = (
    "ada admin aja aku anda apa apakah assalamualaikum atau bagaimana bapak bawa berapa bisa buat bu cara dan dapat "
    "dari dengan di dulu gan halo harus hari ibu info ini itu iya jam juga kak kalau kami kantor karena ke kecamatan "
    "kemlagi kita kok lagi lah mana masih mas mau mbak min minta mohon nya oleh pada pagi pak pakai perlu punya "
    "saja saya selamat siang sore sudah syarat tahun tanya terima kasih telah tidak tolong untuk urus wr wb ya yang"
)
_AROUND = frozenset(_WORDS.split())


def alias_of(text: str) -> str:
    """At most four words, as they were written; empty where nothing is left."""
    kept = []
    for word in language.tokens(text):
        forms = set(language.normalise(word))
        if len(word) > 1 and forms and not forms & _AROUND and not any(letter.isdecimal() for letter in word):
            kept.append(word)
    return " ".join(list(dict.fromkeys(kept))[:MOST])
