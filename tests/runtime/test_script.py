"""./pelita itself: a copy of the script with nothing to install, on an empty home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import ordinary

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = 'import os, sys; print(sys.prefix, os.getcwd(), *sys.argv[1:]); sys.exit(int(os.environ.get("CODE", 0)))'


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """A checkout whose program only prints where it runs, after its first call."""
    place = Path(tempfile.mkdtemp(prefix="pelita-t-")) / "salinan dengan spasi"
    (place / "src" / "pelita").mkdir(parents=True)
    (place.parent / "home").mkdir()
    shutil.copy2(ROOT / "pelita", place)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (place / name).write_text("# nothing\n", encoding="ascii")
    (place / "src" / "pelita" / "__main__.py").write_text(PROGRAM, encoding="ascii")
    first = run(place, "up", "a b")
    assert first.stdout == f"{place}/.venv / up a b\n"
    assert "Menyiapkan Python" in first.stderr
    yield place
    shutil.rmtree(place.parent)


@pytest.fixture
def checkout(installed: Path, folder: Path) -> Path:
    """A copy of it, with its virtual environment."""
    (folder / "home").mkdir()
    return Path(shutil.copytree(installed, folder / installed.name, symlinks=True))


@pytest.fixture
def fresh(checkout: Path) -> Path:
    """A copy without one."""
    shutil.rmtree(checkout / ".venv")
    return checkout


def surroundings(checkout: Path, **more: str) -> dict[str, str]:
    # The Python that runs the tests is certainly new enough; `python3` of this machine may not be.
    python = str(Path(sys.executable).resolve())
    return {"PATH": os.environ["PATH"], "HOME": str(checkout.parent / "home"), "PELITA_PYTHON": python, **more}


def run(checkout: Path, *words: str, script: Path | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    options = {"env": surroundings(checkout), "cwd": "/"} | options
    return subprocess.run(
        [str(script or checkout / "pelita"), *words], capture_output=True, text=True, check=False, **options
    )


def test_later_calls_install_nothing(checkout: Path) -> None:
    later = run(checkout, "up")
    assert later.stdout == f"{checkout}/.venv / up\n"
    assert later.stderr == ""


def test_changed_lock_installs_again_and_test_needs_more(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text("# something else\n", encoding="ascii")
    assert "Memasang" in run(checkout, "up").stderr
    assert "Memasang" in run(checkout, "test").stderr
    assert run(checkout, "test").stderr == ""
    assert run(checkout, "up").stderr == ""


def test_through_a_chain_of_links_from_anywhere(checkout: Path, folder: Path) -> None:
    (folder / "one").symlink_to(checkout / "pelita")
    (folder / "bin").mkdir()
    (folder / "bin" / "two").symlink_to("../one")
    called = run(checkout, "version", script=folder / "bin" / "two", cwd=str(folder))
    assert called.stdout == f"{checkout}/.venv {folder} version\n"


def test_exit_code_and_environment_pass_through(checkout: Path) -> None:
    assert run(checkout, env=surroundings(checkout, CODE="7")).returncode == 7


def test_two_first_calls_at_once(fresh: Path) -> None:
    calls = [
        subprocess.Popen([fresh / "pelita", "up"], env=surroundings(fresh), stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert {call.communicate()[0].split(" ")[-1] for call in calls} == {"up\n"}
    assert [call.returncode for call in calls] == [0, 0, 0]
    assert not (fresh / ".venv.lock").exists()


def test_lock_of_a_dead_process_is_taken_over(fresh: Path) -> None:
    (fresh / ".venv.lock").mkdir()
    dead = subprocess.Popen(["true"])
    dead.wait()
    (fresh / ".venv.lock" / "pid").write_text(f"{dead.pid}\n", encoding="ascii")
    assert run(fresh, "up").returncode == 0
    assert not (fresh / ".venv.lock").exists()


def test_environment_of_another_python_is_made_again(checkout: Path) -> None:
    (checkout / ".venv" / "pelita-python").write_text("3.9\n", encoding="ascii")
    assert "Memasang" in run(checkout, "up").stderr
    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    again = run(checkout, "up")
    assert "Menyiapkan Python" in again.stderr
    assert again.returncode == 0


def test_failed_installation_is_explained_and_not_kept(checkout: Path) -> None:
    unknown = f"pelita-has-no-such-package==1.0 --hash=sha256:{'0' * 64}\n"
    (checkout / "requirements.lock").write_text(unknown, encoding="ascii")
    failed = run(checkout, "up", env=surroundings(checkout, PIP_NO_INDEX="1"))
    assert failed.returncode == 1
    assert "Pemasangan pustaka gagal" in failed.stderr
    assert failed.stdout == ""
    (checkout / "requirements.lock").write_text("# nothing\n", encoding="ascii")
    assert run(checkout, "up").returncode == 0


def programs(folder: Path, python: str) -> dict[str, str]:
    """A PATH with the tools the script needs and one `python3`."""
    place = folder / "programs"
    place.mkdir()
    for name in ("sh", "dirname", "readlink", "cat", "cmp", "mkdir", "rm", "sleep", "mv", "ls", "grep", "cp", "tail"):
        found = shutil.which(name)
        assert found, name
        (place / name).symlink_to(found)
    (place / "python3").write_text(python, encoding="ascii")
    (place / "python3").chmod(0o755)
    return {"PATH": str(place), "HOME": str(folder / "home")}


def test_no_python_that_is_new_enough(fresh: Path, folder: Path) -> None:
    refused = run(fresh, "up", env=programs(folder, "#!/bin/sh\nexit 1\n"))
    assert refused.returncode == 1
    assert "memerlukan Python 3.11 atau lebih baru" in refused.stderr
    assert "was not found" in refused.stderr
    assert not (fresh / ".venv").exists()


def test_python_without_venv(fresh: Path, folder: Path) -> None:
    without = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexit 0\n'
    refused = run(fresh, "up", env=programs(folder, without))
    assert refused.returncode == 1
    assert "apt install python3-venv" in refused.stderr


def test_folder_with_other_things_is_not_emptied(checkout: Path, folder: Path) -> None:
    (folder / "home" / "letter.txt").write_text("dear", encoding="ascii")
    refused = run(checkout, "up", env=surroundings(checkout, PELITA_VENV=str(folder / "home")))
    assert refused.returncode == 1
    assert "sudah berisi hal lain" in refused.stderr
    assert (folder / "home" / "letter.txt").read_text(encoding="ascii") == "dear"


def test_checkout_that_may_not_be_written(fresh: Path, folder: Path) -> None:
    folder.chmod(0o755)
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o555 if path.is_dir() or path.name == "pelita" else 0o444)
    user = ordinary(folder / "home")
    user["env"] |= surroundings(fresh) | {"PYTHONDONTWRITEBYTECODE": "1"}
    called = run(fresh, "up", **user)
    assert called.stdout == f"{folder}/home/.local/share/pelita/venv / up\n", called.stderr
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755)
