"""Who the server runs as. PostgreSQL refuses root, so root hands it to an unprivileged account.

Tried in order, without any set-up by a person: oneself (when not root), the account that already owns the
database folder, an account of the machine, and, in a container that knows no other user, a user namespace.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pelita.config.postgres.errors import PostgresError

# `pelita` when an administrator made one for us, PostgreSQL's usual account, and the one every machine has.
ACCOUNTS = ("pelita", "postgres", "nobody")
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NAMELESS = 65534


@dataclass(frozen=True)
class Account:
    """A user for the server and how to become it."""

    uid: int
    gid: int
    how: Literal["self", "switch", "namespace"]

    @property
    def apart(self) -> bool:
        """Whether the server is somebody else than the caller, who may then enter fewer folders."""
        return self.how == "switch"

    def popen(self, *, end_with_parent: bool = False) -> dict[str, Any]:
        """Arguments for subprocess: become this account, private files, no environment of the caller.

        An empty environment keeps PGPORT and the like from reaching the server, and our secrets too.
        """
        found: dict[str, Any] = {"env": {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}, "umask": 0o077}
        if self.how == "switch":
            found |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        before = [enter_namespace] if self.how == "namespace" else []
        if end_with_parent and sys.platform == "linux":
            # After the change of user: the kernel forgets the wish when the user changes.
            before.append(_end_with(os.getpid()))
        if before:
            found["preexec_fn"] = lambda: [step() for step in before]
        return found

    def works(self) -> bool:
        """Whether this machine lets us become the account."""
        try:
            run = subprocess.run(["/bin/sh", "-c", ":"], check=False, cwd="/", timeout=30, **self.popen())
        except (OSError, subprocess.SubprocessError):
            return False
        return run.returncode == 0


def choose(folder: Path) -> Account:
    """The account for the database in `folder` (which may not exist yet). Raises PostgresError."""
    owner = folder.stat() if folder.exists() else None
    me = os.getuid()
    if me != 0:
        if owner is not None and owner.st_uid != me:
            raise PostgresError(
                f"{folder} milik pengguna lain. Jalankan sebagai pengguna itu, atau pilih folder lain dengan "
                f"--data. / It belongs to another user."
            )
        return Account(me, os.getgid(), "self")
    candidates = [] if owner is None or owner.st_uid == 0 else [(owner.st_uid, owner.st_gid)]
    candidates += [(entry.pw_uid, entry.pw_gid) for entry in _accounts()]
    for uid, gid in candidates:
        account = Account(uid, gid, "switch")
        if account.works():
            return account
    account = Account(0, 0, "namespace")
    if sys.platform == "linux" and account.works():
        return account
    raise PostgresError(
        "PostgreSQL tidak mau berjalan sebagai root, dan komputer ini tidak mengizinkan akun lain. "
        "Jalankan sebagai pengguna biasa, atau isi DATABASE_URL. / Run as an ordinary user, or set DATABASE_URL."
    )


def _accounts() -> list[pwd.struct_passwd]:
    found = {entry.pw_name: entry for entry in pwd.getpwall()}
    return [found[name] for name in ACCOUNTS if name in found and found[name].pw_uid != 0]


def enter_namespace() -> None:
    """Become "nobody" in a user namespace of one's own; files stay the caller's. Runs between fork and exec."""
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{NAMELESS} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{NAMELESS} {gid} 1", encoding="ascii")


def _end_with(parent: int) -> Callable[[], None]:
    """A step after fork: when the parent is killed, this process gets a fast, clean shutdown (SIGINT)."""

    def step() -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGINT)

    return step
