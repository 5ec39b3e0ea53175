"""Rows of ``test_routes``: pages for everybody, who all get the same; and the published post that they show."""

from __future__ import annotations

from datetime import timedelta

from pelita.news.models import Post
from tests.web.conftest import World
from tests.web.told_news import add_picture, told

OK, METHOD, WAY_ON = 200, 405, 303
ARTICLE = "k7f2qd"
PUBLIC: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    # A form of theirs is only a search.
    **dict.fromkeys(
        (
            "beranda", "robots", "peta-situs", "kantor", "kantor-peta", "kantor-kontak", "kantor-layanan",
            "kantor-layanan-satu", "kantor-simpan", "kantor-vcf", "kantor-selebaran", "kantor-contoh", "kantor-buku",
            "kantor-poster", "kantor-poster-besar", "kantor-stiker", "kantor-lembar-stiker", "kantor-berita",
            "kantor-berita-atom", "kantor-berita-satu", "kantor-berita-acara", "kantor-berita-og",
            "kantor-berita-foto", "kantor-berita-kecil", "kantor-berita-video", "kantor-agenda", "kantor-agenda-ics",
        ),
        ((OK,) * 8, (METHOD,) * 8),
    ),
    "kantor-chat": ((WAY_ON,) * 8, (METHOD,) * 8),
}  # fmt: skip


def told_to_all(world: World) -> None:
    """A date with a photo and a film, under the code ``ARTICLE``."""
    post = told(world, kind="agenda", starts_at=world.now + timedelta(days=1))
    Post.objects.filter(office=world.office, pk=post.pk).update(code=ARTICLE)
    add_picture(world, post)
    add_picture(world, post, kind="video", position=1)
