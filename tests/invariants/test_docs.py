"""The documents and the code say the same: commands, settings, links, and the pieces of code that people copy."""

from __future__ import annotations

import argparse
import ast
import importlib
import re
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import get_commands

from pelita.base import clock
from pelita.config.cli.bench import BENCHES
from pelita.config.cli.drill import DRILLS
from pelita.config.cli.main import COMMANDS
from pelita.desk.actions.review import answer_directly
from pelita.desk.models import Inquiry
from pelita.web.urls import urlpatterns
from pelita.whatsapp.models import Attempt, Outbound, StatusEvent
from tests.desk.conftest import World, build

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "src", "tests", "scripts")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md"))])
# A decision speaks of its own time: of commands that were planned then, or are gone since.
TIMELESS = [path for path in DOCUMENTS if "decisions" not in path.parts]
SETTINGS = ROOT / "docs" / "settings.md"

FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CALL = re.compile(r"(?:(?:^|[\s=])[./\w-]*/pelita|^pelita) ([a-z][\w-]*)([^|#\n]*)", re.MULTILINE)
NAME = re.compile(r"(?:PELITA|EMULATOR)_[A-Z_]*[A-Z]|DATABASE_URL(?:_FILE)?")
# Folders that exist on everybody's machine, and addresses of a web server rather than of a disk.
PUBLIC = {"dev", "etc", "opt", "proc", "root", "run", "srv", "usr", "var"}
ADDRESSES = {"assets", "control", "healthz", "metrics", "readyz", "static", "v", "webhooks"}
ABSOLUTE = re.compile(r"(?<![\w.~/>)\]}*:…·-])/([A-Za-z][\w-]*)")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(text: str) -> str:
    return FENCE.sub("", text)


def code(text: str) -> Iterator[str]:
    """What a document shows as code: blocks, and spans inside sentences."""
    for _, block in FENCE.findall(text):
        yield block.replace("\\\n", " ")
    yield from SPAN.findall(prose(text))


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Every call of the product's command in a document: subcommand, and what follows it."""
    for piece in code(path.read_text(encoding="utf-8")):
        yield from CALL.findall(piece)


def options(command: str) -> set[str]:
    """The options that a subcommand takes."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"pelita.config.cli.{command}").arguments(parser)
    return set(parser._option_string_actions)


def anchors(path: Path) -> set[str]:
    """The places in a document that a link may name, made as the usual renderers make them."""
    heads = re.findall(r"^#+ (.+)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def names_in_code() -> set[str]:
    """Every setting that the product, the emulator or the start script knows."""
    found = set(re.findall(r"PELITA_[A-Z]+", (ROOT / "pelita").read_text(encoding="utf-8")))
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
                found.add(node.value.removesuffix("_FILE"))
    return found


def documented_names() -> list[str]:
    return re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS.read_text(encoding="utf-8"), re.MULTILINE)


def test_documents_are_found() -> None:
    found = {relative(path) for path in DOCUMENTS}
    wanted = {"README.md", "CONTRIBUTING.md", "docs/structure.md", "docs/handbook/admin.md"}
    assert wanted <= found
    assert not any(".venv" in path.parts or "node_modules" in path.parts for path in DOCUMENTS)


def test_every_command_is_documented() -> None:
    mentioned = {name for path in TIMELESS for name, _ in calls(path)}
    assert set(COMMANDS) - mentioned == set()


@pytest.mark.parametrize("path", TIMELESS, ids=relative)
def test_commands_in_documents_exist(path: Path) -> None:
    for name, rest in calls(path):
        assert name in COMMANDS, f"pelita {name}"
        if name in {"test", "manage"}:
            continue  # what follows belongs to pytest and Django
        unknown = set(re.findall(r"(?<!\w)--[a-z][\w-]*", rest)) - options(name)
        assert not unknown, f"pelita {name} {unknown}"


@pytest.mark.parametrize("path", TIMELESS, ids=relative)
def test_words_behind_commands_exist(path: Path) -> None:
    known = {"bench": set(BENCHES), "drill": set(DRILLS), "manage": set(get_commands())}
    for name, rest in calls(path):
        words = re.sub(r"--data \S+", "", rest).split()
        if name in known and words and words[0][:1].islower():
            assert words[0].rstrip(",") in known[name], f"pelita {name} {words[0]}"


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = documented_names()
    assert len(documented) == len(set(documented))
    assert set(documented) == names_in_code()


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_settings_in_documents_exist(path: Path) -> None:
    named = {name.removesuffix("_FILE") for name in NAME.findall(path.read_text(encoding="utf-8"))}
    assert named - set(documented_names()) == set()


def test_settings_say_what_they_mean() -> None:
    for line in SETTINGS.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            assert len(cells) == 4, line
            assert all(cells), line


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_relative_links_resolve(path: Path) -> None:
    for link in LINK.findall(prose(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), link
        assert file.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(file), link


def test_every_page_is_linked() -> None:
    linked = set()
    for path in DOCUMENTS:
        for link in LINK.findall(prose(path.read_text(encoding="utf-8"))):
            linked.add((path.parent / link.partition("#")[0]).resolve())
    unlinked = [relative(p) for p in (ROOT / "docs").rglob("*") if p.is_file() and p.resolve() not in linked]
    assert [name for name in unlinked if not name.startswith("docs/decisions/0")] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_no_path_of_somebodys_own_machine(path: Path) -> None:
    routes = {str(route.pattern).partition("/")[0] for route in urlpatterns}
    text = re.sub(r"\w+://\S+", "", path.read_text(encoding="utf-8"))
    assert set(ABSOLUTE.findall(text)) - PUBLIC - ADDRESSES - routes == set()


# Code that people copy into `pelita manage shell`.

Snippet = tuple[Path, str]


def snippets() -> list[Snippet]:
    shell = re.compile(r'shell -v 0 -c "\n(.*?)\n[ ]*"$', re.MULTILINE | re.DOTALL)
    return [
        (path, textwrap.dedent(inner))
        for path in TIMELESS
        for _, block in FENCE.findall(path.read_text(encoding="utf-8"))
        for inner in shell.findall(block)
    ]


META = {
    "META_APP_ID": "1", "META_APP_SECRET": "a", "META_VERIFY_TOKEN": "b", "META_PHONE_NUMBER_ID": "2",
    "META_WABA_ID": "3", "META_DISPLAY_PHONE": "6281200000000", "META_TOKEN": "c", "FIRST_PASSWORD": "lampu-4821-senja",
}  # fmt: skip


@pytest.fixture
def office_with_traces(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The sample office with one answered inquiry under the code that the pages use."""
    for name, value in META.items():
        monkeypatch.setenv(name, value)
    world = build(clock.now())
    inquiry = world.asks()
    answer_directly(inquiry=inquiry, text="Loket buka sampai 15.00.", by=world.place("admin"), now=world.now)
    Inquiry.objects.filter(office=world.office, pk=inquiry.pk).update(code="KML-4F7Q")
    sent = Outbound.objects.get(office=world.office, kind="text")
    Attempt.objects.create(office=world.office, outbound=sent, number=1, started_at=world.now)
    StatusEvent.objects.create(
        office=world.office, line=world.line, item=inquiry.message.item, outbound=sent, status="sent", at=world.now
    )
    return world


def test_snippets_are_found() -> None:
    assert len(snippets()) > 5


@pytest.mark.parametrize("snippet", snippets(), ids=lambda one: relative(one[0]))
def test_code_to_copy_works_and_shows_nothing_private(
    office_with_traces: World, snippet: Snippet, capsys: pytest.CaptureFixture[str]
) -> None:
    _, source = snippet
    assert not set('"$`\\!') & set(source), "the shell would change it inside double quotes"
    exec(compile(source, "<document>", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.strip()
    for private in ("ktp", "Loket buka", "6281", "Sulastri"):
        assert private not in shown


def test_steps_of_lists_are_counted() -> None:
    """A step that was taken out must not leave a hole in the numbers of a list."""
    for path in TIMELESS:
        numbers = [int(n) for n in re.findall(r"^(\d+)\. ", prose(path.read_text(encoding="utf-8")), re.MULTILINE)]
        assert all(after in {before + 1, 1} for before, after in pairwise(numbers)), relative(path)
