"""Writes of broadcasts by people: prepared, tried on the own phone, begun, paused, gone on with, stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base import bulk
from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.models import OfficerPhone
from pelita.desk.officers.saying import open_now, say
from pelita.journal import actions as journal
from pelita.news import queries, queries_broadcast, rules_broadcast
from pelita.news.actions_subscriptions import adopt_merged
from pelita.news.models import Post, PostState, Publication, PublicationState, Way
from pelita.news.models_broadcast import Broadcast, BroadcastState, Fate, Pause, Recipient, Skip
from pelita.news.wording import Wording
from pelita.offices.models import Officer
from pelita.offices.rules import Place
from pelita.whatsapp.actions import templates
from pelita.whatsapp.actions.calling_off import call_off_set
from pelita.whatsapp.models import Template
from pelita.whatsapp.queries import line_of
from pelita.whatsapp.templates import PROPOSAL

_RECIPIENTS = f"""
INSERT INTO news_recipient (office_id, broadcast_id, citizen_id, state, reason, free, changed_at)
SELECT s.office_id, %b, s.citizen_id, 'waiting', '', false, %b {queries_broadcast.AUDIENCE} ORDER BY s.id
ON CONFLICT (broadcast_id, citizen_id) DO NOTHING
"""
# Who subscribed on another number of the office has no conversation on this one yet.
_TALKS = """
INSERT INTO desk_conversation (office_id, line_id, citizen_id, last_entry_at, unread)
SELECT r.office_id, %b, r.citizen_id, %b, 0 FROM news_recipient r WHERE r.office_id = %b AND r.broadcast_id = %b
ON CONFLICT (office_id, line_id, citizen_id) DO NOTHING
"""
ENDED = frozenset({BroadcastState.STOPPED, BroadcastState.DONE})


def _taken() -> TakenError:
    return TakenError(_("Siaran ini baru saja berubah. Lihat keadaan terbarunya."))


@transaction.atomic
def prepare(*, post: Post, by: Place, now: datetime) -> Broadcast:
    """A broadcast of a published post that waits for somebody to begin it; the one that is there already, else a new
    one. Raises NotAllowedError, and InvalidError with what is missing."""
    _require(by, post)
    held = Post.objects.select_for_update().filter(office=by.office, pk=post.pk, state=PostState.PUBLISHED).first()
    if held is None:
        raise InvalidError("post", _("Kiriman ini belum tayang atau sudah ditarik."))
    line = line_of(by.office)
    if line is None:
        raise InvalidError("line", _("Hubungkan nomor WhatsApp kantor dulu."))
    adopt_merged(office=by.office.pk, now=now)  # else the preview counts nobody who turned out to be another one
    found = Broadcast.objects.filter(office=by.office, post=held).first()
    if found is not None:
        return found
    made = Broadcast.objects.create(office=by.office, post=held, line=line, made_by=by.officer, made_at=now)
    Publication.objects.get_or_create(
        office=by.office, post=held, way=Way.BROADCAST, defaults={"state": PublicationState.HAND, "next_at": now}
    )
    _note(made, "broadcast.prepared", by.officer, now)
    return made


@transaction.atomic
def try_out(*, broadcast: Broadcast, by: Place, now: datetime) -> None:
    """Send it to the officer's own phone, as citizens with an open window get it, else as the template.

    Raises InvalidError with what to do first.
    """
    _require(by)
    rows = OfficerPhone.objects.filter(office=by.office, officer=by.officer, confirmed_at__isnull=False)
    phone = rows.filter(line__isnull=False).select_related("line", "officer").select_for_update(of=("self",)).first()
    if phone is None or phone.line is None:
        raise InvalidError("phone", _("Hubungkan WhatsApp Anda dulu di Nomor saya, supaya uji bisa dikirim ke sana."))
    wording = Wording(broadcast.post, queries_broadcast.news_template(phone.line))
    if open_now(phone, now):
        say(phone, wording.free, now=now)
    elif wording.templated is not None:
        say(phone, wording.templated, now=now)
    else:
        raise InvalidError("phone", _("Kirim pesan apa saja dari HP Anda ke nomor kantor, lalu coba lagi."))
    Broadcast.objects.filter(office=by.office, pk=broadcast.pk).update(tested_at=now)
    _note(broadcast, "broadcast.tried", by.officer, now)


@transaction.atomic
def start(*, broadcast: Broadcast, by: Place, now: datetime) -> Broadcast:
    """Begin: the recipients are those who subscribe to it at this moment. The worker does the rest.

    Raises InvalidError when nobody subscribes, TakenError when somebody began it already.
    """
    _require(by, broadcast.post)
    held = _held(broadcast, by)
    if held.state != BroadcastState.DRAFT or held.post.state != PostState.PUBLISHED:
        raise _taken()
    adopt_merged(office=by.office.pk, now=now)
    bulk.run(_RECIPIENTS, [held.pk, now, *queries_broadcast.audience_of(held.post)])
    held.recipients = Recipient.objects.filter(office=by.office, broadcast=held).count()
    if not held.recipients:
        raise InvalidError("recipients", _("Belum ada warga yang berlangganan kabar seperti ini."))
    bulk.run(_TALKS, [held.line_id, now, by.office.pk, held.pk])
    first = queries.policy(by.office).broadcast_first
    whole = rules_broadcast.urgent(held.post) or held.recipients <= first
    held.state, held.limit = BroadcastState.RUNNING, 0 if whole else first
    held.started_by, held.started_at, held.wakes_at = by.officer, now, None
    held.save()
    _publication(held, PublicationState.RUNNING, now)
    _note(held, "broadcast.started", by.officer, now, recipients=held.recipients)
    return held


def warn(*, post: Post, by: Place, now: datetime) -> int:
    """Begin the broadcast of an emergency that was just told, inside the caller's transaction. Returns how many it goes
    to: 0 where nobody subscribes to emergencies or the office has no number, which holds up nothing else."""
    if line_of(by.office) is None:
        return 0
    try:
        with transaction.atomic():
            return start(broadcast=prepare(post=post, by=by, now=now), by=by, now=now).recipients
    except InvalidError:
        return 0


def pause(*, broadcast: Broadcast, by: Place, now: datetime) -> None:
    """Add nothing more to the outbox until somebody goes on."""
    _require(by)
    with transaction.atomic():
        held = _held(broadcast, by)
        if held.state != BroadcastState.RUNNING:
            raise _taken()
        rest(held, Pause.PERSON, by.officer, now)


def go_on(*, broadcast: Broadcast, by: Place, now: datetime) -> None:
    """With all that are left."""
    _require(by)
    with transaction.atomic():
        held = _held(broadcast, by)
        if held.state != BroadcastState.PAUSED:
            raise _taken()
        if held.post.state != PostState.PUBLISHED:
            raise InvalidError("post", _("Kirimannya sudah ditarik. Hentikan siaran ini."))
        held.state, held.pause, held.limit, held.wakes_at = BroadcastState.RUNNING, Pause.NONE, 0, None
        held.save()
        _note(held, "broadcast.continued", by.officer, now)


def stop(*, broadcast: Broadcast, by: Place, now: datetime) -> int:
    """End it: who waits gets nothing, and what waits in the outbox is taken back. Returns how many that were."""
    _require(by)
    with transaction.atomic():
        held = _held(broadcast, by)
        if held.state in ENDED or held.state == BroadcastState.DRAFT:
            raise _taken()
        return end(held, BroadcastState.STOPPED, by.officer, now)


@transaction.atomic
def drop(*, broadcast: Broadcast, by: Place, now: datetime) -> None:
    """Forget one that was not begun."""
    _require(by)
    held = _held(broadcast, by)
    if held.state != BroadcastState.DRAFT:
        raise _taken()
    _note(held, "broadcast.dropped", by.officer, now)
    Broadcast.objects.filter(office=by.office, pk=held.pk).delete()


@transaction.atomic
def propose_template(*, by: Place, now: datetime) -> Template:
    """Hand the packaged template in, without which nobody outside the reply window can be told."""
    _require(by)
    line = line_of(by.office)
    if line is None:
        raise InvalidError("line", _("Hubungkan nomor WhatsApp kantor dulu."))
    return templates.create(line=line, draft=PROPOSAL, by=by, now=now)


def rest(held: Broadcast, why: Pause, by: Officer | None, now: datetime) -> None:
    """The caller holds it, and it runs."""
    held.state, held.pause = BroadcastState.PAUSED, why
    held.save()
    _note(held, "broadcast.paused", by, now, why=str(why))


def end(held: Broadcast, state: BroadcastState, by: Officer | None, now: datetime) -> int:
    """Done, or stopped. The caller holds it. Returns how many messages were taken back."""
    rows = Recipient.objects.filter(office=held.office_id, broadcast=held)
    called: set[int] = set()
    if state == BroadcastState.STOPPED:
        rows.filter(state=Fate.WAITING).update(state=Fate.STOPPED, changed_at=now)
        queued = list(rows.filter(state=Fate.QUEUED).values_list("outbound", flat=True))
        called = call_off_set(office=held.office_id, outbounds=[one for one in queued if one], now=now)
        rows.filter(outbound__in=called).update(state=Fate.STOPPED, changed_at=now)
    held.state, held.ended_by, held.ended_at, held.wakes_at = state, by, now, None
    held.save()
    _publication(held, PublicationState.DONE, now, by)
    _note(held, f"broadcast.{state}", by, now, served=held.served, taken_back=len(called))
    return len(called)


def skip(rows: list[Recipient], reasons: list[Skip], now: datetime) -> None:
    """These get nothing. The caller holds them, and they wait."""
    for row, why in zip(rows, reasons, strict=True):
        row.state, row.reason, row.changed_at = Fate.SKIPPED, why, now
    bulk.update(rows, ["state", "reason", "changed_at"])


def _require(by: Place, post: Post | None = None) -> None:
    """``post``: a step that whoever may tell of this emergency takes with it."""
    if not (rules_broadcast.may_broadcast(by) or (post is not None and rules_broadcast.may_warn(by, post))):
        raise NotAllowedError


def _held(broadcast: Broadcast, by: Place) -> Broadcast:
    rows = Broadcast.objects.filter(office=by.office, pk=broadcast.pk).select_related("post", "line")
    held = rows.select_for_update(of=("self",)).first()
    if held is None:
        raise _taken()
    return held


def _publication(held: Broadcast, state: PublicationState, now: datetime, by: Officer | None = None) -> None:
    """The way of the post stands where its broadcast does. A post that was withdrawn keeps that."""
    rows = Publication.objects.filter(office=held.office_id, post=held.post_id, way=Way.BROADCAST)
    values: dict[str, Any] = {"state": state, "at": now, "by": by or held.started_by}
    if state == PublicationState.DONE:
        values["proof"] = {
            "out": now.isoformat(),
            "broadcast": held.pk,
            "served": held.served,
            "recipients": held.recipients,
        }
    rows.exclude(state=PublicationState.WITHDRAWN).update(**values)


def _note(row: Broadcast, verb: str, by: Officer | None, now: datetime, **data: Any) -> None:
    journal.record(office=row.office_id, verb=verb, subject=("broadcast", row.pk), by=by, now=now, **data)
