"""Status over a linked device: by itself, and against WhatsApp's terms. Only ``./pelita linked`` carries it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from pelita.news.linked.gate import MOST, Gate
from pelita.news.models import PublicationState
from pelita.news.publishers.base import Capabilities, Job, Result, failed

LOOK_AGAIN = timedelta(minutes=1)
APART = timedelta(minutes=2)  # between two posts of one office
A_DAY = 20  # posts of one office; who posts more looks like a machine


class LinkedPublisher:
    """``gate`` is the device; ``stopped`` the switch, asked before every file; ``earlier`` the times of this office's
    posts of the last day on this way, the newest first."""

    def __init__(self, gate: Gate, stopped: Callable[[], bool], earlier: Callable[[Job], list[datetime]]) -> None:
        self.gate, self.stopped, self.earlier = gate, stopped, earlier

    @property
    def capabilities(self) -> Capabilities:
        return linked_capabilities()

    def publish(self, job: Job, /) -> Result:
        if job.interrupted:
            return failed(_("Terputus saat mengirim. Lihat Status di HP kantor; kirim lagi hanya bila belum ada."))
        if self.stopped() or not self.gate.ready():
            words = _("Perangkat tertaut sedang tidak tersambung.")
            return Result(PublicationState.WAITING, error=words, again_at=job.now + LOOK_AGAIN)
        if self.gate.people() > MOST:
            return failed(_("Kontak HP kantor lebih dari {most}. Bagikan dari HP saja.").format(most=MOST))
        if wait := self._wait(job):
            return Result(PublicationState.WAITING, error=_("Menunggu giliran, supaya tidak beruntun."), again_at=wait)
        return self._posted(job)

    def correct(self, job: Job, /) -> Result:
        taken_back = self.withdraw(job)
        return self.publish(job) if taken_back.state == PublicationState.WITHDRAWN else taken_back

    def withdraw(self, job: Job, /) -> Result:
        if self.stopped() or not self.gate.ready():
            words = _("Belum terhapus: perangkat tertaut sedang tidak tersambung. Hapus dari HP kantor bila mendesak.")
            return Result(PublicationState.WAITING, error=words, again_at=job.now + LOOK_AGAIN)
        try:
            for one in job.proof.get("messages", []):
                self.gate.revoke(str(one))
        except OSError:
            return Result(PublicationState.HAND, error=_("WhatsApp menolak menghapus. Hapus Statusnya di HP kantor."))
        return Result(PublicationState.WITHDRAWN, proof={"messages": []})

    def overdue(self, job: Job, /) -> Result:
        return self.publish(job)

    def _wait(self, job: Job) -> datetime | None:
        earlier = self.earlier(job)
        if earlier and earlier[0] > job.now - APART:
            return earlier[0] + APART
        return earlier[A_DAY - 1] + timedelta(days=1) if len(earlier) >= A_DAY else None

    def _posted(self, job: Job) -> Result:
        sent: list[str] = []
        try:
            for at, one in enumerate(job.files()):
                if self.stopped():
                    break
                sent.append(self.gate.post(one.data, one.content_type, job.caption if at == 0 else ""))
        except OSError:
            if not sent:
                return failed(_("WhatsApp menolak kiriman dari perangkat tertaut. Bagikan dari HP kantor."))
        if not sent:
            return Result(PublicationState.WAITING, error=_("Dihentikan."), again_at=job.now + LOOK_AGAIN)
        return Result(PublicationState.DONE, proof={"messages": sent})


def linked_capabilities() -> Capabilities:
    """What the way can do, also where no device is linked."""
    return Capabilities(
        automatic=True, corrects=True, withdraws=True, videos=True, several=True,
        hint=_("Dikirim sendiri oleh perangkat tertaut, bila dinyalakan."),
        limits=(
            _("Tidak diizinkan WhatsApp: nomor kantor dapat diblokir selamanya."),
            _("Penerima ditentukan setelan privasi HP; lebih dari {most} kontak ditolak.").format(most=MOST),
            _("Bila terputus di tengah, petugas harus melihat sendiri apakah sudah tayang."),
        ),
    )  # fmt: skip
