"""What can be wrong with an outgoing message or a line, each with an Indonesian sentence fit for the screen."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pelita.base.text import size_words


class WireError(Exception):
    """Base: ``str(error)`` is a sentence for the person that says what to do."""


class EmptyMessageError(WireError):
    """Nothing but white space."""

    def __init__(self) -> None:
        super().__init__(_("Pesan masih kosong. Tulis isinya dulu."))


class TooLongError(WireError):
    """A part of a message is longer than WhatsApp takes. ``length`` and ``limit`` count characters."""

    def __init__(self, what: str, length: int, limit: int, sentence: str = "") -> None:
        self.length = length
        self.limit = limit
        words = sentence or _(
            "%(what)s terlalu panjang: %(length)s huruf, paling banyak %(limit)s. Pendekkan %(over)s huruf lagi."
        )
        found = {"what": what, "length": _grouped(length), "limit": _grouped(limit), "over": _grouped(length - limit)}
        super().__init__(words % found)


class MessageTooLongError(TooLongError):
    """More than WhatsApp takes in one text message."""

    def __init__(self, length: int, limit: int) -> None:
        sentence = _(
            "Pesan terlalu panjang: %(length)s huruf. WhatsApp menerima paling banyak %(limit)s. "
            "Pendekkan atau bagi menjadi dua pesan."
        )
        super().__init__("", length, limit, sentence)


class TooManyError(WireError):
    """More parts of one kind than WhatsApp takes in a message."""

    def __init__(self, what: str, count: int, limit: int) -> None:
        self.count = count
        self.limit = limit
        super().__init__(
            _("%(what)s terlalu banyak: %(count)s, paling banyak %(limit)s. Kurangi %(over)s lagi.")
            % {"what": what, "count": count, "limit": limit, "over": count - limit}
        )


class MissingPartError(WireError):
    """A part that WhatsApp insists on is empty."""

    def __init__(self, what: str) -> None:
        super().__init__(_("%s masih kosong. Isi dulu.") % what)


class BadMessageError(WireError):
    """Something else about the message that WhatsApp would refuse; the sentence says what."""

    @classmethod
    def of_other_number(cls) -> BadMessageError:
        return cls(_("Berkas atau templat ini milik nomor WhatsApp lain. Pilih yang milik nomor ini."))


class NoCatalogError(WireError):
    """The number has no catalogue to send items of."""

    def __init__(self) -> None:
        super().__init__(_("Nomor ini belum tersambung ke katalog WhatsApp. Kirim sebagai daftar pilihan atau teks."))


class NoAddressError(WireError):
    """Neither a phone number nor a business-scoped user id is known."""

    def __init__(self) -> None:
        super().__init__(_("Warga ini belum punya alamat WhatsApp yang bisa dikirimi pesan."))


class NotFailedError(WireError):
    """Only a message that failed can be sent again by a person; somebody was faster, or it is under way."""

    def __init__(self) -> None:
        super().__init__(
            _("Pesan ini tidak sedang gagal, jadi tidak dikirim ulang. Muat ulang untuk melihat keadaannya.")
        )


class NotLeftError(WireError):
    """Only what was kept or failed too often can be driven again; somebody was faster."""

    def __init__(self) -> None:
        super().__init__(_("Butir ini sudah diproses. Muat ulang untuk melihat keadaannya."))


class NoHandlerError(WireError):
    """Nothing in this release takes such an item in, or its number is not registered."""

    def __init__(self) -> None:
        super().__init__(
            _("Butir ini belum bisa diproses: jenisnya belum dikenal atau nomornya belum terdaftar. Simpan dulu.")
        )


class NotAllowedError(WireError):
    """The officer's duties do not cover this."""

    def __init__(self) -> None:
        super().__init__(_("Tugas Anda tidak mencakup langkah ini. Hubungi Admin Induk."))


class FileRefusedError(WireError):
    """WhatsApp does not take this file, or it never got there."""

    def __init__(self) -> None:
        super().__init__(_("Berkas ini tidak diterima WhatsApp. Ubah bentuknya atau kirim berkas lain."))


class FileTooLargeError(WireError):
    """More bytes than WhatsApp takes for this kind."""

    def __init__(self, size: int, limit: int, what: str) -> None:
        super().__init__(
            _(
                "{what} ini {size}. WhatsApp menerima paling besar {limit}. Perkecil dulu, atau kirim bagiannya saja."
            ).format(what=what, size=size_words(size), limit=size_words(limit))
        )


class FileTypeError(WireError):
    """A file of a type that WhatsApp does not take, or that is not what its name says."""

    def __init__(self, words: str) -> None:
        super().__init__(_("Berkas ini tidak bisa dikirim lewat WhatsApp. Pakai {words}.").format(words=words))


class FileEmptyError(WireError):
    def __init__(self) -> None:
        super().__init__(_("Berkas ini kosong. Pilih berkas lain."))


class BadLineError(WireError):
    """A line's address, version or token cannot be used, or the number belongs to another office."""


class BadTemplateError(WireError):
    """A template that WhatsApp would refuse. ``field`` names the part of the form that is at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class TemplateBusyError(WireError):
    """Somebody else, or WhatsApp, changed the template in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("Templat ini baru saja berubah. Lihat keadaan terbarunya, lalu coba lagi."))


class OutsideTransactionError(RuntimeError):
    """Enqueueing must commit or roll back together with what caused it; a programming mistake otherwise."""


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
