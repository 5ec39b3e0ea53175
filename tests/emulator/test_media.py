"""Files: from citizens to the office and back, their addresses, lives and failures."""

import base64
import hashlib

import httpx
import pytest

from pelita_emulator.multipart import parts_of
from pelita_emulator.serve import running

from .support import PHONE_ID, Office, Receiver, settings_for, until

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def received(office: Office, receiver: Receiver, content: bytes = PNG, mime_type: str = "image/png") -> dict[str, str]:
    """A picture that a citizen sent, as the webhook describes it."""
    citizen = office.citizen(open_window=False)
    media = office.file(content, mime_type)
    office.post(citizen, {"type": "image", "image": {"id": media["id"], "caption": "Saluran mampet"}})
    until(receiver.messages, "the picture")
    found: dict[str, str] = receiver.messages()[-1]["image"]
    return found


def test_a_citizens_picture_can_be_fetched_and_checked(office: Office, receiver: Receiver) -> None:
    image = received(office, receiver)
    digest = hashlib.sha256(PNG).digest()
    assert (image["mime_type"], image["caption"]) == ("image/png", "Saluran mampet")
    assert base64.b64decode(image["sha256"]) == digest
    about = office.graph(image["id"]).json()
    assert about == {
        "messaging_product": "whatsapp",
        "url": about["url"],
        "mime_type": "image/png",
        "sha256": digest.hex(),
        "file_size": len(PNG),
        "id": image["id"],
    }
    for url in (about["url"], image["url"]):
        answer = httpx.get(url, headers=office.bearer, trust_env=False)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content == PNG
    assert httpx.get(about["url"], trust_env=False).status_code == 401


def test_every_way_to_give_a_phone_a_file(office: Office) -> None:
    raw = office.file(PNG, "image/png", "foto.png")
    wish = {"data": base64.b64encode(PNG).decode(), "mime_type": "image/png", "filename": "foto.png"}
    coded = office.control("POST", "media", wish, 201)
    form = office.http.post("/control/media", files={"file": ("foto.png", PNG, "image/png")}).json()
    assert raw["sha256"] == coded["sha256"] == form["sha256"]
    assert raw["filename"] == coded["filename"] == form["filename"] == "foto.png"
    for wrong in ({"data": "%%%"}, {}, {"data": ""}):
        office.control("POST", "media", wrong, 400)


def test_a_document_keeps_its_name_and_a_voice_message_says_so(office: Office, receiver: Receiver) -> None:
    citizen = office.citizen(open_window=False)
    paper = office.file(b"%PDF-1.4", "application/pdf", "surat.pdf")
    voice = office.file(b"OggS", "audio/ogg")
    office.post(citizen, {"type": "document", "document": {"id": paper["id"]}})
    office.post(citizen, {"type": "audio", "audio": {"id": voice["id"], "voice": True}})
    until(lambda: len(receiver.messages()) == 2, "both")
    one, two = receiver.messages()
    assert one["document"]["filename"] == "surat.pdf"
    assert (two["audio"]["voice"], two["audio"]["mime_type"]) == (True, "audio/ogg; codecs=opus")
    office.post(citizen, {"type": "image"}, 400)


def test_upload_send_and_delete(office: Office) -> None:
    citizen = office.citizen()
    media = office.upload(PNG, "image/png", "denah.png").json()["id"]
    answer = office.say(citizen["wa_id"], "image", {"id": media, "caption": "Denah"})
    wamid = answer.json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the picture on the phone")
    assert office.say(citizen["wa_id"], "sticker", {"id": media}).json()["error"]["code"] == 131053
    assert office.graph(media, "DELETE").json() == {"success": True}
    assert office.graph(media).json()["error"]["error_subcode"] == 33
    assert office.say(citizen["wa_id"], "image", {"id": media}).json()["error"]["code"] == 131053
    assert office.http.get(f"/control/media/{media}").content == PNG, "the phone keeps what it shows"


@pytest.mark.parametrize(
    ("content", "mime_type", "code"),
    [
        (b"x" * 5_000_001, "image/jpeg", 131053),
        (b"x" * 500_001, "image/webp", 131053),
        (b"MZ", "application/x-msdownload", 100),
        (b"<svg/>", "image/svg+xml", 100),
        (b"", "image/png", 131053),
    ],
)
def test_what_whatsapp_does_not_take(office: Office, content: bytes, mime_type: str, code: int) -> None:
    answer = office.upload(content, mime_type)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_an_upload_without_its_parts(office: Office) -> None:
    path = f"/v26.0/{PHONE_ID}/media"
    bare = office.http.post(path, content=b"x", headers=office.bearer)
    assert "messaging_product" in bare.json()["error"]["message"]
    form = office.http.post(path, files={"messaging_product": (None, "whatsapp")}, headers=office.bearer)
    assert "file" in form.json()["error"]["message"]


def test_five_minutes_seven_days_thirty_days(office: Office, receiver: Receiver) -> None:
    image = received(office, receiver)
    uploaded = office.upload(PNG, "image/png").json()["id"]
    url = office.graph(image["id"]).json()["url"]
    office.control("POST", "clock", {"advance_seconds": 301})
    assert httpx.get(url, headers=office.bearer, trust_env=False).status_code == 404
    fresh = office.graph(image["id"]).json()["url"]
    assert httpx.get(fresh, headers=office.bearer, trust_env=False).content == PNG
    office.control("POST", "clock", {"advance_seconds": 7 * 86400})
    assert office.graph(image["id"]).status_code == 400
    assert office.graph(uploaded).status_code == 200
    office.control("POST", "clock", {"advance_seconds": 23 * 86400})
    assert office.graph(uploaded).status_code == 400


def test_downloads_that_fail_lie_or_are_late(office: Office, receiver: Receiver) -> None:
    image = received(office, receiver)

    def get() -> httpx.Response:
        return httpx.get(office.graph(image["id"]).json()["url"], headers=office.bearer, trust_env=False)

    for kind in ("media_fails", "media_wrong_bytes", "media_url_expired"):
        office.control("POST", "faults", {"kind": kind})
    assert get().status_code == 500
    assert hashlib.sha256(get().content).digest() != base64.b64decode(image["sha256"])
    assert get().status_code == 404
    assert get().content == PNG
    office.control("POST", "faults", {"kind": "token_expired_190"})
    assert office.graph(image["id"]).status_code == 401


def test_an_address_cannot_be_made_up(office: Office, receiver: Receiver) -> None:
    image = received(office, receiver)
    other = office.file(b"\xff\xd8rahasia", "image/jpeg")["id"]
    stolen = image["url"].replace(image["id"], other)
    assert httpx.get(stolen, headers=office.bearer, trust_env=False).status_code == 404
    later = image["url"].replace("ext=", "ext=9")
    assert httpx.get(later, headers=office.bearer, trust_env=False).status_code == 404


def test_files_outlive_a_restart_and_a_page_cannot_be_smuggled_in(receiver: Receiver, tmp_path: object) -> None:
    settings = settings_for(receiver.url, store=tmp_path)
    with running(settings) as url:
        office = Office(url)
        media = office.file(b"<script>alert(1)</script>", "text/html", "a.html")
        office.http.close()
    with running(settings) as url:
        answer = httpx.get(f"{url}/control/media/{media['id']}", trust_env=False)
        assert answer.content == b"<script>alert(1)</script>"
        assert answer.headers["content-disposition"] == "attachment"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert httpx.post(f"{url}/control/reset", trust_env=False).status_code == 200
        assert httpx.get(f"{url}/control/media/{media['id']}", trust_env=False).status_code == 404


def test_parts_of_a_form() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="type"\r\n\r\nimage/png\r\n'
        b'--x\r\nContent-Disposition: form-data; filename="a.png"; name="file"\r\nContent-Type: image/png\r\n\r\n'
        b"a\r\n--y\r\nb\r\n--x--\r\n"
    )
    parts = parts_of('multipart/form-data; boundary="x"', body)
    assert parts["type"].text == "image/png"
    assert (parts["file"].filename, parts["file"].mime_type) == ("a.png", "image/png")
    assert parts["file"].content == b"a\r\n--y\r\nb"
    assert parts_of("application/json", b"{}") == {}
