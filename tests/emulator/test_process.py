"""The emulator as a process: start, stop, and being killed at a bad moment."""

import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import httpx

from .processes import free_port, secrets, start, started
from .support import SECRET, TOKEN, VERIFY, Receiver, until


def test_a_killed_emulator_goes_on_where_it_was(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = lambda _number, _body: 503
    port, env, store = free_port(), secrets(tmp_path), tmp_path / "store"
    with started(store, port, receiver.url, **env) as (process, office):
        citizen = office.citizen("Bu Sulastri", phone="0812-3456-7890", open_window=False)
        office.control("POST", "clock", {"advance_seconds": 3600})
        office.control("POST", "faults", {"kind": "slow", "count": None, "match": {"type": "sticker"}})
        wrote = [office.write(citizen, f"pesan {number}") for number in range(20)]
        answers = [office.send(citizen["wa_id"], f"jawaban {number}") for number in range(20)]
        process.kill()
        process.wait()
    receiver.answer = lambda _number, _body: 200
    with started(store, port, receiver.url, **env) as (_, office):
        state = office.control("GET", "state")
        assert [item["name"] for item in state["citizens"]] == ["Bu Sulastri"]
        assert (state["offset_seconds"], len(state["faults"])) == (3600, 1)
        until(lambda: len({item["id"] for item in receiver.messages()}) == 20, "every message")
        until(lambda: len(office.chat(citizen)) == 40, "every answer on the phone")
        until(lambda: all(set(receiver.words(wamid)) == {"sent", "delivered"} for wamid in answers), "statuses")
        chat = office.chat(citizen)
    assert [item["wamid"] for item in chat if item["direction"] == "out"] == wrote
    assert [item["wamid"] for item in chat if item["direction"] == "in"] == answers


def test_sigterm_ends_it_although_pages_listen_and_calls_hang(tmp_path: Path, receiver: Receiver) -> None:
    with (
        started(tmp_path / "store", free_port(), receiver.url, **secrets(tmp_path)) as (process, office),
        httpx.stream("GET", f"{office.url}/control/live", timeout=20, trust_env=False) as stream,
    ):
        assert next(stream.iter_lines()) == "retry: 1000"
        citizen = office.citizen()
        office.control("POST", "faults", {"kind": "timeout_after_accept", "seconds": 600})
        caller = subprocess.Popen(
            [sys.executable, "-c", HANGING, office.url, TOKEN, citizen["wa_id"]], stdout=subprocess.PIPE, text=True
        )
        until(lambda: len(office.chat(citizen)) == 2, "the accepted message")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
        assert process.returncode in (0, -signal.SIGTERM)
        assert caller.communicate(timeout=10)[0].strip() == "RemoteProtocolError"
    assert "Traceback" not in output
    for word in (SECRET, VERIFY, TOKEN, citizen["wa_id"], "Permisi"):
        assert word not in output


HANGING = """
import sys, httpx
url, token, to = sys.argv[1:]
body = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": "x"}}
try:
    httpx.post(url + "/v26.0/351600000000001/messages", json=body, timeout=30, trust_env=False,
               headers={"Authorization": "Bearer " + token})
except httpx.TransportError as problem:
    print(type(problem).__name__)
"""


def test_without_secrets_it_makes_its_own_and_says_where(tmp_path: Path, receiver: Receiver) -> None:
    store, port = tmp_path / "store", free_port()
    with started(store, port, receiver.url, EMULATOR_SAMPLES="1") as (process, office):
        kept = store / "secrets.json"
        made = json.loads(kept.read_text())
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert office.call({}, token=made["token"]).json()["error"]["code"] == 100
        names = [item["name"] for item in office.control("GET", "citizens")]
        assert names == ["Bu Sulastri", "Pak Wahyu", "Mbak Nur"]
        assert office.control("GET", "state")["secrets_file"] == str(kept)
        process.terminate()
        output, _ = process.communicate(timeout=10)
    assert str(kept) in output
    assert not any(secret in output for secret in made.values())
    with started(store, port, receiver.url, EMULATOR_SAMPLES="1") as (_, office):
        assert len(office.control("GET", "citizens")) == 3
        assert office.call({}, token=made["token"]).json()["error"]["code"] == 100


def test_people_who_are_there_from_the_start_write_at_once(tmp_path: Path, receiver: Receiver) -> None:
    retno = {"name": "Retno", "phone": "6281200000102"}
    for words in ("PETUGAS 123456", ""):
        people = json.dumps([{**retno, "says": words} if words else retno])
        with started(tmp_path / "store", free_port(), receiver.url, EMULATOR_PEOPLE=people) as (_, office):
            assert [one["name"] for one in office.control("GET", "citizens")] == ["Retno"]
            until(lambda: "PETUGAS 123456" in receiver.texts(), "the first words")
    assert receiver.texts().count("PETUGAS 123456") == 1


def test_two_emulators_do_not_share_a_store(tmp_path: Path, receiver: Receiver) -> None:
    store = tmp_path / "store"
    with started(store, free_port(), receiver.url):
        second = start(store, free_port(), receiver.url)
        output, _ = second.communicate(timeout=10)
    assert second.returncode == 1
    assert "sedang dipakai" in output
