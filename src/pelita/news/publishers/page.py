"""The office's own page: it shows what is published, so nothing has to be done."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pelita.news.models import PublicationState
from pelita.news.picturing import address_of
from pelita.news.publishers.base import Capabilities, Job, Result


class PagePublisher:
    """Done in the moment of publication; corrections and withdrawals show at once."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            automatic=True, corrects=True, withdraws=True, videos=True, several=True,
            hint=_("Tayang di halaman kantor saat itu juga."),
        )  # fmt: skip

    def publish(self, job: Job, /) -> Result:
        return Result(PublicationState.DONE, proof={"address": address_of(job.post)})

    def correct(self, job: Job, /) -> Result:
        return self.publish(job)

    def withdraw(self, _job: Job, /) -> Result:
        return Result(PublicationState.WITHDRAWN)

    def overdue(self, job: Job, /) -> Result:
        return self.publish(job)
