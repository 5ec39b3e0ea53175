"""Templates: their life by API, webhook and control; what sending one must hold."""

from typing import Any

import pytest

from .support import PHONE_ID, TOKEN, Json, Office, Receiver, until

WABA = "351600000000000"
READY: Json = {
    "name": "jawaban_siap",
    "language": "id",
    "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "Jawaban untuk pertanyaan {{1}} sudah ada.", "example": {"body_text": [["KML-4F7Q"]]}},
        {"type": "FOOTER", "text": "Kecamatan Kemlagi"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Lihat jawaban"}]},
    ],
}


def create(office: Office, **more: Any) -> Any:
    answer = office.call({**READY, **more}, path=f"/v26.0/{WABA}/message_templates")
    return answer.json()


def send(office: Office, citizen: Json, *parameters: str, **more: Any) -> Any:
    body = {"type": "body", "parameters": [{"type": "text", "text": text} for text in parameters]}
    content = {"name": "jawaban_siap", "language": {"code": "id"}, "components": [body], **more}
    return office.say(citizen.get("wa_id") or citizen["user_id"], "template", content)


def decide(office: Office, template: Json, **wish: Any) -> Json:
    found: Json = office.control("PATCH", f"templates/{template['id']}", wish)
    return found


def test_created_approved_sent_outside_the_window_and_tapped(office: Office, receiver: Receiver) -> None:
    template = create(office)
    assert (template["status"], template["category"]) == ("APPROVED", "UTILITY")
    citizen = office.citizen(open_window=False)
    button = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    components = [
        {"type": "body", "parameters": [{"type": "text", "text": "KML-4F7Q"}]},
        {**button, "parameters": [{"type": "payload", "payload": "LIHAT:KML-4F7Q"}]},
    ]
    wamid = send(office, citizen, components=components).json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the template on the phone")
    item = office.seen(citizen, wamid)
    assert item["text"] == "Jawaban untuk pertanyaan KML-4F7Q sudah ada."
    assert item["shown"]["footer"] == "Kecamatan Kemlagi"
    assert item["shown"]["buttons"][0]["text"] == "Lihat jawaban"
    office.control("POST", f"citizens/{citizen['id']}/tap", {"wamid": wamid, "id": "Lihat jawaban"})
    until(receiver.messages, "the tap")
    tapped = receiver.messages()[0]
    assert tapped["button"] == {"payload": "LIHAT:KML-4F7Q", "text": "Lihat jawaban"}
    assert tapped["context"]["id"] == wamid
    until(lambda: len(receiver.words(wamid)) == 2, "statuses")
    pricing = receiver.statuses(wamid)[0]["pricing"]
    assert (pricing["category"], pricing["billable"]) == ("utility", True)
    assert office.window_of(citizen) > 0, "a tap opens the window"


def test_a_life_with_its_webhooks(office: Office, receiver: Receiver) -> None:
    office.control("POST", "settings", {"template_review": "pending"})
    template = create(office)
    citizen = office.citizen()
    assert template["status"] == "PENDING"
    assert send(office, citizen, "A").json()["error"]["code"] == 132001
    decide(office, template, status="APPROVED")
    assert send(office, citizen, "A").status_code == 200
    decide(office, template, quality="YELLOW")
    decide(office, template, status="PAUSED")
    assert send(office, citizen, "A").json()["error"]["code"] == 132015
    decide(office, template, status="DISABLED")
    assert send(office, citizen, "A").json()["error"]["code"] == 132016
    decide(office, template, status="REJECTED", reason="INVALID_FORMAT")
    decide(office, template, category="MARKETING")
    decide(office, template, components=[{"type": "BODY", "text": "Baru"}])
    fields = ("message_template_quality_update", "template_category_update", "message_template_components_update")
    until(lambda: all(map(receiver.changes, fields)), "one of each")
    until(lambda: len(receiver.changes("message_template_status_update")) == 4, "every decision")
    events = [value["event"] for value in receiver.changes("message_template_status_update")]
    assert events == ["APPROVED", "PAUSED", "DISABLED", "REJECTED"]
    first = receiver.changes("message_template_status_update")[0]
    assert first == {
        "event": "APPROVED",
        "reason": "NONE",
        "message_template_id": int(template["id"]),
        "message_template_name": "jawaban_siap",
        "message_template_language": "id",
        "message_template_category": "UTILITY",
    }
    assert receiver.changes("message_template_quality_update")[0]["new_quality_score"] == "YELLOW"
    assert receiver.changes("template_category_update")[0]["new_category"] == "MARKETING"
    assert receiver.changes("message_template_components_update")[0]["message_template_element"] == "Baru"
    office.control("PATCH", f"templates/{template['id']}", {"status": "GONE"}, 400)
    office.control("PATCH", "templates/1", {"status": "PAUSED"}, 404)


def test_listed_by_pages_filtered_and_deleted(office: Office) -> None:
    made = [create(office, name=f"templat_{number}") for number in range(5)]
    create(office, name="templat_0", language="en")
    page = office.graph(f"{WABA}/message_templates?limit=2&fields=name,status").json()
    assert [item["name"] for item in page["data"]] == ["templat_0", "templat_4"]
    assert set(page["data"][0]) == {"id", "name", "status"}
    rest = office.http.get(page["paging"]["next"], headers=office.bearer).json()
    assert [item["name"] for item in rest["data"]] == ["templat_3", "templat_2"]
    after = rest["paging"]["cursors"]["after"]
    last = office.graph(f"{WABA}/message_templates?limit=2&after={after}").json()
    assert [item["name"] for item in last["data"]] == ["templat_1", "templat_0"]
    assert "next" not in last["paging"]
    before = last["paging"]["cursors"]["before"]
    again = office.graph(f"{WABA}/message_templates?limit=2&before={before}").json()
    assert again["data"][0]["name"] == "templat_3"
    assert office.graph(f"{WABA}/message_templates?after=%%%").status_code == 400
    one = office.graph(f"{WABA}/message_templates?name=templat_1").json()
    assert [item["id"] for item in one["data"]] == [made[1]["id"]]
    assert office.graph(f"{WABA}/message_templates?name=templat_0", "DELETE").json() == {"success": True}
    names = {item["name"] for item in office.graph(f"{WABA}/message_templates").json()["data"]}
    assert "templat_0" not in names
    missing = office.graph(f"{WABA}/message_templates?name=templat_0", "DELETE").json()["error"]
    assert missing["error_subcode"] == 2593002


def test_one_template_is_read_and_changed(office: Office) -> None:
    template = create(office)
    assert office.graph(template["id"]).json()["name"] == "jawaban_siap"
    new = [{"type": "BODY", "text": "Jawaban sudah ada di loket."}]
    assert office.call({"components": new}, path=f"/v26.0/{template['id']}").json() == {"success": True}
    assert office.graph(template["id"]).json()["components"] == new
    assert office.call({"components": []}, path=f"/v26.0/{template['id']}").status_code == 400
    assert office.call(READY, path=f"/v26.0/{WABA}/message_templates").json()["error"]["error_subcode"] == 2388024


NEW_ONES: list[tuple[str, Json]] = [
    ("name", {"name": "Jawaban Siap"}),
    ("language", {"language": "Indonesia"}),
    ("category", {"category": "SERVICE"}),
    ("nothing", {"components": []}),
    ("no body", {"components": [{"type": "FOOTER", "text": "a"}]}),
    ("no example", {"components": [{"type": "BODY", "text": "Halo {{1}} ya"}]}),
    ("numbers", {"components": [{"type": "BODY", "text": "Halo {{2}} ya", "example": {}}]}),
    ("ends", {"components": [{"type": "BODY", "text": "Halo {{1}}", "example": {"body_text": [["a"]]}}]}),
    ("long body", {"components": [{"type": "BODY", "text": "a" * 1025}]}),
    ("long footer", {"components": [{"type": "BODY", "text": "a"}, {"type": "FOOTER", "text": "a" * 61}]}),
    ("button", {"components": [{"type": "BODY", "text": "a"}, {"type": "BUTTONS", "buttons": [{"type": "X"}]}]}),
    ("odd", {"components": ["a"]}),
]


@pytest.mark.parametrize("wish", [case[1] for case in NEW_ONES], ids=[case[0] for case in NEW_ONES])
def test_new_templates_that_are_refused(office: Office, wish: Json) -> None:
    assert create(office, **wish)["error"]["code"] == 100
    assert office.control("GET", "templates") == []


def body(*parameters: Any) -> list[Json]:
    return [{"type": "body", "parameters": list(parameters)}]


FILLINGS: list[tuple[str, Any, int]] = [
    ("none", [], 132000),
    ("too many", body({"type": "text", "text": "a"}, {"type": "text", "text": "b"}), 132000),
    ("no text", body({"type": "image", "image": {}}), 132012),
    ("newline", body({"type": "text", "text": "a\nb"}), 132018),
    ("too long", body({"type": "text", "text": "a" * 1024}), 132005),
    ("other name", body({"type": "text", "text": "a", "parameter_name": "kode"}), 132012),
    ("header", [*body({"type": "text", "text": "a"}), {"type": "header", "parameters": []}], 132012),
    ("odd", ["a"], 100),
]


@pytest.mark.parametrize(("filling", "code"), [case[1:] for case in FILLINGS], ids=[case[0] for case in FILLINGS])
def test_parameters_that_do_not_fit(office: Office, filling: Any, code: int) -> None:
    create(office)
    citizen = office.citizen()
    error = send(office, citizen, components=filling).json()["error"]
    assert error["code"] == code
    assert error["error_data"]["details"]


def test_unknown_names_languages_and_accounts(office: Office) -> None:
    create(office)
    citizen = office.citizen()
    answer = send(office, citizen, "A", language={"code": "en"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, 132001)
    assert send(office, citizen, "A", name="lain").json()["error"]["code"] == 132001
    other = office.control("POST", "lines", {"token": TOKEN, "waba_id": "77"}, 201)
    path = f"/v26.0/{other['phone_number_id']}/messages"
    content = {"name": "jawaban_siap", "language": {"code": "id"}}
    request = {"messaging_product": "whatsapp", "to": citizen["wa_id"], "type": "template", "template": content}
    assert office.call(request, path=path).json()["error"]["code"] == 132001


def test_named_parameters_headers_and_links(office: Office) -> None:
    parts: list[Json] = [
        {"type": "HEADER", "format": "DOCUMENT"},
        {"type": "BODY", "text": "Halo {{nama}}, kode {{kode}} ya.", "example": {"body_text_named_params": []}},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Buka", "url": "https://a.example/{{1}}"}]},
    ]
    create(office, components=parts, parameter_format="NAMED")
    citizen = office.citizen()
    paper = office.upload(b"%PDF", "application/pdf", "surat.pdf").json()["id"]
    names = [("kode", "KML-1"), ("nama", "Bu Sri")]
    filling = [
        {"type": "header", "parameters": [{"type": "document", "document": {"id": paper}}]},
        *body(*({"type": "text", "parameter_name": name, "text": text} for name, text in names)),
        {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "KML-1"}]},
    ]
    wamid = send(office, citizen, components=filling).json()["messages"][0]["id"]
    until(lambda: office.shown(citizen, wamid), "the template")
    item = office.seen(citizen, wamid)
    assert item["text"] == "Halo Bu Sri, kode KML-1 ya."
    assert item["shown"]["buttons"][0]["url"] == "https://a.example/KML-1"
    assert item["shown"]["media"]["document"]["id"] == paper
    filling[0] = {"type": "header", "parameters": [{"type": "document", "document": {"id": "404"}}]}
    assert send(office, citizen, components=filling).json()["error"]["code"] == 131053
    filling[0] = {"type": "header", "parameters": [{"type": "image", "image": {"id": paper}}]}
    assert send(office, citizen, components=filling).json()["error"]["code"] == 132012


def test_management_calls_run_out_within_the_hour(office: Office) -> None:
    office.control("POST", "settings", {"rates": {"management_per_hour": 2}})
    path = f"{WABA}/message_templates"
    assert [office.graph(path).status_code for _ in range(3)] == [200, 200, 400]
    assert office.graph(path).json()["error"]["code"] == 80007
    citizen = office.citizen()
    office.send(citizen["wa_id"], "Kiriman tidak ikut dibatasi")
    office.control("POST", "clock", {"advance_seconds": 3600})
    assert office.graph(f"{PHONE_ID}").status_code == 200
