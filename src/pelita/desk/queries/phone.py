"""What the office's phone has to do with an inquiry, and with a citizen's number."""

from __future__ import annotations

from datetime import datetime

from pelita.desk.models import Entry, Identity, IdentityKind, Inquiry
from pelita.whatsapp.models import OutboundKind, Source

# What the office says by itself is no answer.
MARKS = (OutboundKind.READ_MARK, OutboundKind.REACTION, OutboundKind.CONTACT_REQUEST)


def last_said(inquiry: Inquiry) -> int | None:
    """The office's newest message of an inquiry, by id."""
    return _last(inquiry)[0]


def phone_said_last(inquiry: Inquiry) -> bool:
    """Whether the newest message of the office was typed on its phone."""
    return _last(inquiry)[1] == Source.PHONE


def _last(inquiry: Inquiry) -> tuple[int | None, str]:
    rows = Entry.objects.filter(office=inquiry.office_id, inquiry=inquiry, outbound__isnull=False)
    rows = rows.exclude(outbound__kind__in=MARKS).order_by("-at", "-id")
    return rows.values_list("outbound", "outbound__source").first() or (None, "")


def asked_number_at(inquiry: Inquiry) -> datetime | None:
    """When the citizen was last asked for the number, None when never."""
    rows = Entry.objects.filter(
        office=inquiry.office_id,
        conversation=inquiry.conversation_id,
        outbound__kind=OutboundKind.CONTACT_REQUEST,
    )
    return rows.exclude(outbound__state="failed").order_by("-at", "-id").values_list("at", flat=True).first()


def known_number(inquiry: Inquiry) -> bool:
    """Whether the office knows a number of the citizen, from WhatsApp or told."""
    rows = Identity.objects.filter(office=inquiry.office_id, citizen=inquiry.citizen_id, retired_at=None)
    return rows.filter(kind__in=[IdentityKind.WA_ID, IdentityKind.PHONE]).exists()
