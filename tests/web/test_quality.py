"""How well citizens are answered, on the screens: the sums, the sentences, and their file."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.catalog import queries_evaluation
from pelita.catalog.actions_evaluation import add_sentence
from pelita.catalog.models import Sentence, SentenceOrigin
from pelita.catalog.seeding import seed_services
from pelita.catalog.sentences import Written, packaged
from pelita.journal.models import Fact
from tests.web.conftest import World


def filled(world: World) -> World:
    seed_services(office=world.office, now=world.now, approved=True)
    return world


def say(world: World, text: str, *services: str, answer: bool = True) -> Sentence:
    return add_sentence(
        written=Written(text, services, answer=answer), origin=SentenceOrigin.WRITTEN, by=world.place("admin"),
        now=world.now,
    )  # fmt: skip


def test_the_sums_and_what_is_wrong(world: World) -> None:
    client = filled(world).client("kesra")
    assert "Belum ada kalimat uji" in client.get("/asisten/mutu/ukuran").content.decode()
    say(world, "syarat sktm apa saja", "SKTM")
    say(world, "syarat sktm untuk kuliah apa saja", "KIA")
    say(world, "zzzz", "SKTM")
    page = client.get("/asisten/mutu/ukuran").content.decode()
    assert "1 dari 3" in page
    assert "jawabannya layanan lain" in page
    assert "dijawab SKTM" in page
    assert "layanannya tidak dikenali" in page
    wrong = client.get("/asisten/mutu/ukuran?hanya=keliru").content.decode()
    assert "zzzz" not in wrong
    assert "syarat sktm untuk kuliah" in wrong


def test_a_sentence_is_written_and_dropped(world: World) -> None:
    client = filled(world).client("operator")
    fields = {"text": "nik 3516150101990003 arep gawe kia", "service": "KIA", "answer": "on"}
    assert client.post("/asisten/mutu/kalimat", fields).status_code == 302
    again = client.post("/asisten/mutu/kalimat", fields)
    assert (again.status_code, "sudah ada dalam kumpulan" in again.content.decode()) == (422, True)
    (case,) = queries_evaluation.cases(world.office)
    assert (case.text, case.services, case.sections, case.answer) == (
        "nik … arep gawe kia",
        ("KIA",),
        ("PELAYANAN",),
        True,
    )
    assert "nik … arep gawe kia" in client.get("/asisten/mutu/kalimat").content.decode()
    for _twice in range(2):
        assert client.post(f"/asisten/mutu/kalimat/{case.key}/hapus").status_code == 302
    assert not queries_evaluation.cases(world.office)


def test_a_file_out_and_in(world: World) -> None:
    client = filled(world).client("admin")
    say(world, "syarat sktm, apa saja", "SKTM")
    out = client.get("/asisten/mutu/kalimat/berkas")
    assert out.content.decode() == 'text,language,services,sections,answer\n"syarat sktm, apa saja",,SKTM,,yes\n'

    def given(content: bytes) -> object:
        return client.post("/asisten/mutu/kalimat/berkas", {"file": SimpleUploadedFile("k.csv", content)})

    bad = given(out.content + b"sim,,SIM,,no\n")
    assert bad.status_code == 422  # type: ignore[attr-defined]  # a response
    assert "Kode SIM tidak dikenal." in bad.content.decode()  # type: ignore[attr-defined]  # a response
    assert given(b"\xff\xfe").status_code == 422  # type: ignore[attr-defined]  # a response
    assert given(out.content + b"gawe kia,ngoko,KIA,PELAYANAN,yes\n").status_code == 302  # type: ignore[attr-defined]  # a response
    assert [one.text for one in queries_evaluation.cases(world.office)] == ["syarat sktm, apa saja", "gawe kia"]


def test_pages_cost_the_same_with_many_sentences(world: World) -> None:
    client = filled(world).client("admin")
    counts = []
    for number in range(2):
        for at in range(60 * number + 1):
            say(world, f"syarat sktm nomor {number}{at}", "SKTM")
        for path in ("/asisten/mutu/ukuran", "/asisten/mutu/kalimat"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert "setelah=" in client.get("/asisten/mutu/kalimat").content.decode()


def test_an_office_may_begin_with_the_samples(world: World) -> None:
    client = filled(world).client("kesra")
    assert "Masukkan contoh bawaan" in client.get("/asisten/mutu/kalimat").content.decode()
    assert client.post("/asisten/mutu/kalimat", {"step": "samples"}).status_code == 302
    cases = queries_evaluation.cases(world.office)
    assert len(cases) == len(packaged())
    assert client.post("/asisten/mutu/kalimat", {"step": "samples"}).status_code == 302
    assert queries_evaluation.cases(world.office) == cases
    assert "Jawa krama" in client.get("/asisten/mutu/ukuran").content.decode()
    facts = Fact.objects.filter(office=world.office, verb="sentence.added")
    assert [fact.data for fact in facts] == [{"count": len(cases)}]
