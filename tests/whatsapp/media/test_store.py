"""Both stores keep one contract: the folder, and a bucket of a real S3 server (moto) in a process of its own."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from pytest_django.fixtures import Settings

from pelita.whatsapp.media import store
from pelita.whatsapp.media.store import BucketStore, FolderStore, Store
from tests.whatsapp.media.conftest import World
from tests.whatsapp.media.support import picture

KEY_ID, SECRET, BUCKET = "AKIAUJI", "rahasia-penyimpanan", "pelita-uji"
CONTENT = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Where the S3 server listens. It holds one bucket."""
    with socket.create_server(("127.0.0.1", 0)) as plug:
        port = plug.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(words, **quiet)  # type: ignore[call-overload]  # of a dictionary of files
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/moto-api/").close()
                break
            except OSError:
                assert server.poll() is None, "the S3 server did not start"
                time.sleep(0.1)
        client = boto3.client(
            "s3", endpoint_url=url, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, region_name="us-east-1"
        )
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield url
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "media")
    return BucketStore(BUCKET, request.getfixturevalue("endpoint"), "us-east-1", KEY_ID, SECRET)


def content(place: Store, path: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join(place.read(path, start, length))


def test_what_is_put_can_be_read_in_whole_and_in_part(place: Store) -> None:
    file = io.BytesIO(CONTENT)
    file.seek(500)  # whoever hands it over need not rewind
    place.put("1/2026/11/a", file)
    assert place.size("1/2026/11/a") == len(CONTENT)
    assert content(place, "1/2026/11/a") == CONTENT
    assert content(place, "1/2026/11/a", 100_000) == CONTENT[100_000:]
    assert content(place, "1/2026/11/a", 7, 70_000) == CONTENT[7:70_007]
    assert content(place, "1/2026/11/a", 7, 0) == b""
    assert not file.closed


def test_putting_again_writes_over(place: Store) -> None:
    """The second try after a worker died leaves no copy behind."""
    for text in (b"separuh", b"utuh"):
        place.put("1/2026/11/b", io.BytesIO(text))
    assert content(place, "1/2026/11/b") == b"utuh"


def test_what_is_not_there(place: Store) -> None:
    with pytest.raises(FileNotFoundError):
        place.size("1/2026/11/tiada")
    with pytest.raises(FileNotFoundError):
        content(place, "1/2026/11/tiada")
    place.delete("1/2026/11/tiada")


def test_deleting(place: Store) -> None:
    place.put("1/2026/11/c", io.BytesIO(b"x"))
    place.delete("1/2026/11/c")
    with pytest.raises(FileNotFoundError):
        place.size("1/2026/11/c")


@pytest.mark.parametrize("path", ["", "../x", "1/../../x", "/etc/passwd"])
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(FileNotFoundError):
        FolderStore(tmp_path / "media").size(path)


def test_paths_say_nothing_and_never_repeat(world: World) -> None:
    paths = {store.new_path(7, world.now) for _ in range(100)}
    assert len(paths) == 100
    assert all(path.startswith(f"7/{world.now:%Y/%m}/") for path in paths)


def test_a_bucket_gives_nothing_to_strangers(endpoint: str) -> None:
    """Stored without any public right; boto3's own client sees that the objects carry no grant but the owner's."""
    BucketStore(BUCKET, endpoint, "us-east-1", KEY_ID, SECRET).put("1/2026/11/d", io.BytesIO(b"x"))
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    try:
        grants = client.get_object_acl(Bucket=BUCKET, Key="1/2026/11/d")["Grants"]
        head = client.head_object(Bucket=BUCKET, Key="1/2026/11/d")
    finally:
        client.close()
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    assert (head["ContentType"], head["CacheControl"]) == ("application/octet-stream", "private, no-store")


def test_the_settings_choose_the_bucket(world: World, endpoint: str, settings: Settings) -> None:
    settings.MEDIA_BUCKET, settings.MEDIA_ENDPOINT, settings.MEDIA_REGION = BUCKET, endpoint, "us-east-1"
    settings.MEDIA_KEY_ID, settings.MEDIA_SECRET = KEY_ID, SECRET
    media = world.file(picture())
    world.drain()
    media = world.fresh(media)
    assert media.state == "stored"
    assert world.content(media.path) == picture()
    assert list(store.folder().iterdir()) == []
    with store.opened(media.path) as file:
        assert file.read() == picture()


def test_a_bucket_that_is_away_is_tried_again(world: World, settings: Settings) -> None:
    settings.MEDIA_BUCKET, settings.MEDIA_ENDPOINT, settings.MEDIA_REGION = "tiada", "http://127.0.0.1:9", "us-east-1"
    settings.MEDIA_KEY_ID, settings.MEDIA_SECRET = KEY_ID, SECRET
    media = world.file(picture())
    world.drain()
    assert (world.fresh(media).state, world.fresh(media).error) == ("waiting", "storage")


def test_boto3_is_loaded_for_a_bucket_only() -> None:
    """A process that keeps files in a folder does not pay for the library."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'pelita.config.settings';"
        "import django; django.setup();"
        "import pelita.config.jobs, pelita.web.urls; from pelita.whatsapp.media.store import store; store();"
        "print(sorted({'boto3', 'botocore', 'storages'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PELITA_POOL_SIZE": "0"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
