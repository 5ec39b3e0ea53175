"""What is to be confirmed in a post before everybody reads it: somebody's numbers, a place left blank."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from pelita.desk import checks
from pelita.news import queries
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


def of_post(post: Post) -> str:
    """Everything that somebody typed and everybody reads, what is to be seen on the pictures too. One query."""
    pictures = queries.pictures_of([post])[post.pk]
    return "\n".join((post.title, post.place, post.text, *(one.alt for one in pictures)))


def of_correction(content: Content, note: str) -> str:
    """The same of a correction and the sentence about it. Pictures do not change with it."""
    return "\n".join((content.title, content.place, content.text, note))


def insist(request: HttpRequest, place: Place, words: str, *, confirmed: str) -> None:
    """Raise UnconfirmedError when ``confirmed`` (a seal) does not cover what the words hold."""
    checks.insist(words, confirmed=confirmed, own=own_numbers(request, place), kinds=checks.OF_POSTS)


def asked(request: HttpRequest, place: Place, words: str, step: str) -> Asked | None:
    """The same as sentences for the page, with the step that waits for them."""
    found = unsure(words, own_numbers(request, place), checks.OF_POSTS)
    return Asked(found, f"{step}:{found.seal}", step != "submit") if found else None
