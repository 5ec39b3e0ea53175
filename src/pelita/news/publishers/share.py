"""Status by hand: an officer opens the post on the office's phone and shares the card to WhatsApp (web: ``bagikan``).

Nobody but that officer knows whether it went out, so the proof is who said so and when.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from pelita.news.models import PublicationState
from pelita.news.publishers.base import LASTS, Capabilities, Job, Result


class SharePublisher:
    """Waits for a hand. After a day a Status is gone, and there is nothing left to put right or to take back."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            automatic=False, corrects=False, withdraws=False, videos=True, several=True,
            hint=_("Buka di HP kantor, bagikan kartunya ke Status, lalu tandai sudah tayang."),
            limits=(
                _("Status hanya terlihat oleh warga yang menyimpan nomor kantor dan disimpan kantor, selama 24 jam."),
                _("Perbaikan dan penarikan tidak ikut sendiri: hapus Status lama di HP kantor, lalu bagikan lagi."),
            ),
        )  # fmt: skip

    def publish(self, _job: Job, /) -> Result:
        return Result(PublicationState.HAND)

    def correct(self, job: Job, /) -> Result:
        if _gone(job):
            return Result(PublicationState.DONE)
        return Result(PublicationState.HAND, error=_("Ada perbaikan. Hapus Status yang lama, lalu bagikan lagi."))

    def withdraw(self, job: Job, /) -> Result:
        if _gone(job):
            return Result(PublicationState.WITHDRAWN)
        return Result(PublicationState.HAND, error=_("Kiriman ini ditarik. Hapus Statusnya di HP kantor."))

    def overdue(self, _job: Job, /) -> Result:
        return Result(PublicationState.HAND)


def _gone(job: Job) -> bool:
    return not str(job.proof.get("out", "")) or str(job.proof["out"]) <= (job.now - LASTS).isoformat()
