"""Bringing posts out on their ways: marked, committed, called, noted. What a dead worker left is taken up again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.journal import actions as journal
from pelita.news.models import Post, PostState, Publication, PublicationState, Way
from pelita.news.picturing import caption_of, files_of
from pelita.news.publishers.base import Job, Publisher, Result, failed, went_out
from pelita.news.publishers.broadcast import BroadcastPublisher
from pelita.news.publishers.page import PagePublisher
from pelita.news.publishers.phone import PhonePublisher, arrived
from pelita.news.publishers.share import SharePublisher
from pelita.whatsapp.models import Outbound
from pelita.whatsapp.trouble import is_trouble, told

logger = logging.getLogger(__name__)

PUBLISHERS: Mapping[str, Publisher] = {
    Way.PAGE: PagePublisher(),
    Way.SHARE: SharePublisher(),
    Way.PHONE: PhonePublisher(),
    Way.BROADCAST: BroadcastPublisher(),
}
# What the worker carries. A broadcast has a worker of its own rates, the linked device a process of its own.
CARRIED = (Way.PAGE, Way.SHARE, Way.PHONE)
STUCK = timedelta(minutes=10)  # longer than any call


def run(
    *,
    now: datetime,
    publishers: Mapping[str, Publisher] = PUBLISHERS,
    ways: Sequence[str] = CARRIED,
    office: int | None = None,
) -> int:
    """One way of one post that is due, of one office or of all, the longest waiting first. Returns 0 when none was.

    Never inside a transaction: publishers draw, store and call."""
    claimed = _claimed(ways, now, office)
    if claimed is None:
        return 0
    row, interrupted = claimed
    posts = Post.objects.filter(office=row.office_id).select_related("office", "section", "village")
    post = posts.get(pk=row.post_id)
    deed = "overdue" if row.proof.get("handed") else deed_of(post, row)
    key, cut_off = f"{row.pk}:{post.revision}", interrupted and deed != "overdue"
    job = Job(post, key, dict(row.proof), caption_of(post), lambda: files_of(post), now, cut_off)
    try:
        result: Result = getattr(publishers[row.way], deed)(job)
    except Exception as error:
        if is_trouble(error):
            raise
        logger.error("publication %d: %s", row.pk, told(error))  # noqa: TRY400 (a trace quotes the error)
        result = failed(_("Ada gangguan di sistem. Coba kirim lagi."))
    with transaction.atomic():
        held = Publication.objects.select_for_update().filter(office=row.office_id, pk=row.pk).first()
        if held is not None and (held.state, held.tries) == (PublicationState.RUNNING, row.tries):
            note(held, result, deed=deed, revision=post.revision, now=now)
    return 1


def deed_of(post: Post, row: Publication) -> str:
    """What is to be done on a way that is due."""
    if post.state == PostState.WITHDRAWN:
        return "withdraw"
    return "correct" if went_out(row) else "publish"


@transaction.atomic
def _claimed(ways: Sequence[str], now: datetime, office: int | None = None) -> tuple[Publication, bool] | None:
    """The row, now RUNNING, and whether it was so before."""
    rows = Publication.objects.across_offices("the clock publishes for every office").filter(
        way__in=ways, state__in=[PublicationState.WAITING, PublicationState.RUNNING], next_at__lte=now
    )
    if office is not None:
        rows = rows.filter(office=office)
    row = rows.order_by("next_at", "id").select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    interrupted = row.state == PublicationState.RUNNING
    row.tries = min(row.tries + 1, 30_000)
    row.state, row.next_at = PublicationState.RUNNING, now + STUCK
    row.save(update_fields=["state", "tries", "next_at"])
    return row, interrupted


def note(held: Publication, result: Result, *, deed: str, revision: int, now: datetime) -> None:
    """Store how a deed ended. The caller holds the row in a transaction."""
    more = result.inside() if result.inside else {}
    proof = {**held.proof, **result.proof, **more}
    proof.pop("handed", None)
    state, error, again_at = result.state, result.error, result.again_at or now
    if state == PublicationState.RUNNING:
        proof["handed"], proof["revision"] = now.isoformat(), revision
    elif state == PublicationState.HAND:
        proof["deed"] = deed
    elif state == PublicationState.DONE:
        proof["out"], held.revision = now.isoformat(), revision
        # It may have been put right or taken back while it went out.
        post = Post.objects.filter(office=held.office_id, pk=held.post_id).values_list("state", "revision").get()
        if post[0] == PostState.WITHDRAWN or post[1] > revision:
            state = PublicationState.WAITING
    if state in (PublicationState.DONE, PublicationState.FAILED, PublicationState.WITHDRAWN):
        held.at = now
        journal.record(
            office=held.office_id, verb=f"publication.{state}", subject=("post", held.post_id), by=None, now=now,
            way=held.way,
        )  # fmt: skip
    held.state, held.error, held.proof, held.next_at = state, error[:300], proof, again_at
    held.save()


def deliveries_changed(outbounds: Sequence[Outbound], /, *, now: datetime) -> None:
    """Messages to officers' phones moved on: those that carry a post prove it together, or that it failed."""
    offices = {one.office_id: one.pk for one in outbounds if one.thread < 0}
    if not offices:
        return
    changed = {one.pk for one in outbounds if one.thread < 0}
    rows = Publication.objects.across_offices("a set of reports of many offices; each belongs to one").filter(
        office__in=list(offices), way=Way.PHONE, state=PublicationState.RUNNING
    )
    for row in rows.order_by("id").select_for_update():
        wanted = [int(one) for one in row.proof.get("outbounds", [])]
        if not changed.intersection(wanted):
            continue
        states = Outbound.objects.filter(office=row.office_id, pk__in=wanted).values_list("state", "delivery")
        state = arrived(list(states), len(wanted))
        if state is None:
            continue
        error = _("WhatsApp tidak menyampaikan kartu ke HP Admin. Coba kirim lagi.")
        revision = int(row.proof.get("revision", row.revision))
        result = Result(state, error=error if state == PublicationState.FAILED else "")
        note(row, result, deed="publish", revision=revision, now=now)


__all__ = ["CARRIED", "PUBLISHERS", "deed_of", "deliveries_changed", "note", "run"]
