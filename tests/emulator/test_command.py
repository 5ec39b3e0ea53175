"""`pelita emulator`: the program alone."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from .processes import SRC, free_port, healthy, secrets
from .support import TOKEN, Office, Receiver, until


def test_the_command_becomes_the_emulator(tmp_path: Path, receiver: Receiver) -> None:
    secrets(tmp_path)
    (tmp_path / "lines.json").write_text(json.dumps([{"phone_number_id": "77", "name": "Kecamatan Gedeg"}]))
    port = free_port()
    words = ["--port", str(port), "--store", str(tmp_path / "store"), "--webhook", receiver.url, "--samples"]
    words += ["--token-file", str(tmp_path / "token"), "--lines", str(tmp_path / "lines.json")]
    process = subprocess.Popen(
        [sys.executable, "-m", "pelita", "emulator", *words],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until(lambda: process.poll() is not None or healthy(port), "the emulator")
        office = Office(f"http://127.0.0.1:{port}")
        names = [item["name"] for item in office.control("GET", "lines")]
        assert names == ["Kecamatan Kemlagi", "Kecamatan Gedeg"]
        assert len(office.control("GET", "citizens")) == 3
        assert office.call({}, token=TOKEN).json()["error"]["code"] == 100
        office.http.close()
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    assert TOKEN not in output
    assert "Traceback" not in output


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "pelita", "emulator", "--token-file", str(tmp_path / "nothing")],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "tidak ada" in found.stderr
