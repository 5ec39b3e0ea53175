"""Which service of the catalogue an inquiry is about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from pelita.catalog.queries import published_of
from pelita.desk import deadlines, rules
from pelita.desk.actions.moving import hold
from pelita.desk.errors import InvalidError, NotAllowedError
from pelita.desk.models import Inquiry
from pelita.desk.queries.clockwork import clockwork
from pelita.journal import actions as journal
from pelita.offices.rules import Place


def may_serve(by: Place, inquiry: Inquiry) -> bool:
    """Whoever writes its answer: who does the admin's part, and the section that has it."""
    return rules.may_handle(by, inquiry) or (not inquiry.secret and inquiry.section_id in by.section_ids)


@transaction.atomic
def remember_service(*, inquiry: Inquiry, service: int, by: Place, now: datetime) -> None:
    """The requirements of this service were put into the answer. No move: nobody else's page gets old by it.

    Raises InvalidError when nothing of the service is published in the office.
    """
    if by.office.pk != inquiry.office_id or not may_serve(by, inquiry):
        raise NotAllowedError
    version = published_of(by.office, service)
    if version is None:
        raise InvalidError("service", "Layanan itu tidak terbit lagi. Cari yang lain.")
    rows = Inquiry.objects.filter(office=by.office, pk=inquiry.pk)
    hold(inquiry)
    if not rows.exclude(service=service).update(service=service):
        return  # for the second time
    times = clockwork(by.office.pk, now)
    if times.speaks_of(inquiry.service_id, service):
        inquiry.refresh_from_db(from_queryset=rows)
        rows.update(**deadlines.recounted(times, inquiry, now))
    inquiry.service_id = service
    sections = [inquiry.section_id] if inquiry.section_id else []
    journal.record(
        office=by.office, verb="inquiry.service", subject=("inquiry", inquiry.pk), by=by.officer, now=now,
        audience=sections, code=inquiry.code, state=inquiry.state, holder=inquiry.holder, service=version.service.code,
        number=version.number,
    )  # fmt: skip
