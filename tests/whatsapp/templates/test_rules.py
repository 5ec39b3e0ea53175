"""What a template may look like, and what WhatsApp's words for its state mean."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pelita.whatsapp.errors import BadTemplateError
from pelita.whatsapp.templates import ANSWER_READY, OWN, Draft, components_of, purpose_of, serves, state_of

PLAIN = Draft(
    name="info_loket", language="id", category="UTILITY",
    body="Loket {{1}} buka sampai {{2}} hari ini, silakan ke sini.",
    examples=("dua", "15.00"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Info Loket"}, "name"),
        ({"name": "n" * 513}, "name"),
        ({"body": " ", "examples": ()}, "body"),
        ({"body": "x" * 1025, "examples": ()}, "body"),
        ({"body": "Loket {{2}} buka hari ini juga.", "examples": ("a",)}, "body"),
        ({"body": "{{1}} buka sampai sore hari ini.", "examples": ("a",)}, "body"),
        ({"body": "Hari ini loket buka di {{1}}.", "examples": ("a",)}, "body"),
        ({"body": "Ke {{1}} ya.", "examples": ("a",)}, "body"),
        ({"body": "Loket {1} buka sampai sore hari ini.", "examples": ()}, "body"),
        ({"examples": ("dua",)}, "examples"),
        ({"examples": ("dua", " ")}, "examples"),
        ({"header": "x" * 61}, "header"),
        ({"header": "Kode {{1}}"}, "header"),
        ({"footer": "x" * 61}, "footer"),
        ({"buttons": ["x" * 26]}, "buttons"),
        ({"buttons": ["Ya", "Ya"]}, "buttons"),
        ({"buttons": [str(number) for number in range(11)]}, "buttons"),
        ({"buttons": ["Ke {{1}}"]}, "buttons"),
        ({"purpose": ANSWER_READY}, "purpose"),
    ],
)
def test_what_whatsapp_would_refuse_is_told_beside_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadTemplateError) as refused:
        components_of(replace(PLAIN, **changes))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "n" * 512},
        {"body": "x" * 1024, "examples": ()},
        {"header": "x" * 60, "footer": "x" * 60},
        {"buttons": ["x" * 25, *(str(number) for number in range(9))]},
    ],
)
def test_up_to_the_limits_everything_passes(changes: dict[str, Any]) -> None:
    assert components_of(replace(PLAIN, **changes))


def test_the_parts_stand_as_meta_wants_them() -> None:
    found = components_of(replace(PLAIN, header="Info", footer="Kecamatan", buttons=("Terima kasih",)))
    assert found == [
        {"type": "HEADER", "format": "TEXT", "text": "Info"},
        {"type": "BODY", "text": PLAIN.body, "example": {"body_text": [["dua", "15.00"]]}},
        {"type": "FOOTER", "text": "Kecamatan"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Terima kasih"}]},
    ]


def test_our_own_template_is_good_for_what_it_is_for() -> None:
    for own in OWN:
        found = components_of(own)
        assert purpose_of(own.name, found) == own.purpose
        assert purpose_of("lain", found) == ""
        assert purpose_of(own.name, components_of(PLAIN)) == ""
    link: list[dict[str, object]] = [
        {"type": "BODY", "text": "Kode {{1}} ada."},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "x"}]},
    ]
    assert not serves(link, ANSWER_READY)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("APPROVED", "APPROVED"), ("approved", "APPROVED"), ("REJECTED", "REJECTED"), ("PAUSED", "PAUSED"),
        ("REINSTATED", "APPROVED"), ("FLAGGED", "APPROVED"), ("DISABLED", "DISABLED"), ("LOCKED", "UNKNOWN"),
        ("PENDING_DELETION", "PENDING_DELETION"), ("", "UNKNOWN"),
    ],
)  # fmt: skip
def test_words_of_states(word: str, state: str) -> None:
    assert state_of(word) == state
