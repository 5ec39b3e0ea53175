"""The closed list of what can come of a sending, and the one table of Meta's codes.

Everything that decides about a message looks at an :class:`Outcome`, never at a code. The codes stand in Meta's
"Cloud API error codes"; the decision for each is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Nature:
    """``words``: a sentence for the desk. ``alarms``: somebody must look at the number, not at the message.

    ``retryable``: trying again by itself can help. ``stops_line``: every other message would fare the same, so the
    number sends nothing until a person resumes it, and the queue is kept. ``settles_by_status``: the message may
    be on its way, and only a status or time tells.
    """

    words: str | Promise
    retryable: bool = False
    stops_line: bool = False
    settles_by_status: bool = False
    alarms: bool = False


NATURES: dict[str, Nature] = {
    "accepted": Nature(_("Diterima WhatsApp")),
    "rate_limited": Nature(_("WhatsApp meminta kita lebih pelan; dikirim lagi sebentar lagi"), retryable=True),
    "pair_limited": Nature(_("Terlalu banyak pesan ke warga ini; dikirim lagi sebentar lagi"), retryable=True),
    "window_closed": Nature(_("Jendela 24 jam sudah tertutup")),
    "undeliverable": Nature(_("Tidak bisa dikirim ke nomor ini; hubungi warga dengan cara lain")),
    "marketing_held": Nature(_("WhatsApp menahan pesan siaran ini; jangan dikirim lagi dalam 24 jam")),
    "marketing_stopped": Nature(_("Warga tidak mau menerima pesan siaran")),
    "phone_needed": Nature(_("Pesan ini memerlukan nomor HP warga, dan nomornya disembunyikan")),
    "media": Nature(_("Berkas tidak diterima WhatsApp; ubah bentuknya atau minta warga mengirim lagi")),
    "template": Nature(_("Templat pesan tidak cocok atau sedang dihentikan; periksa daftar templat")),
    "token_invalid": Nature(_("Kunci akses nomor ini tidak berlaku lagi"), stops_line=True, alarms=True),
    "permission": Nature(_("Nomor ini tidak diberi izin untuk mengirim"), stops_line=True, alarms=True),
    "account_locked": Nature(_("Akun WhatsApp kantor dikunci"), stops_line=True, alarms=True),
    "account_restricted": Nature(_("Akun WhatsApp kantor dibatasi untuk penerima ini"), alarms=True),
    "payment": Nature(_("Pembayaran akun WhatsApp bermasalah"), stops_line=True, alarms=True),
    "rejected": Nature(_("WhatsApp menolak isi permintaan ini")),
    "temporary": Nature(_("WhatsApp sedang terganggu; dikirim lagi sebentar lagi"), retryable=True),
    "not_sent": Nature(_("WhatsApp tidak dapat dihubungi; dikirim lagi sebentar lagi"), retryable=True),
    "called_off": Nature(_("Ditarik sebelum dikirim")),
    "uncertain": Nature(_("WhatsApp belum menjawab, menunggu kepastian"), settles_by_status=True),
}


class Outcome(Enum):
    """What came of one call, or what a ``failed`` status says. The value is what the tables store."""

    ACCEPTED = "accepted"
    RATE_LIMITED = "rate_limited"
    PAIR_LIMITED = "pair_limited"
    WINDOW_CLOSED = "window_closed"
    UNDELIVERABLE = "undeliverable"
    MARKETING_HELD = "marketing_held"
    MARKETING_STOPPED = "marketing_stopped"
    PHONE_NEEDED = "phone_needed"
    MEDIA = "media"
    TEMPLATE = "template"
    TOKEN_INVALID = "token_invalid"  # noqa: S105  # the name of an outcome, not a token
    PERMISSION = "permission"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_RESTRICTED = "account_restricted"
    PAYMENT = "payment"
    REJECTED = "rejected"
    TEMPORARY = "temporary"
    NOT_SENT = "not_sent"
    CALLED_OFF = "called_off"  # by our own side, before any call
    UNCERTAIN = "uncertain"

    @property
    def nature(self) -> Nature:
        return NATURES[self.value]

    @property
    def words(self) -> str:
        return str(self.nature.words)

    @property
    def retryable(self) -> bool:
        return self.nature.retryable

    @property
    def stops_line(self) -> bool:
        return self.nature.stops_line

    @property
    def settles_by_status(self) -> bool:
        return self.nature.settles_by_status

    @property
    def alarms(self) -> bool:
        return self.nature.alarms


# The number, WhatsApp or the network is at fault and not what was asked: the same may be asked again later.
NOT_THE_WISH = frozenset({
    Outcome.RATE_LIMITED, Outcome.TEMPORARY, Outcome.NOT_SENT, Outcome.UNCERTAIN, Outcome.TOKEN_INVALID,
    Outcome.PERMISSION, Outcome.ACCOUNT_LOCKED,
})  # fmt: skip

# Said of a message that failed for good: another sentence than while it is tried again or waited for.
GAVE_UP: dict[str, str | Promise] = {
    "uncertain": _("Belum pasti terkirim; periksa di HP sebelum mengirim ulang"),
    "rate_limited": _("WhatsApp terlalu lama meminta kita lebih pelan"),
    "pair_limited": _("Terlalu banyak pesan ke warga ini"),
    "temporary": _("WhatsApp terganggu terlalu lama"),
    "not_sent": _("WhatsApp terlalu lama tidak dapat dihubungi"),
}

CODES: dict[int, Outcome] = {
    0: Outcome.TOKEN_INVALID,
    190: Outcome.TOKEN_INVALID,
    3: Outcome.PERMISSION,
    10: Outcome.PERMISSION,
    131005: Outcome.PERMISSION,
    # The number is not registered, or its name is not approved: no message of it leaves.
    131037: Outcome.PERMISSION,
    131045: Outcome.PERMISSION,
    133010: Outcome.PERMISSION,
    4: Outcome.RATE_LIMITED,
    80007: Outcome.RATE_LIMITED,
    80009: Outcome.RATE_LIMITED,  # of a catalogue
    130429: Outcome.RATE_LIMITED,
    131056: Outcome.PAIR_LIMITED,
    131047: Outcome.WINDOW_CLOSED,
    131026: Outcome.UNDELIVERABLE,
    131021: Outcome.UNDELIVERABLE,  # the recipient is the sender
    131030: Outcome.UNDELIVERABLE,  # a test number writes to its list of recipients only
    130472: Outcome.MARKETING_HELD,
    131049: Outcome.MARKETING_HELD,
    131050: Outcome.MARKETING_STOPPED,
    131042: Outcome.PAYMENT,
    131031: Outcome.ACCOUNT_LOCKED,
    368: Outcome.ACCOUNT_LOCKED,
    # These two strike some recipients only (a country, people who might see spam): the others still get theirs.
    130497: Outcome.ACCOUNT_RESTRICTED,
    131048: Outcome.ACCOUNT_RESTRICTED,
    131052: Outcome.MEDIA,
    131053: Outcome.MEDIA,
    131062: Outcome.PHONE_NEEDED,
    131000: Outcome.TEMPORARY,
    131016: Outcome.TEMPORARY,
    131057: Outcome.TEMPORARY,
    133004: Outcome.TEMPORARY,
    1: Outcome.TEMPORARY,
    2: Outcome.TEMPORARY,
}
_RANGES = ((range(200, 300), Outcome.PERMISSION), (range(132000, 132017), Outcome.TEMPLATE))
_BY_HTTP = {401: Outcome.TOKEN_INVALID, 429: Outcome.RATE_LIMITED}


def of_code(code: int, http_status: int | None) -> Outcome:
    """The outcome of Meta's error ``code``, from an answer (with its HTTP status) or a failed status (None).

    An unlisted code is decided by the HTTP status: an error of Meta's own making (5xx) is worth another try, since
    the body says that the message was not taken; anything else would be refused again.
    """
    known = CODES.get(code) or next((outcome for codes, outcome in _RANGES if code in codes), None)
    if known is not None:
        return known
    if http_status in _BY_HTTP:
        return _BY_HTTP[http_status]
    return Outcome.TEMPORARY if http_status is not None and http_status >= 500 else Outcome.REJECTED


def words_of(outcome: str, *, failed: bool = False) -> str:
    """The sentence for a stored outcome; empty for none. ``failed``: the message's state is final."""
    if not outcome:
        return ""
    if failed and outcome in GAVE_UP:
        return str(GAVE_UP[outcome])
    return Outcome(outcome).words
