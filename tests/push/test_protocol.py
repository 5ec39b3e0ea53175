"""Web push by the letter: the RFC's own example, signatures, which addresses are called, what a status means."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django.fixtures import Settings

from pelita.push import sealing, vapid
from pelita.push.gateway import Landing, Outgoing, call_all, reply_of
from pelita.push.sending import Message
from pelita.push.services import is_known
from tests.push.receiver import CURVE, Browser, Received, decode, encode, push_service

# RFC 8291, section 5 and appendix A.
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SALT, AUTH = "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(text), "big"), CURVE)


def test_sealing_is_the_rfcs_own_example() -> None:
    sealed = sealing.seal(
        b"When I grow up, I want to be a watermelon", p256dh=decode(RECEIVER_PUBLIC), auth=decode(AUTH),
        own=private(SENDER), salt=decode(SALT),
    )  # fmt: skip
    assert encode(sealed) == SEALED
    assert Browser("", private(RECEIVER)).public == decode(RECEIVER_PUBLIC)


def test_only_that_browser_reads_it_and_it_is_never_the_same_twice() -> None:
    browser = Browser("https://web.push.apple.com/x")
    said = Message("Kecamatan", "“SKTM” é 🙏" * 200, "/tugas", "kabar-1", timedelta(days=1), waiting=3).as_bytes()
    one, other = (sealing.seal(said, p256dh=browser.public, auth=browser.auth) for _ in range(2))
    assert one[21:] != other[21:]
    assert len(one) <= sealing.RECORD
    assert browser.opens(one)["waiting"] == "3"
    assert len(browser.opens(one)["text"]) == 400
    with pytest.raises(InvalidTag):
        Browser("").opens(one)


def test_too_much_and_no_key_are_refused() -> None:
    browser = Browser("")
    with pytest.raises(ValueError, match="too long"):
        sealing.seal(b"x" * 3001, p256dh=browser.public, auth=browser.auth)
    with pytest.raises(ValueError, match=r"key|point|curve"):
        sealing.seal(b"x", p256dh=b"\x04" + bytes(64), auth=browser.auth)


def test_the_signature_is_for_that_service_and_ends_within_a_day(settings: Settings, moment: datetime) -> None:
    settings.PUBLIC_URL = "https://pelita.kemlagi.example"
    call = vapid.authorization("https://fcm.googleapis.com/fcm/send/rahasia", now=moment)
    claims = Received("", {"Authorization": call}, b"").claims(vapid.public_key())
    assert claims == {
        "aud": "https://fcm.googleapis.com", "sub": "https://pelita.kemlagi.example",
        "exp": int((moment + timedelta(hours=12)).timestamp()),
    }  # fmt: skip
    settings.PUSH_CONTACT = "mailto:operator@kemlagi.example"
    call = vapid.authorization("https://web.push.apple.com/rahasia", now=moment)
    claims = Received("", {"Authorization": call}, b"").claims(vapid.public_key())
    assert (claims["aud"], claims["sub"]) == ("https://web.push.apple.com", "mailto:operator@kemlagi.example")


def test_the_key_is_the_installations_and_must_be_one(settings: Settings) -> None:
    settings.PUSH_KEY = SENDER
    assert vapid.public_key() == encode(sealing.point(private(SENDER).public_key()))
    for broken in ("kunci", encode(bytes(32)), encode(bytes(31)), "é"):
        settings.PUSH_KEY = broken
        with pytest.raises(vapid.BadKeyError):
            vapid.public_key()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/a:b",
        "https://fcm.googleapis.com:443/wp/a",
        "https://updates.push.services.mozilla.com/wpush/v2/a",
        "https://wns2-sg2p.notify.windows.com/w/?token=a",
        "https://web.push.apple.com/a",
        "https://push.kantor.example/a",
        "https://a.dorong.example/a",
    ],
)
def test_known_services_are_called(settings: Settings, endpoint: str) -> None:
    settings.PUSH_HOSTS = ["push.kantor.example", "*.dorong.example"]
    assert is_known(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/a",
        "https://fcm.googleapis.com:8443/a",
        "https://fcm.googleapis.com@10.0.0.1/a",
        "https://fcm.googleapis.com.jahat.example/a",
        "https://xfcm.googleapis.com/a",
        "https://push.services.mozilla.com/a",
        "https://jahat.example/?x=.push.services.mozilla.com",
        "https://10.0.0.1/a",
        "https://localhost/a",
        "http://127.0.0.1:5432/a",
        "https://[::1]/a",
        "https://fcm.googleapis.com:x/a",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/" + "a" * 1000,
        "ftp://fcm.googleapis.com/a",
        "https://xn--0.push.apple.com/a",
        "https://a%2f.push.apple.com/a",
        "https://a\\.push.apple.com/a",
        "https://.push.apple.com/a",
    ],
)
def test_nobody_else_is(endpoint: str) -> None:
    assert not is_known(endpoint)


def test_an_address_that_cannot_be_read_ends_no_call_beside_it() -> None:
    with push_service() as service:
        known = service.browser("hp").endpoint
        calls = [Outgoing(one, "vapid", b"x", 60, "high", "a") for one in ("https://xn--0.push.apple.com/a", known)]
        replies = asyncio.run(call_all(calls))
    assert [one.landing for one in replies] == [Landing.LATER, Landing.TAKEN]


def test_what_a_status_means() -> None:
    meanings = {
        Landing.TAKEN: (200, 201, 202, 204), Landing.GONE: (404, 410), Landing.LATER: (408, 429, 500, 502, 503),
        Landing.REFUSED: (301, 400, 401, 403, 413),
    }  # fmt: skip
    for landing, statuses in meanings.items():
        assert {reply_of(status).landing for status in statuses} == {landing}
    waits = [reply_of(429, said).wait for said in ("30", "999999", "Wed, 25 Nov 2026 10:00:00 GMT", "-1", "")]
    assert waits == [30, 3600, 0, 0, 0]
