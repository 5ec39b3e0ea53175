"""Writes of a post's pictures."""

from __future__ import annotations

from django.db import transaction

from pelita.news.models import Post, PostPicture
from pelita.whatsapp.media.store import store


def forget_originals(*, post: Post, everything: bool = False) -> None:
    """Once a post may go out its unblurred files go, so that a face that was hidden stays hidden. ``everything``: all
    its files, because the post itself goes. Files go after the commit; one that is left behind has no address."""
    rows = list(PostPicture.objects.filter(office=post.office_id, post=post))
    paths = {one.original_path for one in rows if one.original_path and one.original_path != one.path}
    if everything:
        paths |= {path for one in rows for path in (one.path, one.small_path, one.original_path)}
    PostPicture.objects.filter(office=post.office_id, post=post).update(original_path="")
    transaction.on_commit(lambda: _delete(paths - {""}))


def _delete(paths: set[str]) -> None:
    place = store()
    for path in sorted(paths):
        place.delete(path)
