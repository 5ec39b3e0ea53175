"""An answer of the admin's with a photo or a paper."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from pelita.desk.actions.moving import require_admin
from pelita.desk.actions.review import answer_directly
from pelita.desk.models import Answer, Inquiry
from pelita.offices.rules import Place
from pelita.whatsapp.media.outgoing import discard, store_outgoing


def answer_with_file(
    *,
    inquiry: Inquiry,
    text: str,
    file: BinaryIO,
    filename: str,
    by: Place,
    now: datetime,
    seen: int | None = None,
) -> Answer:
    """Answer with a file; the text is its caption. Errors as of answer_directly, and a WireError about the file.

    The file is put away before the transaction of the answer, because its bytes may travel to a bucket. When the
    answer does not come about, nothing of the file stays.
    """
    require_admin(by, inquiry)
    media = store_outgoing(line=inquiry.conversation.wire, file=file, filename=filename, now=now)
    try:
        return answer_directly(inquiry=inquiry, text=text, file=media, by=by, now=now, seen=seen)
    except BaseException:
        discard(media=media)
        raise
