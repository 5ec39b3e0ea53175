"""Runs a module as a child that ends with its parent: `python -m pelita.config.supervised FD MODULE [ARG…]`.

When the parent is killed it cannot say goodbye. On Linux the kernel sends SIGTERM then; everywhere the read end
of a pipe, whose write end only the parent holds, tells it, and sets a deadline.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

from pelita.config.postgres.account import PR_SET_PDEATHSIG

PATIENCE = 8.0  # seconds from SIGTERM to the end


def watch(pipe: int) -> None:
    """Blocks until the parent is gone, then ends this process: politely first."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


def main() -> None:
    """Entry point; never returns normally before MODULE does."""
    pipe, module = int(sys.argv[1]), sys.argv[2]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    threading.Thread(target=watch, args=(pipe,), daemon=True, name="parent-watch").start()
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
