"""Example files: what may be one, how they go along with a version, and who may put them there."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.catalog import actions, actions_examples, examples
from pelita.catalog.models import ExampleFile, ServiceVersion
from pelita.catalog.queries_examples import file_of, of_version
from pelita.catalog.rules import Item
from tests.catalog.conftest import WHOLE, Shelf

PDF = b"%PDF-1.4 formulir"


def picture(size: tuple[int, int] = (3000, 2000), kind: str = "PNG", mode: str = "RGBA") -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "HP Bu Sri"  # the maker's field
    Image.new(mode, size).save(out, kind, exif=exif)
    return out.getvalue()


def attach(shelf: Shelf, version: ServiceVersion, position: int, content: bytes, who: str = "pmd") -> None:
    actions_examples.attach(
        version=version, position=position, file=io.BytesIO(content), filename="Foto KTP/..\\ \r\n.png",
        seen=version.revision, by=shelf.place(who), now=shelf.now,
    )  # fmt: skip
    version.refresh_from_db(from_queryset=ServiceVersion.objects.filter(office=shelf.office).select_related("service"))


def names(version: ServiceVersion) -> dict[int, str]:
    return {at: one.name for at, one in of_version(version).items()}


def test_a_picture_is_made_small_and_says_nothing_of_its_phone() -> None:
    found = examples.checked(io.BytesIO(picture()), "Foto KTP/..\\ \r\n.png")
    assert (found.kind, found.name) == ("image/jpeg", "Foto-KTP.jpg")
    with Image.open(io.BytesIO(found.content)) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (1400, 933), {})
        assert made.getpixel((5, 5)) == (255, 255, 255)  # what was see-through is paper
    assert b"Bu Sri" not in found.content
    assert examples.checked(io.BytesIO(PDF), "f.exe") == examples.Checked("application/pdf", "f.pdf", PDF)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Kirim foto"),
        (b"<svg onload=alert(1)>", "Kirim foto"),
        (picture()[:500], "Kirim foto"),
        (picture((40, 40), "GIF", "P"), "Kirim foto"),
        (PDF + b"x" * examples.MAX_PDF, "1,5 MB"),
        (b"x" * (examples.MAX_BYTES + 1), "8 MB"),
    ],
    ids=["empty", "svg", "cut off", "another kind", "large pdf", "large"],
)
def test_what_is_no_example(content: bytes, sentence: str) -> None:
    with pytest.raises(InvalidError, match=sentence):
        examples.checked(io.BytesIO(content), "contoh.png")


def test_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MAX_PIXELS", 100)
    with pytest.raises(InvalidError, match="Perkecil"):
        examples.checked(io.BytesIO(picture((11, 10))), "contoh.png")


def test_it_goes_along_with_its_requirement_into_the_next_version(shelf: Shelf) -> None:
    version, head = shelf.draft(), shelf.place("pmd")
    attach(shelf, version, 0, PDF)
    attach(shelf, version, 1, picture())
    attach(shelf, version, 1, PDF)  # instead of the picture
    assert names(version) == {0: "Foto-KTP.pdf", 1: "Foto-KTP.pdf"}
    assert ExampleFile.objects.filter(office=shelf.office).count() == 2
    for step in (actions.submit, actions.approve, actions.publish):
        step(version=version, seen=version.revision, by=head, now=shelf.now)
    second = actions.begin(service=version.service, by=head, now=shelf.now)
    assert names(second) == names(version)
    # Another order, one worded anew, one that is new.
    ktp, photo = WHOLE.requirements
    needs = (Item("Surat pengantar"), photo, replace(ktp, text="Fotokopi KTP"))
    actions.change(version=second, content=replace(WHOLE, requirements=needs), seen=0, by=head, now=shelf.now)
    assert list(names(second)) == [0, 1]
    actions.change(version=second, content=replace(WHOLE, requirements=(photo,)), seen=1, by=head, now=shelf.now)
    assert list(names(second)) == [0]
    assert list(names(version)) == [0, 1]


@pytest.mark.parametrize(
    ("old", "new", "places", "wanted"),
    [
        ("a b c", "c a", [0, 1, 2], {0: 1, 2: 0}),
        ("a b", "a x", [0, 1], {0: 0, 1: 1}),
        ("a b", "x a b", [0, 1], {0: 1, 1: 2}),
        ("a b", "b", [0], {}),
        ("a a", "a", [0], {0: 0}),
        ("a", "", [0], {}),
    ],
    ids=["moved", "worded anew", "one in front", "gone", "twice", "nothing"],
)
def test_where_examples_go(old: str, new: str, places: list[int], wanted: dict[int, int]) -> None:
    assert dict(examples.carried(old.split(), new.split(), places)) == wanted


def test_who_may_and_when(shelf: Shelf) -> None:
    version = shelf.draft()
    with pytest.raises(NotAllowedError):
        attach(shelf, version, 0, PDF, who="kesra")
    with pytest.raises(InvalidError, match="Pilih syarat"):
        attach(shelf, version, 7, PDF)
    attach(shelf, version, 0, PDF, who="admin")
    version.revision = 0
    with pytest.raises(TakenError):
        attach(shelf, version, 0, PDF)
    actions_examples.remove(version=version, position=0, seen=1, by=shelf.place("pmd"), now=shelf.now)
    assert not of_version(version)
    actions.submit(version=version, seen=2, by=shelf.place("pmd"), now=shelf.now)
    with pytest.raises(TakenError):
        attach(shelf, version, 0, PDF)
    assert file_of(version, 0) is None
