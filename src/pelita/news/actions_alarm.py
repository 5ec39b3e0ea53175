"""Writes of emergencies: told at once, prolonged, over."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.desk.actions.telling import tell
from pelita.journal import actions as journal
from pelita.news import rules
from pelita.news.actions import publish_now, write
from pelita.news.actions_broadcast import warn
from pelita.news.actions_ways import follow
from pelita.news.alarms import LONGEST
from pelita.news.models import Post, PostKind, PostRevision, PostState, Way
from pelita.news.revising import kept
from pelita.news.rules import Content
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place


@transaction.atomic
def alarm(*, content: Content, draft_key: uuid.UUID, by: Place, now: datetime) -> Post:
    """Tell of an emergency at once; the same ``draft_key`` twice is one. Raises InvalidError, NotAllowedError."""
    if not rules.may_alarm(by, content.section.pk):
        raise NotAllowedError
    known = Post.objects.filter(office=by.office, draft_key=draft_key, state=PostState.PUBLISHED).first()
    if known is not None:
        return known
    _in_bounds(content.ends_at, now)
    content = replace(content, kind=PostKind.EMERGENCY, publish_at=None, starts_at=None)
    post = write(content=content, draft_key=draft_key, by=by, now=now)
    rules.complete(post, 0, now)
    post.decided_by, post.decided_at = by.officer, now
    publish_now(post=post, by=by.officer, now=now)
    if Way.BROADCAST in post.ways:
        warn(post=post, by=by, now=now)
    roster = roster_of(by.office, now=now)
    tell(
        officers=[one for one in (*roster.admins, *roster.leaders) if one != by.officer.pk], inquiry=None,
        office=by.office, verb="post.alarm", key=f"post.alarm:{post.pk}", now=now, urgent=True, post=post.code,
        title=post.title,
    )  # fmt: skip
    return post


def prolong(*, post: Post, until: datetime, by: Place, now: datetime) -> Post:
    """It holds longer than was told, or shorter; also one that was over already."""
    _in_bounds(until, now)
    return _until(post, until, _("Diperpanjang."), "post.prolonged", by, now)


def over(*, post: Post, by: Place, now: datetime) -> Post:
    """The emergency is over: it stands above the others no more, and its page says so. Safe to repeat."""
    if post.ends_at is not None and post.ends_at <= now:
        return post
    return _until(post, now, _("Sudah berakhir."), "post.over", by, now)


@transaction.atomic
def _until(post: Post, until: datetime, said: str, verb: str, by: Place, now: datetime) -> Post:
    held = Post.objects.select_for_update().filter(office=by.office, pk=post.pk).first()
    if held is None or held.state != PostState.PUBLISHED or held.kind != PostKind.EMERGENCY:
        raise TakenError(_("Kabar darurat ini sudah ditarik."))
    if not rules.may_alarm(by, held.section_id):
        raise NotAllowedError
    PostRevision.objects.create(
        office=by.office, post=held, number=held.revision + 1, content=kept(held), note=said, by=by.officer, at=now
    )
    held.ends_at, held.correction, held.corrected_at = until, said, now
    held.revision, held.lock, held.changed_at = held.revision + 1, held.lock + 1, now
    held.save()
    follow(post=held, now=now)
    journal.record(office=by.office, verb=verb, subject=("post", held.pk), by=by.officer, now=now, code=held.code)
    return held


def _in_bounds(until: datetime | None, now: datetime) -> None:
    if until is None or until <= now:
        raise InvalidError("ends_at", _("Pilih sampai kapan berlaku."))
    if until - now > LONGEST:
        raise InvalidError("ends_at", _("Paling lama {n} hari. Perpanjang bila masih perlu.").format(n=LONGEST.days))
