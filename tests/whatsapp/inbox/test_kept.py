"""What nobody took is found again: by sort with counts, page by page, and no text of a citizen's in the lists."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from pelita.offices.models import Office
from pelita.whatsapp.models import Item
from pelita.whatsapp.queries import kept
from tests.whatsapp.inbox.support import ACCOUNT, World, change, envelope, message, messages


@pytest.fixture
def world(world: World) -> World:
    """An inbox in which something is left of every sort."""
    world.take_in(
        messages(message("rahasia", group_id="g"), message("rahasia", group_id="g"), message("rahasia", id=None)),
        messages(message(type="hologram", group_id="g")),
        envelope(change(errors=[{"code": 131000, "title": "Something went wrong"}])),
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": ACCOUNT, "changes": [{"field": "tomorrow", "value": {}}]}],
        },
        b"no JSON",
    )
    Item.objects.filter(kind="error").update(state="dead", error="ValueError")
    return world


def test_groups_with_counts(world: World) -> None:
    found = [(one.state, one.field, one.kind, one.type, one.count) for one in kept.kept_groups(world.office)]
    assert found == [
        ("kept", "messages", "message", "text", 3),
        ("dead", "messages", "error", "", 1),
        ("kept", "messages", "message", "hologram", 1),
        ("kept", "tomorrow", "update", "", 1),
    ]


def test_one_sort_and_one_item(world: World) -> None:
    page = kept.kept_page(world.office, state="dead")
    assert [(row.error, row.kind) for row in page.rows] == [("ValueError", "error")]
    assert kept.kept_item(world.office, page.rows[0].pk).payload["item"]["code"] == 131000
    other = Office.objects.create(code="b", name="B", regency="M", region_code="2", code_prefix="BBB")
    with pytest.raises(Item.DoesNotExist):
        kept.kept_item(other, page.rows[0].pk)
    assert kept.kept_groups(other) == []


def test_lists_hold_no_text(world: World) -> None:
    rows = [asdict(row) for row in kept.kept_page(world.office).rows]
    assert len(rows) == 6
    assert "rahasia" not in str(rows)


def test_pages_meet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [row.pk for row in kept.kept_page(world.office).rows]
    monkeypatch.setattr(kept, "PAGE", 4)
    first = kept.kept_page(world.office)
    second = kept.kept_page(world.office, before=first.before)
    assert [row.pk for row in (*first.rows, *second.rows)] == whole
    assert (first.before, second.before) == (whole[3], 0)


def test_items_of_nobody(world: World) -> None:
    Office.objects.create(code="b", name="B", regency="M", region_code="2", code_prefix="BBB")
    world.take_in(
        {"object": "whatsapp_business_account", "entry": [{"id": "?", "changes": [change("unknown", field="x")]}]}
    )
    assert [(one.field, one.count) for one in kept.kept_groups(None)] == [("x", 1)]


def test_quarantine(world: World) -> None:
    [row] = kept.quarantined_page().rows
    assert (row.note, row.size) == ("not JSON", 7)
    assert kept.quarantined_page(before=row.pk).rows == []
