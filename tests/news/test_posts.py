"""Posts on their way to everybody: who may do what, what is missing, who wins, what is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction

from pelita.base import finding
from pelita.base.errors import InvalidError, NotAllowedError, StepError, TakenError
from pelita.desk.models import Notice
from pelita.news import actions, queries, rules, workflow
from pelita.news.models import NewsPolicy, Post, PostRevision, PostState
from pelita.news.workflow import Move
from pelita.offices.models import Duty, Officer
from tests.news.conftest import Newsroom


def states(newsroom: Newsroom, post: Post) -> dict[str, str]:
    return {one.way: one.state for one in queries.publications(newsroom.fresh(post))}


def test_from_the_field_to_everybody(newsroom: Newsroom) -> None:
    post = newsroom.draft(ways=("page", "share", "phone"))
    assert (post.state, len(post.code), post.ways) == ("draft", 6, ["page", "share", "phone"])
    assert queries.published(newsroom.office, post.code) is None
    post = actions.submit(post=post, seen=post.lock, by=newsroom.place("pmd"), now=newsroom.now)
    admin = newsroom.place("admin").officer
    assert Notice.objects.filter(office=newsroom.office, officer=admin, verb="post.submitted").count() == 1
    with pytest.raises(NotAllowedError):
        actions.approve(post=post, seen=post.lock, by=newsroom.place("pmd"), now=newsroom.now)
    post = actions.approve(post=post, seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    assert (post.state, post.published_at) == ("published", newsroom.now)
    assert states(newsroom, post) == {"page": "done", "share": "hand", "phone": "waiting"}
    assert Notice.objects.filter(office=newsroom.office, officer=post.author, verb="post.published").count() == 1
    assert [one.code for one in queries.published_page(newsroom.office).rows] == [post.code]


def test_sent_twice_is_one_post(newsroom: Newsroom) -> None:
    key, place = uuid.uuid4(), newsroom.place("pmd")
    first = actions.write(content=newsroom.content(), draft_key=key, by=place, now=newsroom.now)
    again = actions.write(content=newsroom.content(title="Kerja bakti"), draft_key=key, by=place, now=newsroom.now)
    assert (again.pk, again.title) == (first.pk, "Kerja bakti")
    assert Post.objects.filter(office=newsroom.office).count() == 1
    with pytest.raises(NotAllowedError):
        actions.write(content=newsroom.content(), draft_key=key, by=newsroom.place("kesra"), now=newsroom.now)


def test_who_saves_an_old_one_is_told(newsroom: Newsroom) -> None:
    post = newsroom.draft()
    place = newsroom.place("pmd")
    actions.change(post=post, content=newsroom.content(title="Lain"), seen=post.lock, by=place, now=newsroom.now)
    with pytest.raises(TakenError):
        actions.change(post=post, content=newsroom.content(), seen=post.lock, by=place, now=newsroom.now)
    assert newsroom.fresh(post).title == "Lain"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"kind": "agenda"}, "starts_at"),
        ({"kind": "emergency"}, "ends_at"),
    ],
)
def test_what_is_missing_has_a_sentence(newsroom: Newsroom, changes: dict[str, str], field: str) -> None:
    post = newsroom.draft(**changes)
    with pytest.raises(InvalidError) as found:
        actions.submit(post=post, seen=post.lock, by=newsroom.place("pmd"), now=newsroom.now)
    assert found.value.field == field
    assert newsroom.fresh(post).state == "draft"


def test_an_emergency_that_is_over_does_not_begin(newsroom: Newsroom) -> None:
    late = newsroom.draft(by="admin", kind="emergency", ends_at=newsroom.now - timedelta(minutes=1))
    with pytest.raises(InvalidError, match="sudah lewat"):
        actions.approve(post=late, seen=late.lock, by=newsroom.place("admin"), now=newsroom.now)
    held = newsroom.published(by="admin", kind="emergency", ends_at=newsroom.now + timedelta(hours=2))
    assert queries.pinned(newsroom.office, newsroom.now) == [held]
    assert queries.pinned(newsroom.office, newsroom.now + timedelta(hours=2)) == []


@pytest.mark.parametrize(
    "changes",
    [{"title": "x" * 121}, {"text": "x" * 4001}, {"kind": "gosip"}, {"ways": ("radio",)}, {"text": "a\0b"}],
    ids=["title", "text", "kind", "way", "zero"],
)
def test_bad_content_is_refused(newsroom: Newsroom, changes: dict[str, str]) -> None:
    with pytest.raises(InvalidError):
        newsroom.draft(**changes)
    assert not Post.objects.filter(office=newsroom.office).exists()


def test_whose_posts_need_nobody_elses_look(newsroom: Newsroom) -> None:
    policy = NewsPolicy(office=newsroom.office)
    section = newsroom.section("PMD").pk
    may = {}
    for approval, who in product(("all", "heads", "none"), ("admin", "camat", "pmd", "kesra")):
        policy.approval = approval
        may[approval, who] = rules.may_approve(newsroom.place(who), section, policy)
    assert {key for key, value in may.items() if value} == {
        ("all", "admin"), ("all", "camat"), ("heads", "admin"), ("heads", "camat"),
        ("none", "admin"), ("none", "camat"), ("none", "pmd"),
    } | ({("heads", "pmd")} if section in newsroom.place("pmd").headed_ids else set())  # fmt: skip


def test_heads_are_told_where_they_decide(newsroom: Newsroom) -> None:
    NewsPolicy.objects.create(office=newsroom.office, approval="heads")
    helper = Officer.objects.create(office=newsroom.office, username="staf", full_name="Staf PMD")
    Duty.objects.create(
        office=newsroom.office, officer=helper, role="officer", section=newsroom.section("PMD"),
        starts_on=newsroom.now.date(),
    )  # fmt: skip
    post = newsroom.draft(by="staf")
    actions.submit(post=post, seen=post.lock, by=newsroom.place("staf"), now=newsroom.now)
    heard = Notice.objects.filter(office=newsroom.office, verb="post.submitted").values_list("officer__username")
    assert {"pmd", "admin"} <= {name for (name,) in heard}
    assert ("kesra",) not in heard


def test_at_its_time_and_once(newsroom: Newsroom) -> None:
    later = newsroom.now + timedelta(hours=3)
    post = newsroom.draft(publish_at=later)
    post = actions.approve(post=post, seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    assert post.state == "approved"
    assert actions.publish_due(now=later - timedelta(seconds=1)) == 0
    assert (actions.publish_due(now=later), actions.publish_due(now=later)) == (1, 0)
    assert newsroom.fresh(post).published_at == later


def test_put_right_and_taken_back(newsroom: Newsroom) -> None:
    post = newsroom.published()
    admin = newsroom.place("admin")
    with pytest.raises(InvalidError):
        actions.correct(
            post=post, content=newsroom.content(title="Benar"), note=" ", seen=post.lock, by=admin, now=newsroom.now
        )
    post = actions.correct(
        post=newsroom.fresh(post), content=newsroom.content(title="Benar"), note="Judulnya keliru", seen=post.lock,
        by=admin, now=newsroom.now,
    )  # fmt: skip
    assert (post.title, post.correction, post.revision) == ("Benar", "Judulnya keliru", 1)
    kept = PostRevision.objects.get(office=newsroom.office, post=post)
    assert kept.content["title"] == "Kerja bakti membersihkan saluran"
    post = actions.withdraw(post=post, reason="Fotonya keliru", seen=post.lock, by=admin, now=newsroom.now)
    assert queries.published(newsroom.office, post.code) is None
    gone = queries.withdrawn(newsroom.office, post.code)
    assert gone is not None
    assert gone.withdraw_reason == "Fotonya keliru"
    assert states(newsroom, post) == {"page": "withdrawn", "share": "withdrawn"}


def test_returned_with_a_reason(newsroom: Newsroom) -> None:
    post = newsroom.draft()
    post = actions.submit(post=post, seen=post.lock, by=newsroom.place("pmd"), now=newsroom.now)
    admin = newsroom.place("admin")
    with pytest.raises(InvalidError):
        actions.send_back(post=post, reason="", seen=post.lock, by=admin, now=newsroom.now)
    post = actions.send_back(post=newsroom.fresh(post), reason="Foto buram", seen=post.lock, by=admin, now=newsroom.now)
    assert (post.state, post.return_reason) == ("draft", "Foto buram")


def test_every_move_from_every_state(newsroom: Newsroom) -> None:
    """The table is what the actions do: each move works from the states that it names, and from no other."""
    admin, now = newsroom.place("admin"), newsroom.now
    content = newsroom.content(title="Judul lain")
    does: dict[Move, Callable[[Post], object]] = {
        Move.SUBMIT: lambda post: actions.submit(post=post, seen=post.lock, by=admin, now=now),
        Move.RETURN: lambda post: actions.send_back(post=post, reason="Ulangi", seen=post.lock, by=admin, now=now),
        Move.APPROVE: lambda post: actions.approve(post=post, seen=post.lock, by=admin, now=now),
        Move.UNSCHEDULE: lambda post: actions.unschedule(post=post, seen=post.lock, by=admin, now=now),
        Move.CORRECT: lambda post: actions.correct(
            post=post, content=content, note="Ralat", seen=post.lock, by=admin, now=now
        ),
        Move.WITHDRAW: lambda post: actions.withdraw(post=post, reason="Keliru", seen=post.lock, by=admin, now=now),
        Move.DROP: lambda post: actions.drop(post=post, seen=post.lock, by=admin, now=now),
    }
    for state, move in product(PostState.values, does):
        post = newsroom.draft(publish_at=now + timedelta(days=1))
        Post.objects.filter(office=newsroom.office, pk=post.pk).update(state=state)
        try:
            with transaction.atomic():
                does[move](newsroom.fresh(post))
            worked = True
        except StepError:
            worked = False
        assert worked == workflow.allowed(state, move), (state, move)


def test_nobody_else_sees_a_draft(newsroom: Newsroom) -> None:
    post = newsroom.draft()
    assert {who for who in ("admin", "camat", "pmd", "kesra") if queries.post(newsroom.place(who), post.code)} == {
        "admin", "camat", "pmd",
    }  # fmt: skip


def test_found_by_words_in_their_one_form(newsroom: Newsroom) -> None:
    post = newsroom.published()
    other = newsroom.published(title="Posyandu lansia", text="Pemeriksaan gratis.")
    for typed, wanted in (("membersihkan", post), ("saluran air", post), ("posyandu", other), ("gratis lansia", other)):
        found = queries.published_page(newsroom.office, terms=finding.search_terms(typed)).rows
        assert found == [wanted], typed
    assert queries.published_page(newsroom.office, terms=finding.search_terms("ambulans")).rows == []


def test_pages_of_lists_hold_every_post_once(newsroom: Newsroom) -> None:
    made = [newsroom.published(title=f"Kegiatan {n}").code for n in range(7)]
    seen: list[str] = []
    after = ""
    while True:
        page = queries.published_page(newsroom.office, after=after, most=3)
        seen += [one.code for one in page.rows]
        after = page.after
        if not after:
            break
    assert seen == made[::-1]
