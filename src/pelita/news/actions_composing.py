"""What one press in the composer says: words, photos, what is to be seen on them, what is blurred. Words come first:
a photo that cannot be taken never costs a sentence."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from pelita.base.errors import InvalidError
from pelita.news import actions, actions_pictures, pictures
from pelita.news.models import Post
from pelita.news.rules import Content, tidy
from pelita.offices.rules import Place


@dataclass(frozen=True, slots=True)
class Given:
    """A photo as it was handed in. ``key``: of the device; ``circles``: [[x, y, radius], …], each 0..1."""

    file: BinaryIO
    filename: str
    key: uuid.UUID | None = None
    alt: str = ""
    circles: Any = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What happens to the pictures. ``texts``, ``circles`` and ``places`` by a picture's number."""

    photos: Sequence[Given] = ()
    texts: Mapping[int, str] = field(default_factory=dict)
    circles: Mapping[int, Any] = field(default_factory=dict)
    places: Mapping[int, int] = field(default_factory=dict)
    removed: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """The post as it is now, and a sentence for every photo that could not be taken."""

    post: Post
    refused: tuple[str, ...] = ()


def compose(
    *,
    content: Content,
    draft_key: uuid.UUID,
    post: Post | None,
    seen: int,
    changes: Changes,
    by: Place,
    now: datetime,
    repeats: bool = False,
) -> Composed:
    """Write the post, then do with its pictures what was asked. ``post`` None: a new one, or the one of that key.

    ``repeats``: words that the post has already are no clash, however old ``seen`` is: the device sends them once more
    because the answer was lost. Each photo is an action of its own.

    Raises what ``actions.write`` and ``actions.change`` raise, and nothing for a photo that is none.
    """
    stale = post is not None and post.lock != seen
    if post is None:
        post = actions.write(content=content, draft_key=draft_key, by=by, now=now)
    elif not _same(post, tidy(content)) or (stale and not repeats):
        post = actions.change(post=post, content=content, seen=seen, by=by, now=now)
    if not stale:
        _arrange(post, changes, by, now)
    refused = []
    for one in changes.photos:
        try:
            actions_pictures.add(
                post=post, file=one.file, filename=one.filename, key=one.key, alt=one.alt,
                circles=pictures.circles_of(one.circles), by=by, now=now,
            )  # fmt: skip
        except InvalidError as error:
            refused.append(str(error))
    post.refresh_from_db()
    return Composed(post, tuple(dict.fromkeys(refused)))


def _arrange(post: Post, changes: Changes, by: Place, now: datetime) -> None:
    """What concerns the pictures that are there."""
    if changes.texts:
        actions_pictures.describe(post=post, texts=dict(changes.texts), by=by, now=now)
    for picture, circles in changes.circles.items():
        actions_pictures.blur(post=post, picture=picture, circles=pictures.circles_of(circles), by=by, now=now)
    for picture in changes.removed:
        actions_pictures.remove(post=post, picture=picture, by=by, now=now)
    for picture, to in changes.places.items():
        actions_pictures.move(post=post, picture=picture, to=to, by=by, now=now)


def _same(post: Post, content: Content) -> bool:
    """Whether the words are those that the post has: then nobody wrote anew."""
    village = content.village.pk if content.village else None
    return (
        post.kind, post.title, post.text, post.section_id, post.village_id, post.place, post.starts_at, post.ends_at,
        tuple(post.ways), post.publish_at,
    ) == (
        content.kind, content.title, content.text, content.section.pk, village, content.place, content.starts_at,
        content.ends_at, content.ways, content.publish_at,
    )  # fmt: skip
