"""The contract of every way out: each publishes, puts right, takes back and fails like the others, as far as it can."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from pelita.base.errors import NotAllowedError, TakenError
from pelita.desk.models import OfficerPhone
from pelita.journal.models import Fact
from pelita.news import actions, actions_hands, publishing
from pelita.news.models import Post, Publication, PublicationState
from pelita.news.publishers.base import Job, Publisher, Result
from pelita.whatsapp.models import App, Delivery, Line, Outbound
from tests.news.conftest import Newsroom

PHONE = "6281200000003"
MINUTE, DAY = timedelta(minutes=1), timedelta(hours=25)
S = PublicationState


@pytest.fixture
def admin_phone(newsroom: Newsroom) -> OfficerPhone:
    """An admin who wrote to the office a moment ago."""
    app = App.objects.create(name="app", app_secret="geheim-rahasia", verify_token="uji-coba-uji")
    line = Line.objects.create(
        office=newsroom.office, app=app, phone_number_id="100", business_account_id="1", display_phone="6285155565667",
        token="token", base_url="http://127.0.0.1:9",
    )  # fmt: skip
    return OfficerPhone.objects.create(
        office=newsroom.office, officer=newsroom.place("admin").officer, number=PHONE, wa_id=PHONE, line=line,
        confirmed_at=newsroom.now, last_inbound_at=newsroom.now, created_at=newsroom.now,
    )  # fmt: skip


def row(newsroom: Newsroom, post: Post, way: str) -> Publication:
    return Publication.objects.get(office=newsroom.office, post=post, way=way)


def work(newsroom: Newsroom, after: timedelta = timedelta()) -> int:
    done = 0
    while publishing.run(now=newsroom.now + after):
        done += 1
        assert done < 20, "the worker goes round in circles"
    return done


def delivered(newsroom: Newsroom, delivery: str = Delivery.DELIVERED) -> None:
    """WhatsApp says so of all that waits."""
    rows = Outbound.objects.filter(office=newsroom.office)
    rows.update(state="accepted", delivery=delivery)
    publishing.deliveries_changed(list(rows), now=newsroom.now + MINUTE)


def brought_out(newsroom: Newsroom, post: Post, way: str) -> Publication:
    """As far as the way goes by itself, and then with the hand that it waits for."""
    work(newsroom)
    delivered(newsroom)
    if row(newsroom, post, way).state == S.HAND:
        actions_hands.shown(post=post, way=way, by=newsroom.place("admin"), now=newsroom.now)
    return row(newsroom, post, way)


WAYS = ("page", "share", "phone", "broadcast")


@pytest.mark.parametrize("way", WAYS)
def test_it_goes_out_once_and_says_so(newsroom: Newsroom, admin_phone: OfficerPhone, way: str) -> None:
    capabilities = publishing.PUBLISHERS[way].capabilities
    post = newsroom.published(ways=("page", way))
    work(newsroom)
    before = row(newsroom, post, way)
    if not capabilities.automatic:
        assert before.state == S.HAND, "nothing goes out without the hand that it needs"
    found = brought_out(newsroom, post, way)
    assert found.state == S.DONE
    assert found.at is not None
    assert found.by is not None or capabilities.automatic, "where a person is the proof, the person is known"
    messages = Outbound.objects.filter(office=newsroom.office).count()
    assert work(newsroom, MINUTE) == 0
    assert Outbound.objects.filter(office=newsroom.office).count() == messages, "once is enough"
    assert PHONE not in json.dumps(found.proof)
    assert capabilities.hint


@pytest.mark.parametrize("way", WAYS)
def test_a_correction_follows_where_the_way_allows_it(newsroom: Newsroom, admin_phone: OfficerPhone, way: str) -> None:
    capabilities = publishing.PUBLISHERS[way].capabilities
    post = newsroom.published(ways=("page", way))
    brought_out(newsroom, post, way)
    sent = Outbound.objects.filter(office=newsroom.office).count()
    post = newsroom.fresh(post)
    content = newsroom.content(title="Kerja bakti hari Minggu", ways=("page", way))
    note = "Harinya Minggu, bukan Sabtu."
    actions.correct(post=post, content=content, note=note, seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    work(newsroom)
    delivered(newsroom)
    found = row(newsroom, post, way)
    if capabilities.corrects:
        assert (found.state, found.revision) == (S.DONE, 1)
        if way == "phone":
            said = list(Outbound.objects.filter(office=newsroom.office).order_by("id"))[sent:]
            assert "Harinya Minggu" in str(said[0].text) + json.dumps(said[0].content)
    else:
        assert found.state in (S.HAND, S.DONE)
        assert capabilities.limits, "what it cannot do is said"
        assert Outbound.objects.filter(office=newsroom.office).count() == sent


@pytest.mark.parametrize("way", WAYS)
def test_a_withdrawal_follows_where_the_way_allows_it(newsroom: Newsroom, admin_phone: OfficerPhone, way: str) -> None:
    capabilities = publishing.PUBLISHERS[way].capabilities
    post = newsroom.published(ways=("page", way))
    brought_out(newsroom, post, way)
    post = newsroom.fresh(post)
    actions.withdraw(post=post, reason="Acara batal.", seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    work(newsroom)
    found = row(newsroom, post, way)
    if capabilities.withdraws:
        assert found.state == S.WITHDRAWN
    elif found.state == S.HAND:
        assert found.error, "what the hand must do is said"
        actions_hands.shown(post=newsroom.fresh(post), way=way, by=newsroom.place("admin"), now=newsroom.now)
        assert row(newsroom, post, way).state == S.WITHDRAWN
    else:
        assert capabilities.limits


@pytest.mark.parametrize("way", WAYS)
def test_what_is_withdrawn_before_it_went_out_never_does(
    newsroom: Newsroom, admin_phone: OfficerPhone, way: str
) -> None:
    post = newsroom.published(ways=("page", way))
    actions.withdraw(post=post, reason="Acara batal.", seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    work(newsroom)
    assert row(newsroom, post, way).state == S.WITHDRAWN
    assert not Outbound.objects.filter(office=newsroom.office).exists()


class Broken:
    """A way that breaks in the middle of every call."""

    capabilities = publishing.PUBLISHERS["phone"].capabilities

    def publish(self, job: Job, /) -> Result:
        raise RuntimeError(job.post.title)

    correct = withdraw = overdue = publish


def test_one_way_fails_and_is_tried_again_alone(newsroom: Newsroom, admin_phone: OfficerPhone) -> None:
    post = newsroom.published(ways=("page", "share", "phone"))
    broken: dict[str, Publisher] = {**publishing.PUBLISHERS, "phone": Broken()}
    while publishing.run(now=newsroom.now, publishers=broken):
        pass
    failed = row(newsroom, post, "phone")
    assert failed.state == S.FAILED
    assert failed.error
    assert post.title not in failed.error
    assert (row(newsroom, post, "page").state, row(newsroom, post, "share").state) == (S.DONE, S.HAND)
    with pytest.raises(TakenError):
        actions_hands.again(post=post, way="share", by=newsroom.place("admin"), now=newsroom.now)
    with pytest.raises(NotAllowedError):
        actions_hands.again(post=post, way="phone", by=newsroom.place("kesra"), now=newsroom.now)
    actions_hands.again(post=post, way="phone", by=newsroom.place("pmd"), now=newsroom.now)
    assert brought_out(newsroom, post, "phone").state == S.DONE
    verbs = Fact.objects.filter(office=newsroom.office, verb__startswith="publication.").order_by("id")
    assert [one.verb for one in verbs] == ["publication.failed", "publication.again", "publication.done"]


def test_what_a_dead_worker_held_is_taken_up_again(newsroom: Newsroom, admin_phone: OfficerPhone) -> None:
    post = newsroom.published(ways=("page", "phone"))
    claimed = publishing._claimed(("phone",), newsroom.now)  # the worker dies here
    assert claimed is not None
    held = claimed[0]
    assert work(newsroom) == 0
    assert work(newsroom, publishing.STUCK) == 1
    assert row(newsroom, post, "phone").state == S.RUNNING
    sent = Outbound.objects.filter(office=newsroom.office).count()
    assert sent == 2, "the card and what to do with it"
    # The first worker was only slow: what it noted last does not count.
    assert held.tries < row(newsroom, post, "phone").tries


def test_a_withdrawal_overtakes_a_card_on_its_way(newsroom: Newsroom, admin_phone: OfficerPhone) -> None:
    post = newsroom.published(ways=("page", "phone"))
    work(newsroom)
    assert row(newsroom, post, "phone").state == S.RUNNING
    post = newsroom.fresh(post)
    actions.withdraw(post=post, reason="Acara batal.", seen=post.lock, by=newsroom.place("admin"), now=newsroom.now)
    delivered(newsroom)
    work(newsroom, MINUTE)
    assert row(newsroom, post, "phone").state == S.WITHDRAWN
    last = Outbound.objects.filter(office=newsroom.office).latest("id")
    assert "ditarik" in last.text


def test_who_shared_it_is_the_proof_and_a_slip_is_taken_back(newsroom: Newsroom) -> None:
    post = newsroom.published(ways=("page", "share"))
    done = actions_hands.shown(post=post, way="share", by=newsroom.place("pmd"), now=newsroom.now)
    assert (done.by, done.at) == (newsroom.place("pmd").officer, newsroom.now)
    with pytest.raises(TakenError):
        actions_hands.shown(post=post, way="share", by=newsroom.place("admin"), now=newsroom.now)
    back = actions_hands.not_shown(post=post, way="share", by=newsroom.place("pmd"), now=newsroom.now)
    assert (back.state, back.by, back.at) == (S.HAND, None, None)
    assert "out" not in back.proof
    with pytest.raises(TakenError):
        actions_hands.not_shown(post=post, way="page", by=newsroom.place("pmd"), now=newsroom.now)


def test_a_status_of_yesterday_needs_no_hand_any_more(newsroom: Newsroom) -> None:
    post = newsroom.published(ways=("page", "share"))
    actions_hands.shown(post=post, way="share", by=newsroom.place("pmd"), now=newsroom.now)
    later = newsroom.now + DAY
    post = newsroom.fresh(post)
    actions.withdraw(post=post, reason="Acara batal.", seen=post.lock, by=newsroom.place("admin"), now=later)
    work(newsroom, DAY)
    assert row(newsroom, post, "share").state == S.WITHDRAWN


def test_cards_wait_for_the_window_of_the_admins_phone(newsroom: Newsroom, admin_phone: OfficerPhone) -> None:
    OfficerPhone.objects.filter(office=newsroom.office).update(last_inbound_at=newsroom.now - DAY)
    post = newsroom.published(ways=("page", "phone"))
    assert work(newsroom) == 1
    waiting = row(newsroom, post, "phone")
    assert waiting.state == S.WAITING
    assert "HP Admin" in waiting.error
    assert not Outbound.objects.filter(office=newsroom.office).exists()
    OfficerPhone.objects.filter(office=newsroom.office).update(last_inbound_at=newsroom.now + MINUTE)
    work(newsroom, 3 * MINUTE)
    assert row(newsroom, post, "phone").state == S.RUNNING


def test_without_any_admins_phone_the_way_says_what_is_missing(newsroom: Newsroom) -> None:
    post = newsroom.published(ways=("page", "phone"))
    work(newsroom)
    found = row(newsroom, post, "phone")
    assert found.state == S.FAILED
    assert "Nomor saya" in found.error


@pytest.mark.parametrize("after", [timedelta(), DAY])
def test_what_never_arrives_is_not_called_done(newsroom: Newsroom, admin_phone: OfficerPhone, after: timedelta) -> None:
    post = newsroom.published(ways=("page", "phone"))
    work(newsroom)
    if after:
        work(newsroom, after)
    else:
        delivered(newsroom, Delivery.FAILED)
    assert row(newsroom, post, "phone").state == S.FAILED


def test_the_card_and_its_words_reach_the_phone(newsroom: Newsroom, admin_phone: OfficerPhone) -> None:
    newsroom.published(ways=("page", "phone"), place="Balai Desa Mojogebang")
    work(newsroom)
    card, words = Outbound.objects.filter(office=newsroom.office).select_related("media").order_by("id")
    assert card.media is not None
    assert (card.kind, card.media.width, card.media.height) == ("image", 1080, 1920)
    said = card.text + json.dumps(card.content, ensure_ascii=False)
    assert "Kerja bakti membersihkan saluran" in said
    assert "Balai Desa Mojogebang" in said
    assert "/kantor/kemlagi/berita/" in said
    assert "Status saya" in words.text
