"""Posts on their screens: who sees and does what, what a form without a script does, what a script is told."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from pelita.base import clock
from pelita.news import actions, queries
from pelita.news.actions_policy import contrast
from pelita.news.linked import state
from pelita.news.models import NewsPolicy, Post
from pelita.offices.rules import zone
from tests.web.conftest import World
from tests.web.posted import again, post, published, submitted
from tests.whatsapp.media.support import PDF, picture


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def form(world: World, **changes: Any) -> dict[str, Any]:
    values = {
        "seen": 0, "draft_key": str(uuid.uuid4()), "kind": "activity", "title": "Posyandu lansia",
        "text": "Pemeriksaan gratis di balai desa.", "village": "", "place": "", "starts_at": "", "ends_at": "",
        "section": world.section("KESRA").pk, "ways": ["share"], "publish_at": "", "do": "save",
    }  # fmt: skip
    return values | changes


def photo(name: str = "IMG_1.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(size=(300, 200)))


def only(world: World) -> Post:
    return Post.objects.get(office=world.office)


def told(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_from_an_empty_list_to_everybody_without_a_script(world: World) -> None:
    officer, admin = world.client("kesra"), world.client("admin")
    assert "Belum ada kiriman" in officer.get("/berita").content.decode()
    page = officer.get("/berita/baru").content.decode()
    assert re.search(r'name="draft_key" value="[0-9a-f-]{36}"', page)
    assert "Minta persetujuan" in page
    assert "Tayangkan sekarang" not in page
    given = form(world, do="submit", photos=[photo(), photo("IMG_2.jpg")], alt=["Lansia"])
    answer = officer.post("/berita/baru", given)
    made = only(world)
    assert answer["Location"] == f"/berita/{made.code}"
    assert (made.state, made.ways) == ("submitted", ["page", "share"])
    assert [one.alt for one in queries.pictures_of([made])[made.pk]] == ["Lansia", ""]
    listed = admin.get("/berita").content.decode()
    assert "is-mine" in listed
    shown = admin.get(f"/berita/{made.code}").content.decode()
    assert "Menunggu persetujuan Anda" in shown
    assert "Setujui dan tayangkan" in shown
    answer = admin.post(f"/berita/{made.code}/langkah", {"seen": made.lock, "step": "approve"}, follow=True)
    assert "Tayang di halaman publik" in answer.content.decode()
    assert only(world).state == "published"
    page = officer.get("/pemberitahuan").content.decode()
    assert "Kiriman “Posyandu lansia” sudah tayang" in page


def test_returned_with_a_reason_that_its_author_reads(world: World) -> None:
    made, admin = submitted(world), world.client("admin")
    step = f"/berita/{made.code}/langkah"
    answer = admin.post(step, {"seen": made.lock, "step": "return", "reason": ""})
    assert answer.status_code == 422
    assert "Tulis apa yang perlu diperbaiki." in answer.content.decode()
    admin.post(step, {"seen": made.lock, "step": "return", "reason": "Wajah anak belum dikaburkan."})
    officer = world.client("kesra")
    assert "Dikembalikan" in officer.get("/berita").content.decode()
    assert "Wajah anak belum dikaburkan." in officer.get(f"/berita/{made.code}/ubah").content.decode()
    assert admin.post(step, {"seen": made.lock, "step": "approve"}).status_code == 409


def test_a_bad_photo_costs_no_word(world: World) -> None:
    officer = world.client("kesra")
    answer = officer.post("/berita/baru", form(world, do="submit", photos=[photo(), photo("surat.jpg", PDF)]))
    made = only(world)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Berkas ini bukan foto." in page
    assert f'action="/berita/{made.code}/ubah"' in page
    assert f'name="seen" value="{made.lock}"' in page
    assert (made.state, made.title, len(queries.pictures_of([made])[made.pk])) == ("draft", "Posyandu lansia", 1)


def test_what_a_script_is_told(world: World) -> None:
    officer, values = (
        world.client(
            "kesra",
        ),
        form(world),
    )
    first = officer.post("/berita/baru", values, headers={"HX-Request": "true"})
    said = told(first)
    made = only(world)
    assert (said["code"], said["lock"], said["errors"]) == (made.code, made.lock, {})
    assert said["words"].startswith("Draf tersimpan ")
    key = str(uuid.uuid4())
    more = form(world, seen=said["lock"], draft_key=values["draft_key"], photos=[photo()], key=[key], alt=["Lansia"],
                blur=["[[0.5, 0.5, 0.2]]"])  # fmt: skip
    for _n in range(2):
        said = told(officer.post(said["address"], more, headers={"HX-Request": "true"}))
        more |= {"seen": said["lock"], "photos": [photo()]}
    rows = queries.pictures_of([made])[made.pk]
    assert [(str(one.key), one.alt, one.blurs) for one in rows] == [(key, "Lansia", [[0.5, 0.5, 0.2]])]
    assert f'data-picture="{rows[0].pk}"' in said["pictures"]
    late = officer.post(said["address"], form(world, seen=1, title="Lain"), headers={"HX-Request": "true"})
    assert late.status_code == 409
    assert "diubah orang lain" in told(late)["sentence"]
    bad = officer.post(said["address"], form(world, seen=said["lock"], title="x" * 121), headers={"HX-Request": "true"})
    assert told(bad)["errors"]["title"] == ["Paling panjang 120 huruf; ini 121."]


def test_saving_the_same_again_writes_nothing(world: World) -> None:
    officer, values = world.client("kesra"), form(world)
    said = told(officer.post("/berita/baru", values, headers={"HX-Request": "true"}))
    again = told(officer.post(said["address"], values | {"seen": said["lock"]}, headers={"HX-Request": "true"}))
    assert again["lock"] == said["lock"]


def test_an_answer_that_was_lost_is_no_clash(world: World) -> None:
    officer, made = world.client("kesra"), post(world)
    values = form(world, draft_key=str(made.draft_key), seen=made.lock, title="Kerja bakti, hari kedua")
    first, second = (
        told(officer.post(f"/berita/{made.code}/ubah", values, headers={"HX-Request": "true"})) for _n in range(2)
    )
    assert (second["lock"], second["sentence"]) == (first["lock"], "")
    for late in ({"title": "Lain"}, {"do": "submit"}):
        assert officer.post(f"/berita/{made.code}/ubah", values | late).status_code == 409, late
    assert again(world, made).title == "Kerja bakti, hari kedua"


def test_a_draft_that_was_kept_on_a_phone_and_sent_twice_is_one(world: World) -> None:
    officer, values = world.client("kesra"), form(world)
    for _n in range(2):
        officer.post("/berita/baru", values, headers={"HX-Request": "true"})
    made = only(world)
    assert officer.get(f"/berita/baru?draf={values['draft_key']}")["Location"] == f"/berita/{made.code}/ubah"
    assert officer.get("/berita/baru?draf=bukan").status_code == 200


def test_pictures_are_moved_and_taken_away(world: World) -> None:
    made, officer = post(world, photos=3), world.client("kesra")
    one, two, three = (row.pk for row in queries.pictures_of([made])[made.pk])
    path = f"/berita/{made.code}/ubah"
    values = form(world, draft_key=str(made.draft_key), title=made.title, text=made.text)
    answer = officer.post(path, values | {"seen": made.lock, "do": f"move:{three}:0", f"alt-{two}": "Saluran"})
    assert answer["Location"] == f"{path}#foto"
    made = again(world, made)
    officer.post(path, values | {"seen": made.lock, "do": f"remove:{one}", f"blur-{two}": "[[0.5, 0.5, 0.1]]"})
    rows = queries.pictures_of([made])[made.pk]
    assert [(row.pk, row.alt, row.blurs) for row in rows] == [(three, "", []), (two, "Saluran", [[0.5, 0.5, 0.1]])]


def test_who_gets_which_file(world: World) -> None:
    made = post(world, photos=1)
    row = queries.pictures_of([made])[made.pk][0]
    paths = [f"/berita/{made.code}/foto/{size}/{row.pk}" for size in ("kecil", "besar", "asli", "lain")]

    def got(who: str) -> list[int]:
        return [world.client(who).get(path).status_code for path in paths]

    assert got("kesra") == [200, 200, 200, 404]
    assert got("pmd") == [404] * 4
    actions.approve(post=made, seen=made.lock, by=world.place("admin"), now=world.now)
    assert got("kesra") == [200, 200, 404, 404]
    assert got("pmd") == [200, 200, 404, 404]
    answer = world.client("pmd").get(paths[1])
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-cache"
    assert world.client("pmd").get(paths[1], headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_at_its_time(world: World) -> None:
    admin = world.client("admin")
    later = (world.now + timedelta(days=1)).astimezone(zone(world.office))
    answer = admin.post("/berita/baru", form(world, do="schedule"))
    assert "Pilih waktu tayang yang akan datang." in answer.content.decode()
    admin.post("/berita/baru", form(world, do="schedule", publish_at=later.strftime("%Y-%m-%dT%H:%M")))
    made = only(world)
    assert (made.state, made.publish_at) == ("approved", later.replace(second=0, microsecond=0))
    page = admin.get(f"/berita/{made.code}").content.decode()
    assert f"Terjadwal, tayang besok {later:%H.%M}" in page
    admin.post(f"/berita/{made.code}/langkah", {"seen": made.lock, "step": "unschedule"})
    assert only(world).state == "draft"


def test_corrected_and_withdrawn(world: World) -> None:
    made, admin = published(world), world.client("admin")
    path = f"/berita/{made.code}/koreksi"
    assert "Tayangkan koreksi" in admin.get(path).content.decode()
    values = form(world, seen=made.lock, draft_key=str(made.draft_key), title="Kerja bakti di saluran induk", note="")
    answer = admin.post(path, values)
    assert "Tulis singkat apa yang diperbaiki." in answer.content.decode()
    admin.post(path, values | {"note": "Judulnya kurang lengkap."})
    page = admin.get(f"/berita/{made.code}").content.decode()
    assert "Kerja bakti di saluran induk" in page
    assert "Kerja bakti membersihkan saluran" in page  # what it said before
    assert "Judulnya kurang lengkap." in page
    made = again(world, made)
    admin.post(f"/berita/{made.code}/langkah", {"seen": made.lock, "step": "withdraw", "reason": "Fotonya keliru."})
    assert "Fotonya keliru." in world.client("pmd").get(f"/berita/{made.code}").content.decode()
    assert world.client("kesra").get(path)["Location"] == f"/berita/{made.code}"


@pytest.mark.parametrize(("approval", "publishes"), [("all", False), ("none", True)])
def test_whose_button_publishes(world: World, approval: str, publishes: bool) -> None:
    world.client("admin").post(
        "/pengaturan/berita", {"approval": approval, "card_look": "frame", "card_colour": "#123456"}
    )
    officer = world.client("kesra")
    assert ("Tayangkan sekarang" in officer.get("/berita/baru").content.decode()) == publishes
    officer.post("/berita/baru", form(world, do="publish"))
    assert only(world).state == ("published" if publishes else "draft")


def test_the_rule_of_the_office(world: World) -> None:
    admin = world.client("admin")
    good = {"approval": "heads", "card_look": "frame", "card_colour": "#7A1F5C"}
    assert admin.post("/pengaturan/berita", good)["Location"] == "/pengaturan/berita"
    row = NewsPolicy.objects.get(office=world.office)
    assert (row.approval, row.card_look, row.card_colour) == ("heads", "frame", "#7a1f5c")
    for colour, said in (("#ffd35a", "sulit dibaca"), ("merah", "Pilih warna")):
        answer = admin.post("/pengaturan/berita", good | {"card_colour": colour})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert (round(contrast("#000000")), round(contrast("#ffffff"))) == (21, 1)


def test_lists_ask_the_same_however_long(world: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def asked(client: Client, path: str, most: int) -> str:
        with django_assert_num_queries(most):
            return client.get(path).content.decode()

    admin = world.client("admin")
    made = post(world, photos=1)
    client = admin
    asked(client, "/berita", LIST)
    for n in range(45):
        post(world, title=f"Kegiatan {n}")
    page = asked(client, "/berita", LIST)
    assert page.count("post-row ") + page.count('post-row"') == 40
    more = re.search(r"\?setelah=\w{6}", page)
    assert more is not None
    assert made.title in asked(client, f"/berita{more[0]}", LIST + 1)
    asked(client, f"/berita/{made.code}", ONE)


LIST, ONE = 10, 10


def test_the_linked_device_is_offered_only_where_it_runs(world: World) -> None:
    officer = world.client("kesra")
    assert 'value="linked"' not in officer.get("/berita/baru").content.decode()
    state.write(world.office.code, state.Standing(at=clock.now().isoformat(), connected=True))
    assert 'value="linked"' in officer.get("/berita/baru").content.decode()
    officer.post("/berita/baru", form(world, ways=["linked"]))
    assert only(world).ways == ["page", "linked"]


NUMBERED = "Hubungi Pak Slamet 0812-3456-7890, NIK 3516010203040005."


def seals(page: str) -> list[str]:
    return re.findall(r'name="(?:do|step)" value="(\w+:[0-9a-f]{24})"', page)


def test_numbers_in_a_post_are_confirmed_before_everybody_reads_them(world: World) -> None:
    officer, admin = world.client("kesra"), world.client("admin")
    values = form(world, text=NUMBERED, do="submit")
    answer = officer.post("/berita/baru", values)
    page, made = answer.content.decode(), only(world)
    assert (answer.status_code, made.state, made.text) == (422, "draft", NUMBERED)
    assert "Ada nomor HP seseorang" in page
    assert "Ajukan utuh" in page
    assert "0812-3456-7890" not in page.split("unsure card")[1].split("</section>")[0]
    [confirms] = seals(page)
    officer.post(f"/berita/{made.code}/ubah", values | {"seen": made.lock, "do": confirms})
    assert only(world).state == "submitted"
    # Whoever publishes is asked too, about the words as they are.
    step, lock = f"/berita/{made.code}/langkah", only(world).lock
    answer = admin.post(step, {"seen": lock, "step": "approve"})
    assert answer.status_code == 422
    assert admin.post(step, {"seen": lock, "step": f"approve:{'0' * 24}"}).status_code == 422
    assert only(world).state == "submitted"
    [confirms] = seals(answer.content.decode())
    admin.post(step, {"seen": lock, "step": confirms})
    assert only(world).state == "published"


def test_numbers_in_a_correction_are_confirmed(world: World) -> None:
    made, admin = published(world), world.client("admin")
    values = form(
        world, seen=made.lock, draft_key=str(made.draft_key), text=f"{made.text} {NUMBERED}", note="Penghubung.", do="",
    )  # fmt: skip
    answer = admin.post(f"/berita/{made.code}/koreksi", values)
    assert (answer.status_code, only(world).text) == (422, made.text)
    [confirms] = seals(answer.content.decode())
    admin.post(f"/berita/{made.code}/koreksi", values | {"do": confirms})
    assert NUMBERED in only(world).text


def test_numbers_in_what_is_said_of_a_photo_or_a_correction_are_confirmed(world: World) -> None:
    admin = world.client("admin")
    answer = admin.post("/berita/baru", form(world, do="publish", photos=[photo()], alt=["Surat 3516010203040005"]))
    assert (answer.status_code, only(world).state) == (422, "draft")
    [confirms] = seals(answer.content.decode())
    made = only(world)
    admin.post(f"/berita/{made.code}/langkah", {"seen": made.lock, "step": confirms.replace("publish", "approve")})
    made = only(world)
    assert made.state == "published"
    note = "Hubungi 0812-3456-7890."
    values = form(world, seen=made.lock, draft_key=str(made.draft_key), title="Posyandu", note=note, do="")
    assert admin.post(f"/berita/{made.code}/koreksi", values).status_code == 422


def test_an_office_number_and_plain_words_are_not_asked_about(world: World) -> None:
    text = f"Tanya lewat WhatsApp {world.line.display_phone}, pasti selesai besok."
    world.client("admin").post("/berita/baru", form(world, text=text, do="publish"))
    assert only(world).state == "published"
