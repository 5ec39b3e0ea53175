"""The one error of this package."""

from __future__ import annotations

import errno


class PostgresError(RuntimeError):
    """The database cannot be used. The message is for the person at the keyboard: Indonesian, then English."""


def explain_os_error(error: OSError, what: str) -> PostgresError:
    """The same error in words that say what to do; `what` is the file or folder it happened to."""
    causes = {
        "ENOSPC": ("disk penuh; kosongkan ruang, lalu jalankan lagi", "the disk is full"),
        "EDQUOT": ("jatah disk habis; kosongkan ruang, lalu jalankan lagi", "the disk quota is used up"),
        "EROFS": ("disk hanya dapat dibaca; pilih folder lain dengan --data", "read-only file system"),
        "EACCES": ("tidak ada izin; pilih folder lain dengan --data", "permission denied"),
        "EPERM": ("tidak ada izin; pilih folder lain dengan --data", "not permitted"),
        "ENOTDIR": ("itu bukan folder; pilih yang lain dengan --data", "not a directory"),
        "EEXIST": ("itu bukan folder; pilih yang lain dengan --data", "not a directory"),
    }
    name = errno.errorcode.get(error.errno or 0, "")
    indonesian, english = causes.get(name, (f"kesalahan {name or error}", f"error {name or error}"))
    return PostgresError(f"{what}: {indonesian}. / {english}.")
