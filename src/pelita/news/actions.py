"""Writes of posts on their way to everybody: written, approved, published, put right, taken back."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pelita.base import finding
from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.base.ids import ALPHABET
from pelita.desk.actions.telling import tell
from pelita.journal import actions as journal
from pelita.news import queries, rules
from pelita.news.actions_pictures import forget_originals
from pelita.news.actions_ways import begin_ways, end_ways, follow
from pelita.news.models import Approval, Post, PostPicture, PostRevision, PostState
from pelita.news.revising import kept
from pelita.news.rules import Content
from pelita.news.workflow import MOVES, OPEN, Move, allowed
from pelita.offices.models import Officer
from pelita.offices.queries import roster_of
from pelita.offices.rules import Place

TRIES = 8
LENGTH = 6
BATCH = 50
FIELDS = ("kind", "title", "text", "section", "village", "place", "starts_at", "ends_at")


def _taken() -> TakenError:
    return TakenError(_("Kiriman ini baru saja diubah orang lain. Buka lagi, lalu ulangi bila masih perlu."))


def new_code() -> str:
    """For the public address and for telling over the counter, such as ``k7f2qd``."""
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH)).lower()


@transaction.atomic
def write(*, content: Content, draft_key: uuid.UUID, by: Place, now: datetime) -> Post:
    """A new draft, or the one that the same device has handed in before under this key, written anew while it is open.

    Raises InvalidError, NotAllowedError, and TakenError when it has gone on meanwhile.
    """
    content = rules.tidy(content)
    _of_office(content, by)
    known = Post.objects.select_for_update().filter(office=by.office, draft_key=draft_key).first()
    if known is not None:
        return change(post=known, content=content, seen=known.lock, by=by, now=now)
    post = Post(office=by.office, author=by.officer, draft_key=draft_key, created_at=now, changed_at=now)
    _put(post, content)
    for _n in range(TRIES):
        post.code = new_code()
        try:
            with transaction.atomic():
                post.save(force_insert=True)
                break
        except IntegrityError:
            # The code is another post's, or a second request of the device came first.
            if Post.objects.filter(office=by.office, draft_key=draft_key).exists():
                raise _taken() from None
            post.pk = None
    journal.record(
        office=by.office, verb="post.made", subject=("post", post.pk), by=by.officer, now=now, code=post.code
    )
    return post


@transaction.atomic
def change(*, post: Post, content: Content, seen: int, by: Place, now: datetime) -> Post:
    """Write an open post anew. Raises TakenError when it was changed since ``seen`` or is open no more."""
    content = rules.tidy(content)
    _of_office(content, by)
    held = _held(post, by)
    if not rules.may_edit(by, held):
        raise NotAllowedError
    if held.lock != seen or held.state not in OPEN:
        raise _taken()
    if held.state == PostState.SUBMITTED and not rules.may_approve(by, held.section_id, queries.policy(by.office)):
        raise _taken()
    _put(held, content)
    held.lock, held.changed_at = seen + 1, now
    held.save()
    _note(held, "post.changed", by.officer, now)
    return held


def submit(*, post: Post, seen: int, by: Place, now: datetime) -> Post:
    """Ask for approval; who may approve it need not ask. Raises InvalidError with what is missing."""
    with transaction.atomic():
        held = _moved(post, Move.SUBMIT, seen, by, now, may=rules.may_edit)
        rules.complete(held, _pictures(held), now)
        held.submitted_at, held.return_reason = now, ""
        held.save()
        roster, policy = roster_of(by.office, now=now), queries.policy(by.office)
        decide = [*roster.admins, *(roster.heads(held.section_id) if policy.approval == Approval.HEADS else ())]
        _tell(held, "post.submitted", [one for one in decide if one != by.officer.pk], now)
    return held


def send_back(*, post: Post, reason: str, seen: int, by: Place, now: datetime) -> Post:
    """A draft again: with a reason from who looked at it, or because its author goes on writing."""
    with transaction.atomic():
        held = _moved(post, Move.RETURN, seen, by, now, may=rules.may_edit)
        own = held.author_id == by.officer.pk
        if not own and not rules.may_approve(by, held.section_id, queries.policy(by.office)):
            raise NotAllowedError
        held.return_reason = (
            ""
            if own and not reason.strip()
            else rules.reason_of(reason, "reason", _("Tulis apa yang perlu diperbaiki."))
        )
        held.save()
        _tell(held, "post.returned", [] if own else [held.author_id], now)
    return held


def approve(*, post: Post, seen: int, by: Place, now: datetime) -> Post:
    """It may go out: at its time, or at once when it has none. Raises InvalidError with what is missing."""
    with transaction.atomic():
        held = _moved(post, Move.APPROVE, seen, by, now, may=rules.may_edit)
        if not rules.may_approve(by, held.section_id, queries.policy(by.office)):
            raise NotAllowedError
        rules.complete(held, _pictures(held), now)
        held.decided_by, held.decided_at, held.return_reason = by.officer, now, ""
        held.save()
        forget_originals(post=held)
        if held.publish_at is None or held.publish_at <= now:
            publish_now(post=held, by=by.officer, now=now)
        elif held.author_id != by.officer.pk:
            _tell(held, "post.approved", [held.author_id], now)
    return held


def unschedule(*, post: Post, seen: int, by: Place, now: datetime) -> Post:
    """What waits for its time is a draft again."""
    with transaction.atomic():
        held = _moved(post, Move.UNSCHEDULE, seen, by, now, may=rules.may_edit)
        held.decided_by = held.decided_at = None
        held.save()
    return held


def drop(*, post: Post, seen: int, by: Place, now: datetime) -> None:
    """Throw a draft away, with its pictures."""
    with transaction.atomic():
        held = _moved(post, Move.DROP, seen, by, now, may=rules.may_edit)
        forget_originals(post=held, everything=True)
        Post.objects.filter(office=by.office, pk=held.pk).delete()


def correct(*, post: Post, content: Content, note: str, seen: int, by: Place, now: datetime) -> Post:
    """Put right what is public. ``note`` says to everybody what was changed. The earlier words are kept."""
    content = rules.tidy(content)
    _of_office(content, by)
    with transaction.atomic():
        held = _moved(post, Move.CORRECT, seen, by, now, may=rules.may_edit)
        if not rules.may_approve(by, held.section_id, queries.policy(by.office)):
            raise NotAllowedError
        note = rules.reason_of(note, "note", _("Tulis singkat apa yang diperbaiki."))
        PostRevision.objects.create(
            office=by.office, post=held, number=held.revision + 1, content=kept(held), note=note, by=by.officer, at=now
        )
        ways, when = held.ways, held.publish_at
        _put(held, content)
        held.ways, held.publish_at = ways, when
        held.revision, held.corrected_at, held.correction = held.revision + 1, now, note
        rules.complete(held, _pictures(held), None)
        held.save()
        follow(post=held, now=now)
    return held


def withdraw(*, post: Post, reason: str, seen: int, by: Place, now: datetime) -> Post:
    """Take back what is public. ``reason`` stands where it stood."""
    with transaction.atomic():
        held = _moved(post, Move.WITHDRAW, seen, by, now, may=rules.may_edit)
        if not rules.may_approve(by, held.section_id, queries.policy(by.office)):
            raise NotAllowedError
        held.withdraw_reason = rules.reason_of(reason, "reason", _("Tulis mengapa ditarik."))
        held.withdrawn_at, held.withdrawn_by = now, by.officer
        held.save()
        end_ways(post=held, now=now)
    return held


def publish_due(*, now: datetime) -> int:
    """Publish what was approved and whose time has come. Returns how many."""
    rows = Post.objects.across_offices("the clock publishes for every office")
    due = list(rows.filter(state=PostState.APPROVED, publish_at__lte=now).order_by("publish_at", "id")[:BATCH])
    done = 0
    for post in due:
        with transaction.atomic():
            held = Post.objects.select_for_update(skip_locked=True).filter(office=post.office_id, pk=post.pk).first()
            if held is not None and held.state == PostState.APPROVED:
                publish_now(post=held, by=None, now=now)
                done += 1
    return done


def publish_now(*, post: Post, by: Officer | None, now: datetime) -> None:
    """Let it be public from this moment. The caller holds the post and has seen that it may be."""
    post.state, post.published_at, post.changed_at, post.lock = PostState.PUBLISHED, now, now, post.lock + 1
    post.save()
    begin_ways(post=post, by=by or post.decided_by, now=now)
    _note(post, "post.published", by, now)
    if post.author_id != (by.pk if by else None):
        _tell(post, "post.published", [post.author_id], now)


def _held(post: Post, by: Place) -> Post:
    held = Post.objects.select_for_update().filter(office=by.office, pk=post.pk).first()
    if held is None:
        raise _taken()
    return held


def _moved(post: Post, move: Move, seen: int, by: Place, now: datetime, *, may: Callable[[Place, Post], bool]) -> Post:
    """The post, held and moved but not stored yet."""
    held = _held(post, by)
    if not may(by, held):
        raise NotAllowedError
    if held.lock != seen or not allowed(held.state, move):
        raise _taken()
    target = MOVES[move][1]
    if target is not None:
        held.state = target
    held.lock, held.changed_at = seen + 1, now
    _note(held, VERBS[move], by.officer, now)
    return held


VERBS = {
    Move.SUBMIT: "post.submitted",
    Move.RETURN: "post.returned",
    Move.APPROVE: "post.approved",
    Move.UNSCHEDULE: "post.unscheduled",
    Move.CORRECT: "post.corrected",
    Move.WITHDRAW: "post.withdrawn",
    Move.DROP: "post.dropped",
}


def _of_office(content: Content, by: Place) -> None:
    """Section and village are this office's, and the section is one for which the officer may speak."""
    if content.section.office_id != by.office.pk or not rules.may_write(by, content.section.pk):
        raise NotAllowedError
    if content.village is not None and content.village.office_id != by.office.pk:
        raise InvalidError("village", _("Pilih desa dari daftar."))


def _put(post: Post, content: Content) -> None:
    for name in FIELDS:
        setattr(post, name, getattr(content, name))
    post.ways, post.publish_at = list(content.ways), content.publish_at
    village = content.village.name if content.village else ""
    post.words = finding.search_words(content.title, content.text, content.place, village)


def _pictures(post: Post) -> int:
    return PostPicture.objects.filter(office=post.office_id, post=post).count()


def _note(post: Post, verb: str, by: Officer | None, now: datetime) -> None:
    journal.record(office=post.office_id, verb=verb, subject=("post", post.pk), by=by, now=now, code=post.code)


def _tell(post: Post, verb: str, officers: list[int], now: datetime) -> None:
    tell(
        officers=officers, inquiry=None, office=post.office_id, verb=verb, key=f"{verb}:{post.pk}:{post.lock}", now=now,
        post=post.code, title=post.title,
    )  # fmt: skip
