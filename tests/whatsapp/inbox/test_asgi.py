"""What the web process serves in front of Django."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest
from django.apps import apps
from django.db import connection

from pelita.web.lean import lean

FILE = Path(apps.get_app_config("web").path) / "static" / "web" / "css" / "base.css"
SERVED = lean(FILE)
HASH = hashlib.sha256(SERVED).hexdigest()[:8]


def test_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert answer.headers["cache-control"] == "no-store"


def test_not_ready_while_a_migration_is_missing(client: httpx.Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET app = 'hidden' WHERE app = 'whatsapp'")
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET app = 'whatsapp' WHERE app = 'hidden'")
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("query", "caching"),
    [("", "no-cache"), ("?v=", "no-cache"), ("?v=00000000", "no-cache"), (f"?v={HASH}", "immutable")],
)
def test_static_file(client: httpx.Client, query: str, caching: str) -> None:
    answer = client.get(f"/static/web/css/base.css{query}")
    assert answer.status_code == 200
    assert answer.content == SERVED
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert caching in answer.headers["cache-control"]


def test_static_text_is_compressed_for_who_takes_it(client: httpx.Client) -> None:
    plain = client.get("/static/web/css/base.css", headers={"accept-encoding": "identity"})
    packed = client.get("/static/web/css/base.css", headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SERVED) / 2
    assert packed.content == plain.content == SERVED
    assert [one.headers["vary"] for one in (plain, packed)] == ["Accept-Encoding"] * 2
    known = client.get("/static/web/css/base.css", headers={"if-none-match": packed.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    font = client.get("/static/web/fonts/plus-jakarta-sans-latin.woff2")
    assert "content-encoding" not in font.headers


def test_a_style_goes_without_remarks_and_with_what_it_imports(tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("/* A remark\n   of two lines. */\n@layer base {\n  a { color: red; }\n}\n")
    whole = tmp_path / "all.css"
    whole.write_text('/* All. */\n@import "one.css";\nb { top: 0; }\n')
    assert lean(whole) == b"\n\n@layer base {\na { color: red; }\n}\nb { top: 0; }\n"
    (tmp_path / "one.css").write_text("i { left: 0; }\n")
    assert lean(whole) == b"\ni { left: 0; }\nb { top: 0; }\n"
    script = tmp_path / "one.js"
    script.write_text("// A remark.\nif (a) {\n    b('//c'); // stays\n}\n")
    assert lean(script) == b"if (a) {\nb('//c'); // stays\n}\n"


@pytest.mark.parametrize("path", ["/static/web/none.css", "/static/../settings.py", "/static/web/..%2f..%2fapps.py"])
def test_what_is_no_static_file(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_everything_else_is_djangos(client: httpx.Client) -> None:
    answer = client.get("/tidak-ada")
    assert answer.status_code == 404
    assert "content-security-policy" in answer.headers
