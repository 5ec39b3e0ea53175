"""The broadcast to subscribers: begun by hand after a look at whom it reaches and what it costs (web: ``siaran``)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pelita.news.models import PublicationState
from pelita.news.publishers.base import Capabilities, Job, Result


class BroadcastPublisher:
    """Waits for a hand: it costs money and cannot be taken back."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            automatic=False, corrects=False, withdraws=False, videos=False, several=False,
            hint=_("Dikirim ke warga yang berlangganan, setelah penerima dan biayanya diperiksa."),
            limits=(
                _("Pesan yang sudah terkirim tidak dapat ditarik. Yang belum, berhenti saat siaran dihentikan."),
            ),
        )  # fmt: skip

    def publish(self, _job: Job, /) -> Result:
        return Result(PublicationState.HAND)

    def correct(self, _job: Job, /) -> Result:
        return Result(PublicationState.DONE)

    def withdraw(self, _job: Job, /) -> Result:
        return Result(PublicationState.WITHDRAWN)

    def overdue(self, _job: Job, /) -> Result:
        return Result(PublicationState.HAND)
