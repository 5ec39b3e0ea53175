"""The screen of what the number says by itself."""

from __future__ import annotations

from pelita.assistant import queries
from pelita.assistant.models import AssistantText
from pelita.assistant.texts import TEXTS
from pelita.journal.models import Fact
from tests.web.conftest import World


def test_the_admin_writes_and_the_camat_reads(world: World) -> None:
    admin, camat = world.client("admin"), world.client("camat")
    page = camat.get("/asisten").content.decode()
    assert "Kami teruskan ke petugas. Kode Anda KML-4F7Q. Dijawab paling lambat besok, 10.00." in page
    assert "/asisten/teks/" not in page
    assert all(f"/asisten/teks/{one.key}" in admin.get("/asisten").content.decode() for one in TEXTS)
    address = "/asisten/teks/person"
    refused = admin.post(address, {"text": "Tunggu sebentar.", "active": "on"})
    assert refused.status_code == 422
    assert "Isian {kode} harus ada, supaya warga tahu." in refused.content.decode()
    strange = admin.post(address, {"text": "{kode} {janji} {namanya}", "active": "on"}).content.decode()
    assert "Isian {namanya} tidak dikenal" in strange
    long = admin.post(address, {"text": "{kode} {janji} " + "a" * 400, "active": "on"}).content.decode()
    assert "Kelebihan 15 huruf. Paling panjang 400." in long
    own = "Nggih. Kode {kode}, dijawab paling lambat {janji}."
    shown = admin.post(address, {"text": own, "active": "on", "lihat": "1"}).content.decode()
    assert "Nggih. Kode KML-4F7Q, dijawab paling lambat besok, 10.00." in shown
    assert not AssistantText.objects.filter(office=world.office).exists()
    assert admin.post(address, {"text": own, "active": "on"})["Location"] == "/asisten"
    assert "diubah kantor" in admin.get("/asisten").content.decode()
    admin.post(address, {"text": own})
    assert "tidak dikirim" in admin.get("/asisten").content.decode()
    admin.post(address, {"text": own, "active": "on", "bawaan": "1"})
    assert [one.own for one in queries.text_rows(world.office) if one.template.key == "person"] == [False]
    # Every version can be read again.
    facts = Fact.objects.filter(office=world.office, verb="assistant.text").order_by("id")
    assert [fact.data["words"] for fact in facts][:2] == [own, own]
    assert admin.get("/asisten/teks/tidak-ada").status_code == 404


def test_the_switch(world: World) -> None:
    admin = world.client("admin")
    assert "Asisten diam" in admin.get("/asisten").content.decode()
    admin.post("/asisten/saklar", {"active": "1"})
    assert "Asisten menjawab" in admin.get("/asisten").content.decode()
    admin.post("/asisten/saklar", {"active": "0"})
    switch = queries.switch(world.office)
    assert switch is not None
    assert not switch.active
