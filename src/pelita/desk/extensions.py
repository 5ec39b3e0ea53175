"""The more time that a request for public information may be given once, with a written reason."""

from __future__ import annotations

from datetime import datetime

from pelita.desk.models import InformationRequest, Inquiry, InquiryKind
from pelita.offices.worktime import Calendar, NeverOpenError

MORE_DAYS = 7  # working days, once, with a written reason (UU 14/2008 art. 22 (8))


def extended(calendar: Calendar, inquiry: Inquiry, due: datetime | None, *, since: datetime) -> datetime | None:
    """A promise that is counted anew, with the days that were given since it was asked: they are the citizen's to know
    and do not vanish. One query for a request for public information, none for others."""
    if due is None or inquiry.kind != InquiryKind.INFORMATION or inquiry.pk is None:
        return due
    rows = InformationRequest.objects.filter(office=inquiry.office_id, inquiry=inquiry.pk)
    if not rows.filter(extended_at__gte=since).exists():
        return due
    try:
        return calendar.add_days(due, MORE_DAYS)
    except NeverOpenError:
        return due
