"""The contract's checks of files: what a citizen sent can be fetched, what the office has can be uploaded."""

from __future__ import annotations

import io

from pelita.whatsapp.gateways.contract import Check, Harness, expect
from pelita.whatsapp.gateways.files import FileOutcome, Upload

CONTENT = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2000


async def fetches_what_a_citizen_sent(harness: Harness) -> None:
    gateway, into = harness.gateway(), io.BytesIO()
    try:
        name = await harness.received(CONTENT, "image/jpeg")
        fetched = await gateway.fetch_file(name, into, limit=len(CONTENT))
        expect(fetched.outcome is FileOutcome.DONE, f"it comes: {fetched}")
        expect(into.getvalue() == CONTENT, "byte for byte")
    finally:
        await gateway.aclose()


async def stops_at_the_limit(harness: Harness) -> None:
    gateway, into = harness.gateway(), io.BytesIO()
    try:
        name = await harness.received(CONTENT, "image/jpeg")
        fetched = await gateway.fetch_file(name, into, limit=len(CONTENT) - 1)
        expect(fetched.outcome is FileOutcome.TOO_LARGE, f"one byte too many: {fetched}")
        expect(len(into.getvalue()) < len(CONTENT), "is not read to its end")
    finally:
        await gateway.aclose()


async def knows_what_is_not_there(harness: Harness) -> None:
    gateway = harness.gateway()
    try:
        for name in ("1", "tidak/ada?x=1", ""):
            fetched = await gateway.fetch_file(name, io.BytesIO(), limit=10)
            expect(fetched.outcome is FileOutcome.GONE, f"an id that names nothing: {fetched}")
    finally:
        await gateway.aclose()


async def uploads_what_it_can_fetch_again(harness: Harness) -> None:
    gateway, into = harness.gateway(), io.BytesIO()
    try:
        uploaded = await gateway.upload_file(Upload(io.BytesIO(CONTENT), "image/jpeg", "foto.jpg"))
        expect(uploaded.outcome is FileOutcome.DONE and bool(uploaded.provider_id), f"it is taken: {uploaded}")
        await gateway.fetch_file(uploaded.provider_id, into, limit=len(CONTENT))
        expect(into.getvalue() == CONTENT, "byte for byte")
    finally:
        await gateway.aclose()


async def says_what_is_not_taken(harness: Harness) -> None:
    gateway = harness.gateway()
    try:
        uploaded = await gateway.upload_file(Upload(io.BytesIO(b"MZ"), "application/x-msdownload", "a.exe"))
        expect(uploaded.outcome is FileOutcome.REFUSED, f"a program is refused for good: {uploaded}")
    finally:
        await gateway.aclose()


async def reaches_no_provider_with_a_file(harness: Harness) -> None:
    gateway = harness.gateway_without_provider()
    try:
        fetched = await gateway.fetch_file("1", io.BytesIO(), limit=10)
        uploaded = await gateway.upload_file(Upload(io.BytesIO(CONTENT), "image/jpeg", "foto.jpg"))
        expect({fetched.outcome, uploaded.outcome} == {FileOutcome.UNREACHABLE}, f"nobody is there: {fetched}")
    finally:
        await gateway.aclose()


FILE_CHECKS: tuple[Check, ...] = (
    fetches_what_a_citizen_sent,
    stops_at_the_limit,
    knows_what_is_not_there,
    uploads_what_it_can_fetch_again,
    says_what_is_not_taken,
    reaches_no_provider_with_a_file,
)
