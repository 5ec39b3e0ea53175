"""What emergencies are told of most, worded so that two taps are enough. Pure.

The words say what holds for each of its kind and promise nothing; whoever knows more writes it over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Alarm:
    """``title``: ``{where}`` is "di Desa …" or "di Kecamatan …". ``hours``: how long it holds unless somebody says."""

    key: str
    icon: str
    label: str | Promise
    title: str | Promise
    text: str | Promise
    hours: int


ALARMS: tuple[Alarm, ...] = (
    Alarm(
        "banjir", "ripple", _("Banjir"), _("Banjir {where}"),
        _("Hindari jalan yang tergenang. Matikan listrik bila air masuk rumah. Bila perlu pertolongan, telepon 112."),
        12,
    ),
    Alarm(
        "jalan", "barrier-block", _("Jalan ditutup"), _("Jalan ditutup {where}"),
        _("Cari jalan lain dan ikuti petunjuk petugas di lapangan."), 12,
    ),
    Alarm(
        "pohon", "wind", _("Angin kencang, pohon tumbang"), _("Angin kencang {where}"),
        _("Tetap di dalam rumah. Jauhi pohon, papan iklan, dan kabel yang jatuh. Bila perlu pertolongan, telepon 112."),
        6,
    ),
    Alarm(
        "longsor", "mountain", _("Tanah longsor"), _("Tanah longsor {where}"),
        _("Jauhi lereng dan jangan melintas dulu. Bila perlu pertolongan, telepon 112."), 24,
    ),
    Alarm(
        "kebakaran", "fire", _("Kebakaran"), _("Kebakaran {where}"),
        _("Beri jalan bagi pemadam dan jangan mendekat. Bila perlu pertolongan, telepon 112."),
        6,
    ),
    Alarm(
        "listrik", "bolt-off", _("Listrik padam"), _("Listrik padam {where}"),
        _("Cabut alat listrik dan hati-hati dengan lilin. Kabar dari PLN kami sampaikan di sini."), 6,
    ),
    Alarm(
        "lain", "alert-triangle", _("Lainnya"), _("Kabar darurat {where}"),
        _("Ikuti petunjuk petugas di lapangan. Bila perlu pertolongan, telepon 112."),
        6,
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Alarm] = {one.key: one for one in ALARMS}
LONGEST = timedelta(days=14)
CHOICES = (3, 6, 12, 24, 48, 72)  # hours that are offered
