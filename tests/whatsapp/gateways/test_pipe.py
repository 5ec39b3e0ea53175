"""Connections that stay open: when they are used again, when they are given back, and over TLS."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pelita.whatsapp.gateways.meta_cloud import pipe
from pelita.whatsapp.gateways.meta_cloud.pipe import LostError, NeverLeftError, Pool
from tests.whatsapp.scripted import Answer, Close, Deed, scripted

T = TypeVar("T")
_made: list[Pool] = []


def pool(base: str, *, connections: int = 8, timeout: float = 5.0, trust: ssl.SSLContext | None = None) -> Pool:
    made = Pool(
        base, {"Authorization": "Bearer x"}, connections=connections, connect=5.0, timeout=timeout,
        trust=trust or ssl.create_default_context(),
    )  # fmt: skip
    _made.append(made)
    return made


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs to the end, and closes the pools that were made meanwhile."""

    async def tidy() -> T:
        try:
            return await work
        finally:
            while _made:
                _made.pop().close()
            await asyncio.sleep(0)  # an aborted connection ends with the loop's next turn

    return asyncio.run(tidy())


def test_one_connection_serves_calls_in_a_row_and_each_gets_its_own_answer() -> None:
    with scripted(lambda request: Answer(body=request.body)) as server:

        async def work() -> list[tuple[int, bytes]]:
            calls = pool(server.url)
            return [await calls.post(f"{server.url}/a/b", f"{{{number}}}".encode()) for number in range(5)]

        assert run(work()) == [(200, f"{{{number}}}".encode()) for number in range(5)]
        assert server.connections == 1
        assert {(request.method, request.path) for request in server.requests} == {("POST", "/a/b")}
        assert server.requests[0].headers["host"] == server.url.removeprefix("http://")


def test_no_more_connections_than_allowed() -> None:
    with scripted() as server:

        async def work() -> None:
            calls = pool(server.url, connections=3)
            await asyncio.gather(*(calls.post(f"{server.url}/x", b"{}") for _ in range(20)))

        run(work())
        assert (server.connections, len(server.requests)) == (3, 20)


@pytest.mark.parametrize(
    "last",
    [Answer(headers=(("Connection", "close"),)), Close(), Answer(body=b"{}" * 10, cut=3)],
    ids=["told", "closed", "cut"],
)
def test_a_connection_that_ended_is_not_used_again(last: Deed) -> None:
    with scripted() as server:
        server.script = lambda _request: last if len(server.requests) == 1 else Answer()

        async def work() -> tuple[int, bytes]:
            calls = pool(server.url)
            with contextlib.suppress(LostError):
                await calls.post(f"{server.url}/x", b"{}")
            return await calls.post(f"{server.url}/x", b"{}")

        assert run(work()) == (200, b"{}")
        assert server.connections == 2


def test_idle_connections_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "KEEPALIVE", 0.05)
    with scripted() as server:

        async def work() -> None:
            calls = pool(server.url)
            await calls.post(f"{server.url}/x", b"{}")
            for _ in range(200):
                await asyncio.sleep(0.02)
                if not calls.resting:
                    break
            assert calls.resting == 0
            await calls.post(f"{server.url}/x", b"{}")

        run(work())
        assert server.connections == 2


def raw(answer: bytes) -> Coroutine[Any, Any, tuple[int, bytes]]:
    """What a call makes of an answer that is sent byte for byte, after which the server closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def work() -> tuple[int, bytes]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            return await pool(f"http://127.0.0.1:{port}").post(f"http://127.0.0.1:{port}/x", b"")

    return work()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n3\r\nabc\r\n0\r\n\r\n", (200, b"{}abc")),
        (b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", (200, b"{}")),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", (200, b"until the end")),
        (b"HTTP/1.0 400 Bad\r\nContent-Length: 1\r\n\r\nx", (400, b"x")),
    ],
    ids=["chunked", "early hints", "without a length", "old"],
)
def test_ways_to_answer(answer: bytes, found: tuple[int, bytes]) -> None:
    assert run(raw(answer)) == found


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
    ],
    ids=["nothing", "half a head", "not http", "cut", "cut chunk", "upgrade"],
)
def test_no_whole_answer(answer: bytes) -> None:
    with pytest.raises(LostError):
        run(raw(answer))


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "uji")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


def test_over_tls_only_to_whom_is_trusted(tmp_path: Path) -> None:
    public, private = certificate(tmp_path)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(public, private)
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"{}"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()

    async def work() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=own)
        address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        trusting = pool(address, trust=ssl.create_default_context(cafile=public))
        assert await trusting.post(f"{address}/x", b"{}") == (200, b"{}")
        with pytest.raises(NeverLeftError):
            await pool(address).post(f"{address}/x", b"{}")
        server.close()

    run(work())
    assert len(seen) == 1, "nothing leaves before the server has shown who it is"
