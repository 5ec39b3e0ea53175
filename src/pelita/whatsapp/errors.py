"""What can be wrong with an outgoing message or a line, each with an Indonesian sentence fit for the screen."""

from __future__ import annotations

from django.utils.translation import gettext as _


class WireError(Exception):
    """Base: ``str(error)`` is a sentence for the person that says what to do."""


class EmptyMessageError(WireError):
    """Nothing but white space."""

    def __init__(self) -> None:
        super().__init__(_("Pesan masih kosong. Tulis isinya dulu."))


class MessageTooLongError(WireError):
    """More than WhatsApp takes in one text message. ``length`` and ``limit`` count characters."""

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__(
            _(
                "Pesan terlalu panjang: %(length)s huruf. WhatsApp menerima paling banyak %(limit)s. "
                "Pendekkan atau bagi menjadi dua pesan."
            )
            % {"length": _grouped(length), "limit": _grouped(limit)}
        )


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


class NotAllowedError(WireError):
    """The officer's duties do not cover this."""

    def __init__(self) -> None:
        super().__init__(_("Tugas Anda tidak mencakup langkah ini. Hubungi Admin Induk."))


class BadLineError(WireError):
    """A line's address, version or token cannot be used, or the number belongs to another office."""


class OutsideTransactionError(RuntimeError):
    """Enqueueing must commit or roll back together with what caused it; a programming mistake otherwise."""


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
