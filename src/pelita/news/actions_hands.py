"""What people say and ask of the ways of a post: it went out, it did not after all, send it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base.errors import NotAllowedError, TakenError
from pelita.journal import actions as journal
from pelita.news import rules
from pelita.news.actions_ways import BY_HAND
from pelita.news.models import Post, Publication, PublicationState
from pelita.offices.rules import Place

# What a try leaves behind and a new one must not find.
_OF_A_TRY = ("outbounds", "handed", "announced", "since", "to")


@transaction.atomic
def again(*, post: Post, way: str, by: Place, now: datetime) -> Publication:
    """Try one way again that failed; the others stay as they are. Raises NotAllowedError and TakenError."""
    row = _held(post, way, by, PublicationState.FAILED)
    row.proof = {key: value for key, value in row.proof.items() if key not in _OF_A_TRY}
    row.state, row.error, row.next_at = PublicationState.WAITING, "", now
    return _noted(row, "publication.again", by, now)


@transaction.atomic
def shown(*, post: Post, way: str, by: Place, now: datetime) -> Publication:
    """An officer did by hand what the way asked for: shared it, or removed it. Who and when is the proof."""
    row = _held(post, way, by, PublicationState.HAND)
    removed = row.proof.get("deed") == "withdraw"
    row.state = PublicationState.WITHDRAWN if removed else PublicationState.DONE
    row.proof = {**row.proof, "out": now.isoformat()}
    row.by, row.at, row.error, row.revision = by.officer, now, "", post.revision
    return _noted(row, f"publication.{row.state}", by, now)


@transaction.atomic
def not_shown(*, post: Post, way: str, by: Place, now: datetime) -> Publication:
    """It was said too early: the way waits for a hand again. Only while the post is public."""
    row = _held(post, way, by, PublicationState.DONE)
    if row.way not in BY_HAND:
        raise _moved()
    row.proof = {key: value for key, value in row.proof.items() if key != "out"}
    row.state, row.by, row.at = PublicationState.HAND, None, None
    return _noted(row, "publication.not_shown", by, now)


def _held(post: Post, way: str, by: Place, state: PublicationState) -> Publication:
    if post.office_id != by.office.pk or not rules.may_edit(by, post):
        raise NotAllowedError
    rows = Publication.objects.select_for_update().filter(office=by.office, post=post, way=way, state=state)
    row = rows.first()
    if row is None:
        raise _moved()
    return row


def _moved() -> TakenError:
    return TakenError(_("Keadaannya sudah berubah. Muat ulang, lalu periksa lagi."))


def _noted(row: Publication, verb: str, by: Place, now: datetime) -> Publication:
    row.save()
    subject = ("post", row.post_id)
    journal.record(office=row.office_id, verb=verb, subject=subject, by=by.officer, now=now, way=row.way)
    return row
