"""What is to be confirmed in a post before everybody reads it: somebody's numbers, a place left blank."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from pelita.desk import checks
from pelita.news.models import Post
from pelita.news.rules import Content
from pelita.offices.rules import Place
from pelita.web.present.checking import Unsure, own_numbers, unsure


@dataclass(frozen=True, slots=True)
class Asked:
    """``value``: what the button that confirms says, the step with the seal. ``publishes``: nobody looks after it."""

    unsure: Unsure
    value: str
    publishes: bool


def words_of(post: Post | Content) -> str:
    """Everything that somebody typed and everybody reads."""
    return "\n".join((post.title, post.place, post.text))


def insist(request: HttpRequest, place: Place, post: Post | Content, *, confirmed: str) -> None:
    """Raise UnconfirmedError when ``confirmed`` (a seal) does not cover what the words hold."""
    checks.insist(words_of(post), confirmed=confirmed, own=own_numbers(request, place), kinds=checks.OF_POSTS)


def asked(request: HttpRequest, place: Place, post: Post | Content, step: str) -> Asked | None:
    """The same as sentences for the page, with the step that waits for them."""
    found = unsure(words_of(post), own_numbers(request, place), checks.OF_POSTS)
    return Asked(found, f"{step}:{found.seal}", step != "submit") if found else None
