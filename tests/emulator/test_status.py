"""The office's Status: mutual contacts, 24 hours, viewers, replies, the share sheet, a linked device, opt-out."""

import pytest

from pelita_emulator.content.files import real_type

from .support import PHONE_ID, Json, Office, Receiver, until
from .test_media import PNG
from .test_templates import READY

JPEG = b"\xff\xd8\xff\xe0" + b"kartu" * 20
FILM = b"\0\0\0\x18ftypisom" + b"gerak" * 20
DAY = 24 * 3600


@pytest.fixture
def phone(office: Office) -> Office:
    """The emulator with its number in coexistence."""
    office.control("PATCH", f"lines/{PHONE_ID}", {"coexistence": True})
    return office


def saves(office: Office, citizen: Json, *, saved: bool = True) -> None:
    office.control("POST", f"citizens/{citizen['id']}/contacts", {"saved": saved})


def is_saved(office: Office, citizen: Json, action: str = "add") -> None:
    office.control("POST", f"lines/{PHONE_ID}/phone/contacts", {"citizen": citizen["id"], "action": action})


def friend(office: Office, name: str = "Bu Sulastri", **more: object) -> Json:
    """A citizen who saved the number and whom the office saved."""
    citizen = office.citizen(name, open_window=False, **more)
    saves(office, citizen)
    is_saved(office, citizen)
    return citizen


def posts(office: Office, words: str = "Kerja bakti di Mojowono", content: bytes = JPEG) -> str:
    kind, mime_type = real_type(content).partition("/")[0], real_type(content)
    wish = {"type": kind, kind: {"id": office.file(content, mime_type)["id"], "caption": words}}
    return str(office.control("POST", "office-phone/statuses", wish, 201)["id"])


def on_phone(office: Office, citizen: Json) -> list[Json]:
    found: list[Json] = office.control("GET", f"citizens/{citizen['id']}/statuses")
    return found


def own(office: Office, query: str = "") -> list[Json]:
    found: list[Json] = office.control("GET", f"office-phone/statuses{query}")
    return found


def test_only_mutual_contacts_see_it(phone: Office) -> None:
    both, known, knows = friend(phone, "Keduanya"), phone.citizen("Dikenal"), phone.citizen("Mengenal")
    is_saved(phone, known)
    saves(phone, knows)
    status = posts(phone)
    assert [[item["id"] for item in on_phone(phone, one)] for one in (both, known, knows)] == [[status], [], []]
    saves(phone, known)
    assert [item["id"] for item in on_phone(phone, known)] == [status], "it waited on the phone for the name"
    is_saved(phone, knows)
    assert on_phone(phone, knows) == [], "it went out before the office knew this number"
    saves(phone, both, saved=False)
    assert on_phone(phone, both) == []
    assert own(phone)[0]["recipients"] == 2
    hidden = friend(phone, "Mbak Nur", hide_phone=True)
    later = posts(phone, "Vaksin", FILM)
    shown = on_phone(phone, hidden)
    assert [(item["id"], item["type"], item["text"]) for item in shown] == [(later, "video", "Vaksin")]
    file = phone.http.get(f"/control/media/{shown[0]['media']}")
    assert (file.content, file.headers["content-type"]) == (FILM, "video/mp4")


def test_it_stands_a_day_and_tells_who_saw_it(phone: Office) -> None:
    one, other = friend(phone, "Satu"), friend(phone, "Dua")
    status = posts(phone)
    path = f"citizens/{one['id']}/statuses/{status}/view"
    phone.control("POST", path)
    first = own(phone)[0]["viewers"]
    phone.control("POST", "clock", {"advance_seconds": 60})
    phone.control("POST", path)
    assert own(phone)[0]["viewers"] == first == [{"citizen": one["id"], "name": "Satu", "at": first[0]["at"]}]
    assert [item["seen"] for item in (*on_phone(phone, one), *on_phone(phone, other))] == [True, False]
    phone.control("PATCH", f"citizens/{other['id']}", {"online": False})
    assert on_phone(phone, other) == []
    phone.control("POST", f"citizens/{other['id']}/statuses/{status}/view", wanted=400)
    phone.control("PATCH", f"citizens/{other['id']}", {"online": True})
    phone.control("POST", "clock", {"advance_seconds": DAY - 120})
    assert len(on_phone(phone, one)) == 1
    phone.control("POST", "clock", {"advance_seconds": 120})
    assert (on_phone(phone, one), on_phone(phone, other), own(phone)) == ([], [], [])
    phone.control("POST", path, wanted=400)
    assert [item["id"] for item in own(phone, "?all=1")] == [status]
    again = posts(phone)
    phone.control("DELETE", f"office-phone/statuses/{again}")
    assert on_phone(phone, one) == []
    phone.control("DELETE", f"office-phone/statuses/{again}", wanted=404)


def test_a_reply_is_a_message_that_quotes_the_status(phone: Office, receiver: Receiver) -> None:
    citizen = friend(phone)
    status = posts(phone)
    answer = phone.control("POST", f"citizens/{citizen['id']}/statuses/{status}/reply", {"text": "Jam pinten?"})
    until(receiver.messages, "the reply at the office")
    message = receiver.messages()[0]
    assert (message["text"], message["id"]) == ({"body": "Jam pinten?"}, answer["wamid"])
    assert message["context"] == {"from": "6285155565667", "id": status}
    quoted = phone.chat(citizen)[0]["context"]
    assert (quoted["type"], quoted["text"], quoted["from"]) == ("status", "Kerja bakti di Mojowono", "office")
    assert quoted["media"] == on_phone(phone, citizen)[0]["media"]
    assert phone.window_of(citizen) > 0
    phone.control("POST", f"citizens/{citizen['id']}/statuses/{status}/reply", {"text": ""}, 400)
    phone.control("POST", f"citizens/{phone.citizen('Lain')['id']}/statuses/{status}/reply", {"text": "Halo"}, 400)


def test_what_another_app_shares_becomes_a_status(phone: Office) -> None:
    citizen = friend(phone)
    files = [("files", ("kartu-1.jpg", JPEG, "image/jpeg")), ("files", ("kartu-2.png", PNG, "image/png"))]
    fields = {"title": "Berita", "text": "Kerja bakti", "url": "http://kantor/b/1"}
    shared = phone.http.post("/control/office-phone/share", files=files, data=fields)
    assert shared.status_code == 201
    waiting = phone.control("GET", "office-phone/share")["waiting"]
    assert waiting == shared.json()
    assert waiting["text"] == "Kerja bakti http://kantor/b/1"
    assert [(file["filename"], file["mime_type"], file["size"]) for file in waiting["files"]] == [
        ("kartu-1.jpg", "image/jpeg", len(JPEG)),
        ("kartu-2.png", "image/png", len(PNG)),
    ]
    assert on_phone(phone, citizen) == [], "nobody has chosen yet"
    made = phone.control("POST", "office-phone/share/send", {"to": "status"})["statuses"]
    assert [(item["id"], item["text"]) for item in on_phone(phone, citizen)] == [
        (made[0], "Kerja bakti http://kantor/b/1"),
        (made[1], ""),
    ]
    assert {item["origin"] for item in own(phone)} == {"share"}
    assert phone.control("GET", "office-phone/share")["waiting"] is None
    phone.control("POST", "office-phone/share/send", {"to": "status"}, 400)
    phone.http.post("/control/office-phone/share", files=files[:1])
    sent = phone.control("POST", "office-phone/share/send", {"to": citizen["id"], "captions": ["Untuk Ibu"]})
    until(lambda: phone.shown(citizen, sent["messages"][0]), "the picture in the chat")
    assert phone.seen(citizen, sent["messages"][0])["text"] == "Untuk Ibu"
    phone.http.post("/control/office-phone/share", files=files[:1])
    phone.control("DELETE", "office-phone/share")
    phone.control("POST", "office-phone/share/send", {"to": "status"}, 400)


def test_a_linked_device_posts_to_a_list_in_batches(phone: Office) -> None:
    citizens = [friend(phone, name) for name in ("Satu", "Dua")]
    stranger = phone.citizen("Tidak dikenal")
    saves(phone, stranger)
    media = phone.file(JPEG, "image/jpeg")["id"]
    wish = {"id": "3EB0C767", "type": "image", "image": {"id": media, "caption": "Kerja bakti"}}
    numbers = [citizens[0]["wa_id"], stranger["wa_id"]]
    phone.control("POST", "linked/status", {**wish, "recipients": numbers}, 201)
    assert [len(on_phone(phone, one)) for one in (*citizens, stranger)] == [1, 0, 0]
    more = {**wish, "recipients": [f"+{citizens[1]['wa_id']}", f"{citizens[0]['wa_id']}@s.whatsapp.net"]}
    phone.control("POST", "linked/status", more, 201)
    assert [len(on_phone(phone, one)) for one in citizens] == [1, 1], "the same Status, nobody twice"
    assert [(item["id"], item["origin"], item["recipients"]) for item in own(phone)] == [("3EB0C767", "linked", 2)]
    for wrong in ([], ["1"] * 101, "628", [1]):
        phone.control("POST", "linked/status", {**wish, "recipients": wrong}, 400)
    phone.control("POST", "linked/status", {**wish, "id": posts(phone), "recipients": numbers}, 400)


def test_what_is_no_picture_leaves_nothing_behind(phone: Office, office: Office) -> None:
    lie = phone.file(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/jpeg")["id"]
    large = phone.file(JPEG + b"0" * 5_000_000, "image/jpeg")["id"]
    for wish in (
        {},
        {"type": "sticker"},
        {"type": "text", "text": {"body": " "}},
        {"type": "text", "text": {"body": "a" * 701}},
        {"type": "image", "image": {"id": "0"}},
        {"type": "image", "image": {"id": lie}},
        {"type": "image", "image": {"id": large}},
        {"type": "video", "video": {"id": phone.file(JPEG, "image/jpeg")["id"]}},
    ):
        sentence = phone.control("POST", "office-phone/statuses", wish, 400)["error"]["message"]
        assert sentence.endswith(".") or "{" in sentence
    good, bad = ("files", ("a.jpg", JPEG, "image/jpeg")), ("files", ("b.jpg", b"GIF89a", "image/jpeg"))
    huge = ("files", ("c.jpg", JPEG + b"0" * 5_000_000, "image/jpeg"))
    for files in ([good, bad], [good, huge], [good] * 31):
        assert phone.http.post("/control/office-phone/share", files=files).status_code == 400
    assert phone.http.post("/control/office-phone/share", data={"text": "a"}).status_code == 400
    assert phone.control("GET", "office-phone/share")["waiting"] is None
    assert own(phone, "?all=1") == []
    phone.control("PATCH", f"lines/{PHONE_ID}", {"coexistence": False})
    phone.control("POST", "office-phone/statuses", {"type": "text", "text": {"body": "Halo"}}, 400)


def test_marketing_stopped_and_resumed(office: Office, receiver: Receiver) -> None:
    parts = [{"type": "BODY", "text": "Kerja bakti besok pagi."}]
    for name, category in (("kabar", "MARKETING"), ("jawaban", "UTILITY")):
        wish = {**READY, "name": name, "category": category, "components": parts}
        assert office.call(wish, path="/v26.0/351600000000000/message_templates").status_code == 200
    citizen, other = office.citizen(), office.citizen("Pak Wahyu")

    def outcome(name: str, to: Json) -> list[tuple[str, int]]:
        answer = office.say(to["wa_id"], "template", {"name": name, "language": {"code": "id"}})
        wamid = answer.json()["messages"][0]["id"]
        found = until(lambda: [s for s in receiver.statuses(wamid) if s["status"] != "sent"], "the outcome")
        return [(item["status"], item.get("errors", [{}])[0].get("code", 0)) for item in found]

    def chooses(*, stop: bool) -> None:
        office.control("POST", f"citizens/{citizen['id']}/marketing", {"stop": stop})

    chooses(stop=True)
    chooses(stop=True)
    until(lambda: receiver.changes("user_preferences"), "the choice at the office")
    value = receiver.changes("user_preferences")[0]
    assert value["contacts"][0]["wa_id"] == citizen["wa_id"]
    assert value["user_preferences"] == [
        {
            "wa_id": citizen["wa_id"],
            "user_id": citizen["user_id"],
            "detail": "User requested to stop marketing messages",
            "category": "marketing_messages",
            "value": "stop",
            "timestamp": value["user_preferences"][0]["timestamp"],
        }
    ]
    assert office.control("GET", f"citizens/{citizen['id']}")["marketing_stopped"] == [PHONE_ID]
    assert outcome("kabar", citizen) == [("failed", 131050)]
    assert outcome("jawaban", citizen) == [("delivered", 0)]
    assert outcome("kabar", other) == [("delivered", 0)]
    assert office.chat(other)[-1]["category"] == "marketing"
    chooses(stop=False)
    assert outcome("kabar", citizen) == [("delivered", 0)]
    words = [value["user_preferences"][0]["value"] for value in receiver.changes("user_preferences")]
    assert words == ["stop", "resume"]
    office.control("POST", f"citizens/{citizen['id']}/marketing", {"stop": 1}, 400)
