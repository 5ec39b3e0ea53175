"""Addresses of posts, for officers."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from pelita.web.views import composing, news, news_policy


class PostConverter:
    """A post's code: ``k7f2qd``. No word that stands in these addresses has its length."""

    regex = "[0-9a-z]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PostConverter, "post")

urlpatterns: list[URLPattern] = [
    path("berita", news.posts, name="berita"),
    path("berita/baru", composing.new, name="berita-baru"),
    path("berita/<post:post>", news.post, name="berita-satu"),
    path("berita/<post:post>/ubah", composing.edit, name="berita-ubah"),
    path("berita/<post:post>/koreksi", composing.correct, name="berita-koreksi"),
    path("berita/<post:post>/langkah", news.step, name="berita-langkah"),
    path("berita/<post:post>/foto/<slug:size>/<int:picture>", news.picture, name="berita-foto"),
    path("pengaturan/berita", news_policy.policy, name="berita-aturan"),
]
