"""WhatsApp's catalogue kept in step: over real HTTP, with refusals, lost answers and batches that never end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pelita.base import clock
from pelita.base.errors import InvalidError
from pelita.whatsapp.actions import goods as actions
from pelita.whatsapp.errors import NotAllowedError
from pelita.whatsapp.gateways.meta_cloud.goods import MetaCloudGoods
from pelita.whatsapp.goods import Good, cut, digest_of, payload_of
from pelita.whatsapp.models import GoodsItem, GoodsSync, Line
from pelita.whatsapp.queries import goods as queries
from pelita.whatsapp.stocking import sync
from tests.whatsapp.outbox.support import World, build
from tests.whatsapp.scripted import Answer, Close, Deed, Request, refusal, scripted

GATEWAYS = {"meta_cloud": MetaCloudGoods}
CATALOG = "354160437058781"


def good(code: str, **changes: str) -> Good:
    one = Good(code, f"Layanan {code}", "Syarat: KTP.", f"http://kantor/{code}", f"http://kantor/{code}.png?v=1")
    return replace(one, **changes)


@dataclass
class Meta:
    """Meta's side. ``bad``: ids that it refuses; ``status``: of every batch."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    status: str = "finished"
    instead: dict[str, Deed] = field(default_factory=dict)  # edge → what happens to it
    calls: list[str] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)

    def __call__(self, request: Request) -> Deed:
        parts = urlsplit(request.path)
        edge = parts.path.rpartition("/")[2]
        self.calls.append(edge)
        if edge in self.instead:
            return self.instead[edge]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if edge == "whatsapp_commerce_settings":
            assert query == {"is_cart_enabled": "false", "is_catalog_visible": "true"}
            return _json({"success": True})
        assert parts.path.startswith(f"/v26.0/{CATALOG}/")
        if edge == "items_batch":
            assert request.json["item_type"] == "PRODUCT_ITEM"
            assert request.json["allow_upsert"] is True
            return self._write(request.json["requests"])
        errors = [{"id": one, "message": "Image could not be fetched"} for one in sorted(self.bad)]
        found = {"status": self.status, "errors": errors, "ids_of_invalid_requests": sorted(self.bad)}
        return _json({"data": [{"handle": query["handle"], **found}]})

    def _write(self, requests: Sequence[dict[str, Any]]) -> Deed:
        self.batches.append([f"{one['method']} {one['data']['id']}" for one in requests])
        for one in requests:
            if one["data"]["id"] in self.bad:
                continue
            if one["method"] == "DELETE":
                self.items.pop(one["data"]["id"], None)
            else:
                self.items[one["data"]["id"]] = one["data"]
        return _json({"handles": [f"handle-{len(self.batches)}"]})


def _json(document: dict[str, Any]) -> Answer:
    return Answer(body=json.dumps(document).encode())


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
def world(db: None, meta: Meta) -> Iterator[World]:
    with scripted(meta) as server:
        made = build(base_url=server.url)
        actions.choose(line=made.line, catalog_id=CATALOG, price=0, on=True, by=made.place("admin"), now=clock.now())
        yield made


def run(world: World, goods: Sequence[Good], *, rounds: int = 2) -> None:
    """So many rounds, one after the other: the first hands over, the second hears what became of it."""
    for _ in range(rounds):
        GoodsSync.objects.filter(office=world.office).update(next_at=clock.now())
        assert sync(line_id=world.line.pk, gateways=GATEWAYS, source=lambda _line: goods)


def states(world: World) -> dict[str, str]:
    return dict(GoodsItem.objects.filter(office=world.office).values_list("code", "state"))


def stand(world: World) -> GoodsSync:
    return GoodsSync.objects.get(office=world.office)


def test_everything_is_written_once_and_then_only_what_differs(world: World, meta: Meta) -> None:
    two = [good("KTP"), good("KK")]
    run(world, two, rounds=1)
    assert states(world) == {"KTP": "sent", "KK": "sent"}
    assert stand(world).handle == "handle-1"
    run(world, two)
    assert states(world) == {"KTP": "there", "KK": "there"}
    assert meta.items["KTP"]["price"] == "0 IDR"
    assert meta.calls.count("whatsapp_commerce_settings") == 1
    assert meta.batches == [["UPDATE KK", "UPDATE KTP"]]
    assert stand(world).next_at > clock.now() + timedelta(hours=1)
    # One changed, one withdrawn, one new.
    run(world, [good("KTP", description="Syarat: KK."), good("SKTM")])
    assert meta.batches[1:] == [["DELETE KK", "UPDATE KTP", "UPDATE SKTM"]]
    assert states(world) == {"KTP": "there", "SKTM": "there"}
    assert sorted(meta.items) == ["KTP", "SKTM"]
    run(world, [good("KTP", description="Syarat: KK."), good("SKTM")])
    assert len(meta.batches) == 2


def test_what_is_refused_waits_for_a_change_or_a_person(world: World, meta: Meta) -> None:
    meta.bad = {"KK"}
    run(world, [good("KTP"), good("KK")], rounds=4)
    assert states(world) == {"KTP": "there", "KK": "refused"}
    assert len(meta.batches) == 1, "the same is not asked for again by itself"
    row = GoodsItem.objects.get(office=world.office, code="KK")
    assert row.error == "Image could not be fetched"
    meta.bad = set()
    actions.ask(line=world.line, by=world.place("admin"), now=clock.now())
    run(world, [good("KTP"), good("KK")])
    assert states(world) == {"KTP": "there", "KK": "there"}
    meta.bad = {"KTP"}
    run(world, [good("KTP", title="Lain"), good("KK")])
    assert states(world)["KTP"] == "refused"
    meta.bad = set()
    run(world, [good("KTP", title="Lain lagi"), good("KK")])
    assert meta.items["KTP"]["title"] == "Lain lagi"


def test_a_refused_deletion_means_that_it_is_gone(world: World, meta: Meta) -> None:
    run(world, [good("KTP")])
    meta.bad = {"KTP"}
    run(world, [])
    assert states(world) == {}


@pytest.mark.parametrize("deed", [Close(), Answer(502, b"<html>", "text/html"), Answer(200, b'{"handles": []}')])
def test_a_lost_answer_is_written_again(world: World, meta: Meta, deed: Deed) -> None:
    meta.instead["items_batch"] = deed
    run(world, [good("KTP")], rounds=1)
    assert (states(world), stand(world).error) == ({"KTP": "waiting"}, "uncertain")
    assert stand(world).next_at > clock.now() + timedelta(seconds=30), "not at once"
    meta.instead.clear()
    run(world, [good("KTP")])
    assert (states(world), stand(world).error) == ({"KTP": "there"}, "")


def test_what_is_withdrawn_after_a_lost_answer_goes_there_too(world: World, meta: Meta) -> None:
    meta.instead["items_batch"] = Close()
    run(world, [good("KTP")], rounds=1)
    meta.items["KTP"] = {"id": "KTP"}  # the answer was lost, not the batch
    meta.instead.clear()
    run(world, [])
    assert (meta.items, states(world)) == ({}, {})


def test_a_refused_token_or_a_foreign_catalogue_stops_the_round(world: World, meta: Meta) -> None:
    meta.instead["items_batch"] = refusal(190, 401)
    run(world, [good("KTP")], rounds=1)
    assert stand(world).error == "token_invalid"
    meta.instead["items_batch"] = refusal(80009, 400)
    run(world, [good("KTP")], rounds=1)
    assert (stand(world).error, stand(world).failures) == ("rate_limited", 2)


@pytest.mark.parametrize("status", ["error", "canceled"])
def test_a_batch_that_whatsapp_gave_up_is_handed_over_again(world: World, meta: Meta, status: str) -> None:
    meta.status = status
    run(world, [good("KTP")])
    assert len(meta.batches) == 2
    meta.status = "finished"
    run(world, [good("KTP")], rounds=1)
    assert states(world) == {"KTP": "there"}


def test_a_batch_that_never_ends_is_asked_about_ever_more_rarely_and_given_up(world: World, meta: Meta) -> None:
    meta.status = "started"
    run(world, [good("KTP")], rounds=3)
    assert len(meta.batches) == 1
    row = stand(world)
    assert timedelta(0) < row.next_at - clock.now() <= actions.LAST_LOOK
    GoodsSync.objects.filter(office=world.office).update(
        handed_at=clock.now() - actions.GIVEN_UP - timedelta(minutes=1)
    )
    run(world, [good("KTP")], rounds=1)
    assert len(meta.batches) == 2


def test_a_change_while_whatsapp_works_is_written_afterwards(world: World, meta: Meta) -> None:
    meta.status = "started"
    run(world, [good("KTP")], rounds=1)
    run(world, [good("KTP", title="Baru")], rounds=1)
    assert states(world) == {"KTP": "sent"}
    meta.status = "finished"
    run(world, [good("KTP", title="Baru")], rounds=2)
    assert meta.items["KTP"]["title"] == "Baru"
    assert states(world) == {"KTP": "there"}


def test_many_items_go_in_several_batches(world: World, meta: Meta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pelita.whatsapp.goods.BATCH", 3)
    run(world, [good(f"L{number}") for number in range(7)], rounds=4)
    assert [len(one) for one in meta.batches] == [3, 3, 1]
    assert set(states(world).values()) == {"there"}


def test_another_catalogue_is_written_anew_and_a_switched_off_one_not_at_all(world: World, meta: Meta) -> None:
    run(world, [good("KTP")])
    admin = world.place("admin")
    actions.choose(line=world.line, catalog_id=CATALOG, price=5000, on=True, by=admin, now=clock.now())
    run(world, [good("KTP")])
    assert meta.items["KTP"]["price"] == "5000 IDR"
    actions.choose(line=world.line, catalog_id=CATALOG, price=5000, on=False, by=admin, now=clock.now())
    assert not sync(line_id=world.line.pk, gateways=GATEWAYS, source=lambda _line: [])
    assert actions.drawn() == {}
    GoodsItem.objects.filter(office=world.office).update(state="there")
    actions.choose(line=world.line, catalog_id="99999999", price=0, on=True, by=admin, now=clock.now())
    assert states(world) == {"KTP": "waiting"}


def test_a_new_price_loses_no_batch_that_is_noted_meanwhile(
    world: World, meta: Meta, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = GoodsSync.save

    def save(row: GoodsSync, **given: Any) -> None:
        monkeypatch.undo()
        run(world, [good("KTP")], rounds=1)  # a worker, between the look at the row and its change
        keep(row, **given)

    monkeypatch.setattr(GoodsSync, "save", save)
    actions.choose(line=world.line, catalog_id=CATALOG, price=5000, on=True, by=world.place("admin"), now=clock.now())
    assert (stand(world).handle, stand(world).price) == ("handle-1", 5000)
    run(world, [good("KTP")], rounds=3)
    assert meta.items["KTP"]["price"] == "5000 IDR"
    assert states(world) == {"KTP": "there"}


@pytest.mark.parametrize(("catalog", "price"), [("", 0), ("katalog kami", 0), (CATALOG, -1), (CATALOG, 10**12)])
def test_a_catalogue_that_cannot_be_is_refused(world: World, catalog: str, price: int) -> None:
    with pytest.raises(InvalidError):
        actions.choose(
            line=world.line, catalog_id=catalog, price=price, on=True, by=world.place("admin"), now=clock.now()
        )
    assert Line.objects.get(office=world.office).catalog_id == CATALOG


def test_only_who_keeps_the_number_may(world: World) -> None:
    for name in ("kesra", "camat"):
        with pytest.raises(NotAllowedError):
            actions.ask(line=world.line, by=world.place(name), now=clock.now())
        with pytest.raises(NotAllowedError):
            actions.choose(line=world.line, catalog_id="", price=0, on=False, by=world.place(name), now=clock.now())


def test_lists_page_by_item(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run(world, [good(f"L{number}") for number in range(5)])
    monkeypatch.setattr(queries, "PAGE", 2)
    first = queries.page(world.line)
    second = queries.page(world.line, after=first.after)
    assert [one.code for one in (*first.rows, *second.rows)] == ["L0", "L1", "L2", "L3"]
    assert queries.page(world.line, after=second.after).after == ""
    assert queries.counts(world.line)["there"] == 5


def test_words_are_cut_to_the_limits() -> None:
    payload = payload_of(Good("X", "a " * 200, "b " * 9000, "http://l", "http://p"), 0)
    assert len(payload["title"]) <= 150
    assert len(payload["description"]) <= 5000
    assert payload["description"].endswith("…")
    assert cut("satu dua", 20) == "satu dua"
    assert digest_of({}) == ""
    assert digest_of(payload) == digest_of(dict(reversed(payload.items())))
