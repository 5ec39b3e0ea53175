"""The closed list of outcomes and the table of codes."""

from __future__ import annotations

import pytest
from django.utils import translation

from pelita.whatsapp.models import Outbound
from pelita.whatsapp.outcomes import CODES, NATURES, Outcome, of_code, words_of

# Meta's codes in groups, and what each group leads to: (retry, stop the line, alarm).
GROUPS: dict[Outcome, tuple[list[int], tuple[bool, bool, bool]]] = {
    Outcome.TOKEN_INVALID: ([0, 190], (False, True, True)),
    Outcome.PERMISSION: ([3, 10, 200, 250, 299, 131005, 131037, 131045, 133010], (False, True, True)),
    Outcome.RATE_LIMITED: ([4, 80007, 80009, 130429], (True, False, False)),
    Outcome.PAIR_LIMITED: ([131056], (True, False, False)),
    Outcome.WINDOW_CLOSED: ([131047], (False, False, False)),
    Outcome.UNDELIVERABLE: ([131026, 131021, 131030], (False, False, False)),
    Outcome.MARKETING_HELD: ([131049, 130472], (False, False, False)),
    Outcome.MARKETING_STOPPED: ([131050], (False, False, False)),
    Outcome.PAYMENT: ([131042], (False, True, True)),
    Outcome.ACCOUNT_LOCKED: ([131031, 368], (False, True, True)),
    Outcome.ACCOUNT_RESTRICTED: ([130497, 131048], (False, False, True)),
    Outcome.MEDIA: ([131052, 131053], (False, False, False)),
    Outcome.PHONE_NEEDED: ([131062], (False, False, False)),
    Outcome.TEMPLATE: ([132000, 132001, 132005, 132007, 132012, 132015, 132016], (False, False, False)),
    Outcome.TEMPORARY: ([131000, 131016, 1, 2, 131057, 133004], (True, False, False)),
    Outcome.REJECTED: ([100, 131008, 131009, 131051, 132017, 199, 300, -1, 10**9], (False, False, False)),
}
CASES = [(code, outcome) for outcome, (codes, _) in GROUPS.items() for code in codes]


@pytest.mark.parametrize("http_status", [None, 400])
@pytest.mark.parametrize(("code", "outcome"), CASES)
def test_codes(code: int, outcome: Outcome, http_status: int | None) -> None:
    assert of_code(code, http_status) is outcome


def test_every_code_of_the_table_has_a_case() -> None:
    assert set(CODES) <= {code for code, _ in CASES}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, Outcome.TEMPORARY), (503, Outcome.TEMPORARY), (401, Outcome.TOKEN_INVALID), (429, Outcome.RATE_LIMITED),
     (400, Outcome.REJECTED), (403, Outcome.REJECTED), (None, Outcome.REJECTED)],
)  # fmt: skip
def test_unknown_codes_follow_the_http_status(status: int | None, outcome: Outcome) -> None:
    assert of_code(987654, status) is outcome


def test_a_known_code_outweighs_the_http_status() -> None:
    assert of_code(131047, 500) is Outcome.WINDOW_CLOSED
    assert of_code(0, 500) is Outcome.TOKEN_INVALID


@pytest.mark.parametrize(("outcome", "wanted"), [(outcome, wanted) for outcome, (_, wanted) in GROUPS.items()])
def test_natures(outcome: Outcome, wanted: tuple[bool, bool, bool]) -> None:
    assert (outcome.retryable, outcome.stops_line, outcome.alarms) == wanted
    assert not outcome.settles_by_status


def test_only_uncertainty_is_settled_by_a_status() -> None:
    assert [outcome for outcome in Outcome if outcome.settles_by_status] == [Outcome.UNCERTAIN]


def test_the_list_is_closed_and_fits_its_column() -> None:
    assert {outcome.value for outcome in Outcome} == set(NATURES)
    limit = Outbound._meta.get_field("outcome").max_length
    assert limit is not None
    assert all(len(outcome.value) <= limit for outcome in Outcome)


def test_words() -> None:
    with translation.override("id"):
        assert Outcome.WINDOW_CLOSED.words == "Jendela 24 jam sudah tertutup"
        assert words_of("uncertain") == "WhatsApp belum menjawab, menunggu kepastian"
        assert words_of("uncertain", failed=True) == "Belum pasti terkirim; periksa di HP sebelum mengirim ulang"
        assert words_of("temporary", failed=True) == "WhatsApp terganggu terlalu lama"
        assert words_of("payment", failed=True) == Outcome.PAYMENT.words
        assert words_of("") == ""
        assert len({outcome.words for outcome in Outcome}) == len(Outcome)
