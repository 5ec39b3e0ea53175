"""Writes of a post's pictures. Files are made outside any transaction; what did not come about leaves none."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.news import pictures, queries, rules, videos
from pelita.news.models import PictureKind, Post, PostPicture, PostState
from pelita.news.pictures import Circle, Photo
from pelita.news.videos import Film
from pelita.news.workflow import OPEN
from pelita.offices.rules import Place
from pelita.whatsapp.media.store import SMALL, new_path, store

MOST = 10
MAX_ALT = 300


def add(
    *,
    post: Post,
    file: BinaryIO,
    filename: str,
    by: Place,
    now: datetime,
    key: uuid.UUID | None = None,
    alt: str = "",
    circles: Sequence[Circle] = (),
) -> PostPicture:
    """Put a photo or a short video behind those that the post has. ``key``: one that a device sends twice is one.

    Raises InvalidError with a sentence for whoever chose the file, TakenError when the post is open no more.
    """
    key = key or uuid.uuid4()
    known = _room(post, key, by)
    if known is not None:
        return known
    photo: Photo | Film = videos.prepare(file) if pictures.is_video(file) else pictures.prepare(file, filename)
    film = photo if isinstance(photo, Film) else None
    circles = () if film else pictures.circles_of(circles)
    with _stored() as put:
        original = put(photo, post, now)
        shown, path = photo, original
        if circles:
            shown = pictures.blurred(io.BytesIO(photo.content), circles)
            path = put(shown, post, now)
        with transaction.atomic():
            held = _held(post, by, now)
            known = _room(held, key, by)
            if known is None:
                return PostPicture.objects.create(
                    office=by.office, post=held, position=_last(held) + 1, path=path, small_path=path + SMALL,
                    original_path="" if film else original, alt=_alt(alt), key=key, created_at=now,
                    kind=PictureKind.VIDEO if film else PictureKind.PHOTO, seconds=film.seconds if film else None,
                    content_type=videos.TYPE if film else "image/jpeg",
                    blurs=[list(one) for one in circles], width=shown.width, height=shown.height,
                    **_facts(shown.content),
                )  # fmt: skip
        # The device's other sending was faster.
        _delete(put.paths)
        return known


@transaction.atomic
def remove(*, post: Post, picture: int, by: Place, now: datetime) -> None:
    """Take a photo away, with its files. One that is not there any more is no error."""
    held = _held(post, by, now)
    row = PostPicture.objects.filter(office=by.office, post=held, pk=picture).first()
    if row is None:
        return
    paths = _paths(row)
    row.delete()
    transaction.on_commit(lambda: _delete(paths))


@transaction.atomic
def move(*, post: Post, picture: int, to: int, by: Place, now: datetime) -> None:
    """Put a photo at another place, counted from 0. The first one is the one that lists and cards show."""
    held = _held(post, by, now)
    rows = list(PostPicture.objects.filter(office=by.office, post=held).order_by("position", "id"))
    row = next((one for one in rows if one.pk == picture), None)
    if row is None:
        raise TakenError(_("Foto ini sudah tidak ada."))
    rows.remove(row)
    rows.insert(max(0, min(to, len(rows))), row)
    for at, one in enumerate(rows):
        if one.position != at:
            PostPicture.objects.filter(office=by.office, pk=one.pk).update(position=at)


@transaction.atomic
def describe(*, post: Post, texts: dict[int, str], by: Place, now: datetime) -> None:
    """Write what is to be seen on photos, by their number. Those that are unknown or unchanged are left alone."""
    rows = {one.pk: one for one in PostPicture.objects.filter(office=by.office, post=post)}
    changed = [rows[pk] for pk, text in texts.items() if pk in rows and rows[pk].alt != _alt(text)]
    if not changed:
        return
    _held(post, by, now)
    for one in changed:
        PostPicture.objects.filter(office=by.office, pk=one.pk).update(alt=_alt(texts[one.pk]))


def blur(*, post: Post, picture: int, circles: Sequence[Circle], by: Place, now: datetime) -> PostPicture:
    """Make what lies in the circles unknowable. While the post is a draft the circles may be taken back: these are all
    of them. Once the unblurred file is gone, they come on top of those before."""
    circles = pictures.circles_of(circles)
    _may(post, by)
    row = PostPicture.objects.filter(office=by.office, post=post, pk=picture).first()
    if row is None:
        raise TakenError(_("Foto ini sudah tidak ada."))
    if row.kind != "photo":
        raise InvalidError("blurs", _("Yang bisa dikaburkan baru foto, belum video."))
    source, before = row.original_path or row.path, row.path
    kept = [] if row.original_path else row.blurs
    if not circles and (not row.original_path or row.original_path == row.path):
        return row
    with _stored() as put:
        path, content = source, b"".join(store().read(source))
        if circles:
            shown = pictures.blurred(io.BytesIO(content), circles)
            path, content = put(shown, post, now), shown.content
        with transaction.atomic():
            held = _held(post, by, now)
            rows = PostPicture.objects.filter(office=by.office, post=held, pk=picture, path=before)
            if not rows.update(
                path=path, small_path=path + SMALL, blurs=[*kept, *map(list, circles)], **_facts(content)
            ):
                raise TakenError(_("Foto ini baru saja diubah. Buka lagi, lalu ulangi."))
            if before not in {row.original_path, path}:
                transaction.on_commit(lambda: _delete({before, before + SMALL}))
    row.refresh_from_db()
    return row


def forget_originals(*, post: Post, everything: bool = False) -> None:
    """Once a post may go out its unblurred files go, so that a face that was hidden stays hidden. ``everything``: all
    its files, because the post itself goes. Files go after the commit; one that is left behind has no address."""
    rows = list(PostPicture.objects.filter(office=post.office_id, post=post))
    paths: set[str] = set()
    for one in rows:
        hidden = {one.original_path, one.original_path + SMALL} if one.original_path not in {"", one.path} else set()
        paths |= _paths(one) if everything else hidden
    PostPicture.objects.filter(office=post.office_id, post=post).update(original_path="")
    transaction.on_commit(lambda: _delete(paths))


def _may(post: Post, by: Place) -> None:
    """As ``actions.change``: whoever may write the words may change the pictures."""
    if not rules.may_edit(by, post):
        raise NotAllowedError
    waits = post.state == PostState.SUBMITTED
    if post.state not in OPEN or (waits and not rules.may_approve(by, post.section_id, queries.policy(by.office))):
        raise TakenError(_("Kiriman ini sudah diajukan atau tayang. Fotonya tidak bisa diubah lagi."))


def _held(post: Post, by: Place, now: datetime) -> Post:
    """The post, locked and counted on, so that who approves sees the pictures that were seen."""
    held = Post.objects.select_for_update().filter(office=by.office, pk=post.pk).first()
    if held is None:
        raise TakenError(_("Kiriman ini sudah dihapus."))
    _may(held, by)
    held.lock, held.changed_at = held.lock + 1, now
    held.save(update_fields=["lock", "changed_at"])
    return held


def _room(post: Post, key: uuid.UUID, by: Place) -> PostPicture | None:
    """The picture of this key, when it came before. Raises InvalidError when no further one fits."""
    _may(post, by)
    rows = list(PostPicture.objects.filter(office=by.office, post=post))
    known = next((one for one in rows if one.key == key), None)
    if known is None and len(rows) >= MOST:
        raise InvalidError("photos", _("Paling banyak {n} foto dalam satu kiriman.").format(n=MOST))
    return known


def _last(post: Post) -> int:
    rows = PostPicture.objects.filter(office=post.office_id, post=post).order_by("-position")
    return next(iter(rows.values_list("position", flat=True)[:1]), -1)


def _alt(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:MAX_ALT]


def _facts(content: bytes) -> dict[str, str | int]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


class _Put:
    """Stores photos and remembers where."""

    def __init__(self) -> None:
        self.paths: set[str] = set()

    def __call__(self, photo: Photo | Film, post: Post, now: datetime) -> str:
        """The path of the photo; its small copy lies beside it."""
        path = new_path(post.office_id, now)
        self.paths |= {path, path + SMALL}
        place = store()
        place.put(path, io.BytesIO(photo.content))
        place.put(path + SMALL, io.BytesIO(photo.small))
        return path


@contextmanager
def _stored() -> Iterator[_Put]:
    """Whatever goes wrong takes the stored files with it."""
    put = _Put()
    try:
        yield put
    except BaseException:
        _delete(put.paths)
        raise


def _paths(row: PostPicture) -> set[str]:
    own = {row.path, row.small_path, row.original_path} - {""}
    return own | ({row.original_path + SMALL} if row.original_path else set())


def _delete(paths: set[str]) -> None:
    place = store()
    for path in sorted(paths):
        place.delete(path)
