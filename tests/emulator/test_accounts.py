"""What an office asks about its number, account and token; what the number costs; further numbers."""

from .support import PHONE_ID, SECRET, TOKEN, VERIFY, Office, Receiver, until

WABA = "351600000000000"


def line(office: Office, **wish: object) -> None:
    office.control("PATCH", f"lines/{PHONE_ID}", wish)


def test_what_an_onboarding_check_asks(office: Office) -> None:
    line(office, coexistence=True, quality="YELLOW", throughput="HIGH")
    number = office.graph(f"{PHONE_ID}?fields=is_on_biz_app,platform_type,throughput,quality_rating").json()
    assert number == {
        "id": PHONE_ID,
        "quality_rating": "YELLOW",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "HIGH"},
        "is_on_biz_app": True,
    }
    assert office.graph(PHONE_ID).json()["verified_name"] == "Kecamatan Kemlagi"
    assert office.graph(f"{WABA}?fields=name").json() == {"id": WABA, "name": "Kecamatan Kemlagi"}
    numbers = office.graph(f"{WABA}/phone_numbers").json()["data"]
    assert [item["id"] for item in numbers] == [PHONE_ID]
    token = office.graph(f"debug_token?input_token={TOKEN}").json()["data"]
    assert (token["is_valid"], token["app_id"]) == (True, "351600000000100")
    assert token["granular_scopes"][0]["target_ids"] == [WABA]
    assert office.graph("debug_token?input_token=wrong").json()["data"]["is_valid"] is False


def test_an_application_by_its_own_token(office: Office) -> None:
    app = "351600000000100"
    own = {"Authorization": f"Bearer {app}|{SECRET}"}
    assert office.graph(app, headers=own).json() == {"id": app, "name": "Kecamatan Kemlagi"}
    assert office.graph(app).status_code == 200
    assert office.graph(PHONE_ID, headers=own).status_code == 400
    wrong = {"Authorization": f"Bearer {app}|salah"}
    assert office.graph(app, headers=wrong).json()["error"]["code"] == 190


def test_a_token_that_may_do_less(office: Office) -> None:
    citizen = office.citizen()
    line(office, scopes=["whatsapp_business_management"])
    answer = office.say(citizen["wa_id"], "text", {"body": "a"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 10)
    assert office.graph(PHONE_ID).status_code == 200
    line(office, scopes=["whatsapp_business_messaging"])
    assert office.graph(PHONE_ID).json()["error"]["code"] == 10
    assert office.graph(f"debug_token?input_token={TOKEN}").json()["data"]["scopes"] == ["whatsapp_business_messaging"]


def test_webhooks_come_to_who_subscribed(office: Office, receiver: Receiver) -> None:
    path = f"{WABA}/subscribed_apps"
    assert office.graph(path).json()["data"][0]["whatsapp_business_api_data"]["id"] == "351600000000100"
    assert office.graph(path, "DELETE").json() == {"success": True}
    assert office.graph(path).json() == {"data": []}
    office.citizen()
    assert office.control("GET", "state")["counters"]["webhooks_waiting"] == 1
    assert office.graph(path, "POST").json() == {"success": True}
    until(receiver.messages, "what waited")


def test_cart_and_catalogue(office: Office) -> None:
    path = f"{PHONE_ID}/whatsapp_commerce_settings"
    assert office.graph(path).json()["data"][0]["is_cart_enabled"] is True
    assert office.graph(f"{path}?is_cart_enabled=false&is_catalog_visible=true", "POST").json() == {"success": True}
    assert office.graph(path).json()["data"][0]["is_cart_enabled"] is False
    assert office.graph(f"{path}?is_cart_enabled=ya", "POST").status_code == 400
    line(office, catalog_id="")
    assert office.graph(path).json() == {"data": []}


def test_another_object_or_edge_is_not_there(office: Office) -> None:
    for path in ("999", f"{PHONE_ID}/nothing", f"{WABA}/messages", f"{PHONE_ID}/message_templates"):
        assert office.graph(path).json()["error"]["error_subcode"] == 33, path


def test_beyond_the_free_ones_without_payment_nothing_arrives(office: Office, receiver: Receiver) -> None:
    line(office, payment_method=False, service_used=999)
    citizen = office.citizen()
    last, beyond = office.send(citizen["wa_id"], "Masih gratis"), office.send(citizen["wa_id"], "Tidak sampai")
    until(lambda: receiver.words(last) == ["sent", "delivered"], "the last free one")
    line(office, payment_method=True)
    paid = office.send(citizen["wa_id"], "Dibayar")
    until(lambda: receiver.words(paid) == ["sent", "delivered"], "the paid one")
    assert receiver.words(beyond) == [], "accepted with 200, and then silence"
    assert office.shown(citizen, beyond) is None
    kinds = [receiver.statuses(wamid)[0]["pricing"] for wamid in (last, paid)]
    assert [(item["billable"], item["type"]) for item in kinds] == [(False, "free_customer_service"), (True, "regular")]
    assert office.control("GET", "lines")[0]["usage"].popitem()[1] == {"service": 1001}


def test_a_template_without_payment_fails(office: Office, receiver: Receiver) -> None:
    line(office, payment_method=False)
    citizen = office.citizen()
    parts = [{"type": "BODY", "text": "Jawaban sudah ada."}]
    wish = {"name": "siap", "language": "id", "category": "UTILITY", "components": parts}
    office.call(wish, path=f"/v26.0/{WABA}/message_templates")
    answer = office.say(citizen["wa_id"], "template", {"name": "siap", "language": {"code": "id"}})
    wamid = answer.json()["messages"][0]["id"]
    until(lambda: receiver.words(wamid) == ["failed"], "failed")
    assert receiver.statuses(wamid)[0]["errors"][0]["code"] == 131042


def test_the_free_ones_begin_anew_each_month(office: Office, receiver: Receiver) -> None:
    line(office, payment_method=False, service_used=1000)
    citizen = office.citizen()
    office.control("POST", "clock", {"advance_seconds": 31 * 86400})
    office.write(citizen, "Bulan baru")
    wamid = office.send(citizen["wa_id"])
    until(lambda: receiver.words(wamid) == ["sent", "delivered"], "the first of the month")


def test_a_number_added_at_run_time(office: Office, receiver: Receiver) -> None:
    made = office.control("POST", "lines", {"name": "Kecamatan Gedeg", "webhook": receiver.url}, 201)
    assert made["token"]
    assert made["verify_token"] != VERIFY
    office.control("POST", "reset")
    lines = office.control("GET", "lines")
    assert [item["name"] for item in lines] == ["Kecamatan Kemlagi", "Kecamatan Gedeg"]
    assert not any("token" in item or "app_secret" in item for item in lines)
    citizen = office.citizen(open_window=False)
    query = f"?line={made['phone_number_id']}"
    office.control("POST", f"citizens/{citizen['id']}/messages{query}", {"type": "text", "text": {"body": "Halo"}})
    until(receiver.messages, "the message")
    assert receiver.values()[0]["metadata"]["phone_number_id"] == made["phone_number_id"]
    assert not receiver.signed(0), "signed with the secret of its own app"
    body = {"messaging_product": "whatsapp", "to": citizen["wa_id"], "type": "text", "text": {"body": "Ya"}}
    path = f"/v26.0/{made['phone_number_id']}/messages"
    assert office.call(body, token=made["token"], path=path).status_code == 200
    assert office.call(body, token=TOKEN, path=path).status_code == 400
    for wrong in ({"phone_number_id": PHONE_ID}, {"colour": "red"}, {"display_phone": "12"}, {"name": 3}):
        office.control("POST", "lines", wrong, 400)
    for wish in ({"coexistence": "ya"}, {"throughput": "MAX"}, {"service_used": -1}, {"webhook": "x"}, {"x": 1}):
        office.control("PATCH", f"lines/{PHONE_ID}", wish, 400)
