"""Invariants of the whole tree that no linter holds."""

from __future__ import annotations

import ast
import re
import socket
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import ForeignKey
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for d in ("src", "tests") for p in (ROOT / d).rglob("*.py") if "migrations" not in p.parts)
MAX_FILE, MAX_FUNCTION = 400, 50

# Rooms from the ground up; two on one floor may not know each other.
FLOORS = {
    "base": 0,
    "offices": 1,
    "journal": 2,
    "whatsapp": 3,
    "push": 3,
    "catalog": 3,
    "desk": 4,
    "assistant": 5,
    "news": 5,
    "web": 6,
    "config": 7,
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{relative(path)}:{node.lineno} {node.name} has {length} lines"


def test_foreign_keys_point_down() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("pelita."):
            continue
        room = model._meta.app_label
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                target = field.remote_field.model
                if target.__module__.startswith("pelita."):
                    other = target._meta.app_label
                    assert other == room or FLOORS[other] < FLOORS[room], f"{room}.{model.__name__}.{field.name}"


def test_no_migration_is_missing(db: None) -> None:
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)


def test_tests_cannot_reach_the_network() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as plug,
        pytest.warns(UserWarning, match="192.0.2.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        plug.connect(("192.0.2.1", 80))  # TEST-NET-1, RFC 5737


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    marks = re.compile(r"pytest\.(skip|xfail|importorskip)\b|mark\.(skip|skipif|xfail)\b")
    for path in SOURCES:
        if path.name != Path(__file__).name:
            assert not marks.search(path.read_text(encoding="utf-8")), relative(path)


def test_no_unfinished_marks() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
    for path in SOURCES:
        assert not words.search(path.read_text(encoding="utf-8")), relative(path)


def test_texts_of_citizens_are_never_logged() -> None:
    """A log line takes ids and states; the names that hold words of people do not occur in it."""
    private = {"text", "body", "raw", "wa_id", "to_phone", "profile_name", "summary", "payload", "final_text", "token"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in {"log", "logger", "logging"}:
                inner = [n for a in node.args for n in ast.walk(a)]
                # `body.pk` names a body's id, not the body.
                owners = {id(n.value) for n in inner if isinstance(n, ast.Attribute)}
                used = {n.attr for n in inner if isinstance(n, ast.Attribute) and id(n) not in owners}
                used |= {n.id for n in inner if isinstance(n, ast.Name) and id(n) not in owners}
                assert not used & private, f"{relative(path)}:{node.lineno}"


def test_no_script_has_a_text_over_several_lines() -> None:
    """Scripts leave without their indentation (config/asgi.py), which such a text would lose too."""
    scripts = [one for one in (ROOT / "src" / "pelita").rglob("*.js") if "vendor" not in one.parts]
    lines = [(one, line) for one in scripts for line in one.read_text(encoding="utf-8").splitlines()]
    assert len(scripts) > 10
    assert [(one.name, line) for one, line in lines if line.count("`") % 2] == []
