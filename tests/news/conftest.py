"""An office that has something to tell."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from pelita.news import actions
from pelita.news.models import Post
from pelita.news.rules import Content
from pelita.offices.actions import seed_office
from pelita.offices.models import Office, Officer, Section, Village
from pelita.offices.queries import place_of
from pelita.offices.rules import Place


@dataclass
class Newsroom:
    """The office of these tests, with short ways to its people and posts."""

    office: Office
    now: datetime

    def place(self, username: str) -> Place:
        return place_of(Officer.objects.select_related("office").get(username=username), now=self.now)

    def section(self, code: str) -> Section:
        return Section.objects.get(office=self.office, code=code)

    def village(self, name: str) -> Village:
        return Village.objects.get(office=self.office, name=name)

    def content(self, **changes: Any) -> Content:
        values: dict[str, Any] = {
            "kind": "activity", "title": "Kerja bakti membersihkan saluran", "section": self.section("PMD"),
            "text": "Warga dan perangkat desa membersihkan saluran air sepanjang 400 meter.",
        }  # fmt: skip
        return Content(**values | changes)

    def draft(self, by: str = "pmd", **changes: Any) -> Post:
        return actions.write(content=self.content(**changes), draft_key=uuid.uuid4(), by=self.place(by), now=self.now)

    def published(self, **changes: Any) -> Post:
        post = self.draft(**changes)
        return actions.approve(post=post, seen=post.lock, by=self.place("admin"), now=self.now)

    def fresh(self, post: Post) -> Post:
        return Post.objects.select_related("section", "village", "author").get(office=self.office, pk=post.pk)


@pytest.fixture
def newsroom(db: None, moment: datetime) -> Newsroom:
    return Newsroom(seed_office(password="lampu-minyak-4821", now=moment), moment)
