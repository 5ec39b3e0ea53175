"""The private place of files: a folder of this machine, or a bucket that speaks S3. Nothing in it has a public address.

A file lies under a path such as ``7/2026/11/3f9c…``: office, year, month, chance. No name, no number.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Generator, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from django.conf import settings
from django.core.files import File

CHUNK = 64 * 1024
SMALL = ".kecil"  # behind a file's path: its small copy


Chunks = Generator[bytes, None, None]


class Store(Protocol):
    """Raises OSError for what goes wrong, FileNotFoundError for a path that is not there."""

    def put(self, path: str, file: BinaryIO) -> None:
        """Store the whole file, durably, over whatever lies there."""
        ...

    def read(self, path: str, start: int = 0, length: int | None = None) -> Chunks:
        """The bytes in chunks, from ``start``, at most ``length`` of them."""
        ...

    def size(self, path: str) -> int:
        """Bytes."""
        ...

    def delete(self, path: str) -> None:
        """Forget the file; one that is not there is no error."""
        ...


def new_path(office_id: int, now: datetime) -> str:
    return f"{office_id}/{now:%Y/%m}/{secrets.token_hex(16)}"


def store() -> Store:
    """The store that the settings ask for."""
    bucket = settings.MEDIA_BUCKET
    if not bucket:
        return FolderStore(folder())
    return _bucket(
        bucket,
        settings.MEDIA_ENDPOINT,
        settings.MEDIA_REGION,
        settings.MEDIA_KEY_ID,
        settings.MEDIA_SECRET,
    )


def folder() -> Path:
    """Where files lie without a bucket, and where they pass through with one."""
    return Path(settings.DATA) / "media"


@contextlib.contextmanager
def passing() -> Iterator[BinaryIO]:
    """A file without a name, gone when it is closed or the process dies. On the disk of the data: memory is small."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=place) as file:
        yield cast("BinaryIO", file)


@contextlib.contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The stored file, for something that must read it from a file."""
    with passing() as file:
        for chunk in store().read(path):
            file.write(chunk)
        file.seek(0)
        yield file


class FolderStore:
    """A folder that belongs to this account alone."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, path: str, file: BinaryIO) -> None:
        place = self._place(path)
        _make(self._root, place.parent)
        file.seek(0)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".part-")  # 0600
        try:
            with os.fdopen(handle, "wb") as part:
                shutil.copyfileobj(file, part, CHUNK)
                part.flush()
                os.fsync(part.fileno())
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(place.parent)

    def read(self, path: str, start: int = 0, length: int | None = None) -> Chunks:
        with self._place(path).open("rb") as file:
            file.seek(start)
            left = length
            while left is None or left > 0:
                chunk = file.read(CHUNK if left is None else min(CHUNK, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk

    def size(self, path: str) -> int:
        return self._place(path).stat().st_size

    def delete(self, path: str) -> None:
        self._place(path).unlink(missing_ok=True)

    def _place(self, path: str) -> Path:
        place = self._root / path
        if not path or ".." in place.parts or not place.is_relative_to(self._root):
            raise FileNotFoundError
        return place


def _make(root: Path, place: Path) -> None:
    """Each folder 0700: ``parents=True`` alone would give the ones in between the process's umask."""
    for one in (root, *(root / part for part in reversed(place.relative_to(root).parents)), place):
        one.mkdir(mode=0o700, parents=one == root, exist_ok=True)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@lru_cache(maxsize=2)
def _bucket(name: str, endpoint: str, region: str, key_id: str, secret: str) -> Store:
    return BucketStore(name, endpoint, region, key_id, secret)


class BucketStore:
    """A bucket, by django-storages. boto3 is imported here only: it costs a process tens of megabytes."""

    def __init__(self, name: str, endpoint: str, region: str, key_id: str, secret: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (see the class)
        from storages.backends.s3 import S3Storage  # noqa: PLC0415

        self._errors: tuple[type[Exception], ...] = (BotoCoreError, ClientError)
        self._storage: Any = S3Storage(
            bucket_name=name,
            endpoint_url=endpoint or None,
            region_name=region or None,
            access_key=key_id or None,
            secret_key=secret or None,
            default_acl=None,
            file_overwrite=True,
            querystring_auth=True,
            object_parameters={"ContentType": "application/octet-stream", "CacheControl": "private, no-store"},
        )

    def put(self, path: str, file: BinaryIO) -> None:
        file.seek(0)
        with self._told():
            self._storage.save(path, _Kept(file))

    def read(self, path: str, start: int = 0, length: int | None = None) -> Chunks:
        if length == 0:
            return
        last = "" if length is None else str(start + length - 1)
        wanted = {"Range": f"bytes={start}-{last}"} if start or last else {}
        with self._told(), contextlib.closing(self._storage.bucket.Object(path).get(**wanted)["Body"]) as body:
            yield from body.iter_chunks(CHUNK)

    def size(self, path: str) -> int:
        with self._told():
            found: int = self._storage.bucket.Object(path).content_length
            return found

    def delete(self, path: str) -> None:
        with self._told():
            self._storage.delete(path)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """The library's errors as OSError: callers know no provider."""
        try:
            yield
        except self._errors as error:
            answer = getattr(error, "response", {})
            code = answer.get("Error", {}).get("Code", "") if isinstance(answer, dict) else ""
            # From None: the library's text quotes the path and, for some errors, the key id.
            absent = code in {"404", "NoSuchKey"}
            raise (FileNotFoundError if absent else OSError)(code or type(error).__name__) from None


class _Kept(File):  # type: ignore[type-arg]  # of bytes, which the base cannot say at run time
    """A file that the library may not close: the caller still needs it."""

    def close(self) -> None:
        """Leave it open."""
