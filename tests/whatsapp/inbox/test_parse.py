"""Taking a body apart: everything in it is found, and nothing makes the parser fail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pelita.whatsapp.parse import Found, explode, storable
from pelita.whatsapp.parse_view import message_view, status_view, takes_part
from tests.whatsapp.inbox.support import NUMBER, change, envelope, message, messages, status, statuses

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\x00", "\ud800", "1"])
ANY = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
NAMES = st.sampled_from(
    [
        "object", "entry", "id", "time", "changes", "field", "value",
        "metadata", "contacts", "messages", "statuses", "message_echoes", "errors", "timestamp",
        "type", "text", "from", "status", "wa_id", "user_id", "profile", "context", "errors", "image", "caption",
        "location", "interactive", "nfm_reply", "order", "system", "edit", "message", "revoke", "reaction", "history",
    ]
)  # fmt: skip
LOOSE = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=12)

calmly = settings(max_examples=100, deadline=None)


ITEM = SCALARS | st.dictionaries(NAMES, SCALARS | st.dictionaries(NAMES, SCALARS, max_size=2), max_size=4)
VALUE = st.dictionaries(NAMES, ITEM | st.lists(ITEM, max_size=4), max_size=5)
CHANGES = st.lists(st.fixed_dictionaries({"field": ITEM, "value": VALUE}) | ITEM, max_size=3)
ENTRIES = st.lists(st.fixed_dictionaries({"id": ITEM, "changes": CHANGES}) | ITEM, min_size=1, max_size=3)
# Envelopes of the right shape whose lists hold anything.
SHAPED = st.fixed_dictionaries({"object": st.just("whatsapp_business_account"), "entry": ENTRIES})


def walk(body: Any) -> int:
    """How many messages and statuses a body holds, counted without the parser."""
    found = 0
    for entry in body["entry"]:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        for one in changes if isinstance(changes, list) else []:
            value = one.get("value") if isinstance(one, dict) else None
            for name in ("messages", "statuses"):
                items = value.get(name) if isinstance(value, dict) else None
                found += len(items) if isinstance(items, list) else 0
    return found


@calmly
@given(ANY | LOOSE)
def test_any_json_gives_items_that_postgresql_can_store(body: Any) -> None:
    found = explode(body)
    assert found
    for one in found:
        stored = json.dumps(one.payload, allow_nan=False)
        assert "\\u0000" not in json.dumps(storable(json.loads(stored)))
        assert len(one.key) <= 200
        assert len(one.field) <= 60
        assert one.payload["item"] == storable(one.payload["item"])


@calmly
@given(SHAPED)
def test_no_message_and_no_status_is_dropped(body: Any) -> None:
    found = explode(body)
    assert len(found) >= walk(body)


@calmly
@given(SHAPED)
def test_repetition_has_the_same_keys(body: Any) -> None:
    assert [one.key for one in explode(body)] == [one.key for one in explode(json.loads(json.dumps(body)))]


@calmly
@given(SHAPED)
def test_views_read_anything(body: Any) -> None:
    for one in explode(body):
        if one.kind in {"message", "status"}:
            takes_part(one.kind, one.payload)
            message_view(one.payload)
            status_view(one.payload)


@calmly
@given(st.dictionaries(NAMES, LOOSE))
def test_nothing_of_a_change_is_lost(value: Any) -> None:
    """Every text and number of the value is found again in some item."""
    found = explode({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "x", "value": value}]}]})
    kept = json.dumps([one.payload for one in found])
    for leaf in leaves(storable(value)):
        assert json.dumps(leaf) in kept


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [] if value is None else [value]


def test_two_entries_two_changes_and_all_that_is_in_them() -> None:
    lists: dict[str, Any] = {
        "messages": [message(), message(), message()],
        "statuses": [status("wamid.a"), status("wamid.a", "read")],
        "errors": [{"code": 131000}],
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": n, "changes": [change(number, **lists) for number in ("1", "2")]} for n in ("x", "y")],
    }
    found = explode(body)
    assert len(found) == 2 * 2 * 6
    assert len({(one.kind, one.key) for one in found}) == 2 * (3 + 2) + 2 * 2  # errors carry their entry


def only(body: object) -> Found:
    [found] = explode(body)
    return found


def test_keys_are_made_of_number_and_wamid() -> None:
    assert only(messages(message(id="wamid.x"))).key == f"{NUMBER}:wamid.x"
    assert only(statuses(status("wamid.x", "read"))).key == f"{NUMBER}:wamid.x:read"
    echo = only(envelope(change(field="smb_message_echoes", message_echoes=[message(id="wamid.x")])))
    assert (echo.kind, echo.key) == ("echo", f"{NUMBER}:wamid.x")


def test_in_a_group_each_member_reads_for_himself() -> None:
    group: dict[str, Any] = {"recipient_type": "group", "recipient_id": "grup"}
    first = status("wamid.x", "read", recipient_participant_user_id="ID.1", **group)
    second = status("wamid.x", "read", recipient_participant_user_id="ID.2", **group)
    assert len({one.key for one in explode(statuses(first, second))}) == 2


def test_message_with_its_contact_among_many() -> None:
    contacts = [{"wa_id": f"62{n}", "profile": {"name": f"Warga {n}"}} for n in range(10_000_000, 10_000_020)]
    items = [message(sender=contact["wa_id"], from_user_id=None) for contact in reversed(contacts)]
    found = explode(envelope(change(messages=items, contacts=contacts)))
    names = [message_view(one.payload).profile_name for one in found]
    assert names == [f"Warga {n}" for n in reversed(range(10_000_000, 10_000_020))]


def test_what_surrounds_the_items_is_kept_too() -> None:
    body = messages(message())
    body["entry"][0]["changes"][0]["value"] |= {"baru": 1, "contacts": [{"wa_id": "1"}, {"wa_id": "2"}]}
    body["entry"][0]["lain"] = 2
    body["lagi"] = 3
    items = [one.payload["item"] for one in explode(body)]
    assert items[1:] == [
        {"baru": 1, "contacts": [{"wa_id": "1"}, {"wa_id": "2"}]},
        {"lain": 2},
        {"lagi": 3, "object": "whatsapp_business_account"},
    ]


def test_nested_too_deeply_is_one_item() -> None:
    deep: list[Any] = []
    other: list[Any] = [1]
    for _ in range(5000):
        deep, other = [deep], [other]
    assert len(explode(deep)) == 1
    assert only(deep).key != only(other).key


SENDERS: list[tuple[Any, Any, tuple[str, str]]] = [
    ("6281234567890", "ID.100", ("ID.100", "6281234567890")),
    ("6281234567890", None, ("", "6281234567890")),
    ("+6281234567890", None, ("", "6281234567890")),
    (None, "ID.100", ("ID.100", "")),
    ("ID.100", None, ("ID.100", "")),
    (None, None, ("", "")),
    (6281234567890, "bukan id", ("", "6281234567890")),
    (["x"], {"a": 1}, ("", "")),
    ("٠١٢٣٤٥٦٧", None, ("", "")),
]


@pytest.mark.parametrize(("sender", "user_id", "expected"), SENDERS)
def test_sender(sender: Any, user_id: Any, expected: tuple[str, str]) -> None:
    view = message_view(only(messages(message(sender=sender, from_user_id=user_id))).payload)
    assert (view.user_id, view.wa_id) == expected


def test_contact_adds_what_the_message_leaves_out() -> None:
    contact = {
        "wa_id": "6281234567890", "user_id": "ID.100", "parent_user_id": "ID.ENT.7",
        "profile": {"name": "Bu Sulastri", "username": "sulastri"},
    }  # fmt: skip
    body = envelope(change(messages=[message(from_user_id=None)], contacts=[contact]))
    view = message_view(only(body).payload)
    assert (view.user_id, view.parent_user_id) == ("ID.100", "ID.ENT.7")
    assert (view.profile_name, view.username) == ("Bu Sulastri", "sulastri")


def test_contact_of_somebody_else_adds_nothing() -> None:
    contact = {"wa_id": "6289999999999", "user_id": "ID.999", "profile": {"name": "Orang lain"}}
    body = envelope(change(messages=[message(from_user_id=None)], contacts=[contact]))
    view = message_view(only(body).payload)
    assert (view.user_id, view.wa_id, view.profile_name) == ("", "6281234567890", "")


@pytest.mark.parametrize(
    ("timestamp", "year"), [("1795489000", 2026), (1795489000, 2026), ("besok", None), ("", None), ("9" * 400, None)]
)
def test_moment(timestamp: Any, year: int | None) -> None:
    occurred = only(messages(message(timestamp=timestamp))).occurred_at
    assert (occurred.year if occurred else None) == year


def test_view_of_a_text_that_answers_another() -> None:
    view = message_view(only(messages(message("Baik", context={"id": "wamid.tanya", "from": "62"}))).payload)
    assert (view.type, view.supported, view.text, view.context_wamid) == ("text", True, "Baik", "wamid.tanya")


def test_view_of_a_type_from_tomorrow() -> None:
    view = message_view(only(messages(message(type="hologram", hologram={"id": "1"}))).payload)
    assert (view.type, view.supported, view.text) == ("hologram", False, "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (messages(message()), True),
        (statuses(status("wamid.x")), True),
        (messages(message(group_id="grup")), False),
        (messages(message(id=None)), False),
        (messages(message(id="w" * 300)), False),
        (envelope(change(field="calls", statuses=[status("wacid.x", "RINGING")])), False),
        (statuses(status("wacid.x", "RINGING", type="call")), False),
    ],
)
def test_who_takes_part(body: object, expected: bool) -> None:
    found = only(body)
    assert takes_part(found.kind, found.payload) is expected
