"""DATA/secrets.json: what `up` makes once for its folder. Settings from outside always win over it."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from pelita.config.postgres.errors import PostgresError, explain_os_error

NAME = "secrets.json"
# Short words that are easy to say over a desk and to type on a phone.
SPOKEN = (
    "angin awan bambu batik beras bintang bulan bunga cangkir cempaka cengkih damar daun delima embun gamelan "
    "garam gula hujan jahe jambu janur jendela kabut kapas kebun kelapa kemiri kenari kendi ketan kopi kunyit "
    "lampu langit lesung lontar madu mangga melati meja menara merpati minyak nangka ombak padi pandan pasar "
    "payung pelangi perahu pintu rembulan rotan salak sawah sejuk senja serai sungai tampah teratai ubi"
)
WORDS = tuple(SPOKEN.split())


def password() -> str:
    """Three words and four digits, about 31 bits: enough where five wrong tries lock the door."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(9000) + 1000}"])


def key() -> str:
    """A Fernet key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def token() -> str:
    """A random token for a header or a signature."""
    return secrets.token_urlsafe(32)


MAKERS: dict[str, Callable[[], str]] = {
    "PELITA_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "PELITA_FIELD_KEYS": key,
    "PELITA_PUSH_KEY": token,
    "PELITA_DEMO_PASSWORD": password,
    "PELITA_LINE_TOKEN": token,
    "PELITA_APP_SECRET": lambda: secrets.token_hex(16),
    "PELITA_VERIFY_TOKEN": token,
}


def is_data_folder(folder: Path) -> bool:
    """Whether `up` has worked in this folder before."""
    return (folder / NAME).is_file()


def read(folder: Path) -> dict[str, str]:
    """What the folder holds; empty when it holds nothing. Raises PostgresError for a file that cannot be read."""
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise explain_os_error(error, str(path)) from error
    except ValueError as error:
        raise PostgresError(
            f"{path} rusak. Kembalikan dari cadangan: tanpa isinya, rahasia di basis data tidak dapat dibuka. "
            "/ The file is damaged; restore it from a backup."
        ) from error
    return {str(name): str(value) for name, value in found.items()}


def ensure(folder: Path) -> dict[str, str]:
    """The folder's secrets, with whatever was missing made now. Written whole, readable by the owner only."""
    kept = read(folder)
    missing = {name: make() for name, make in MAKERS.items() if name not in kept}
    if not missing:
        return kept
    path = folder / NAME
    unfinished = path.with_suffix(".new")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept | missing, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise explain_os_error(error, str(path)) from error
    return kept | missing


def given(name: str) -> bool:
    """Whether the setting comes from outside, directly or by NAME_FILE."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def into_environment(folder: Path, more: Mapping[str, str]) -> None:
    """Puts the folder's secrets and `more` into os.environ; a secret that is given from outside stays."""
    for name, value in read(folder).items():
        if not given(name):
            os.environ[name] = value
    os.environ.update(more)
