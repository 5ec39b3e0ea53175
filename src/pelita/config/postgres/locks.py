"""File locks. The kernel frees them when their holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    """A lock on one file, not inherited by child processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, *, shared: bool = False) -> bool:
        """Tries at once; True when it is ours now."""
        handle = self._handle
        if handle is None:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            self._handle = None
            return False
        self._handle = handle
        return True

    def free(self) -> None:
        """Gives it back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def is_free(self) -> bool:
        """Whether nobody holds it at this moment."""
        if self._handle is not None:
            return False
        free = self.take()
        self.free()
        return free
