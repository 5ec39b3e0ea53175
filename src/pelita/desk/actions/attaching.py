"""Answers with a photo or a paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from pelita.desk.actions.drafting import Seat
from pelita.desk.actions.moving import require_admin
from pelita.desk.actions.review import answer_directly
from pelita.desk.errors import InvalidError
from pelita.desk.models import Answer, Inquiry
from pelita.offices.rules import Place
from pelita.whatsapp.media.outgoing import discard, store_outgoing
from pelita.whatsapp.models import Line, Media


def sending_line(inquiry: Inquiry) -> Line:
    """The number from which a file reaches the citizen, or InvalidError: a file belongs to one number."""
    if inquiry.conversation.line is None:
        raise InvalidError("file", "Warga ini belum pernah menulis lewat WhatsApp, jadi berkas tidak bisa dikirim.")
    return inquiry.conversation.line


@contextmanager
def put_away(*, inquiry: Inquiry, file: BinaryIO, filename: str, now: datetime) -> Iterator[Media]:
    """The file, stored before the transaction that uses it, because its bytes may travel to a bucket.

    When what is done with it does not come about, nothing of it stays. Raises a WireError about the file.
    """
    media = store_outgoing(line=sending_line(inquiry), file=file, filename=filename, now=now)
    try:
        yield media
    except BaseException:
        discard(media=media)
        raise


def answer_with_file(
    *,
    inquiry: Inquiry,
    text: str,
    file: BinaryIO,
    filename: str,
    by: Place,
    now: datetime,
    seen: int | None = None,
    seat: Seat | None = None,
) -> Answer:
    """Answer with a file; the text is its caption. Errors as of answer_directly, and a WireError about the file."""
    require_admin(by, inquiry)
    with put_away(inquiry=inquiry, file=file, filename=filename, now=now) as media:
        return answer_directly(inquiry=inquiry, text=text, file=media, by=by, now=now, seen=seen, seat=seat)
