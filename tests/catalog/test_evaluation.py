"""The office's own sentences: what they say of the texts, and how they stand before a version that answers worse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pelita.base.errors import InvalidError, NotAllowedError
from pelita.catalog import actions, judging, queries, queries_evaluation, sentences
from pelita.catalog.actions_evaluation import MOST, add_sentence, drop_sentence, load_sentences, seed_sentences
from pelita.catalog.errors import WorseError
from pelita.catalog.judging import Case, Score, Verdict
from pelita.catalog.models import Sentence, SentenceOrigin, ServiceVersion
from pelita.catalog.sentences import Written
from pelita.catalog.understanding import Knowledge, KnownSection, KnownService
from pelita.journal.models import Fact
from tests.catalog.conftest import Shelf

KNOWN = Knowledge(
    services=(
        KnownService(1, "SKU", 7, "Surat keterangan usaha", "Keterangan usaha", ("sku", "surat usaha")),
        KnownService(2, "AJB", 8, "Akta jual beli", "Akta jual beli", ("ajb",)),
    ),
    sections=(KnownSection(7, "PMD", ("usaha",)), KnownSection(8, "PEMERINTAHAN", ("tanah",))),
)


def case(text: str, *services: str, answer: bool = True, sections: tuple[str, ...] = ()) -> Case:
    return Case(0, text, "", services, sections, answer)


def judged(*cases: Case) -> judging.Judgement:
    return judging.judge(KNOWN, cases)


def say(shelf: Shelf, text: str, *services: str, answer: bool = True, username: str = "admin") -> Sentence:
    return add_sentence(
        written=Written(text, services, answer=answer), origin=SentenceOrigin.WRITTEN, by=shelf.place(username),
        now=shelf.now,
    )  # fmt: skip


def test_what_becomes_of_a_sentence() -> None:
    rows = judged(
        case("syarat surat usaha apa", "SKU", sections=("PMD",)),
        case("syarat surat usaha apa?", "AJB"),
        case("surat usaha saya sudah jadi?", "SKU", answer=False),
        case("selamat pagi", answer=False),
        case("hewan kurban", "SKU"),
    ).rows
    assert [row.verdict for row in rows] == [Verdict.RIGHT, Verdict.WRONG, rows[2].verdict, Verdict.LEFT, Verdict.LEFT]
    assert rows[2].verdict in {Verdict.WRONG, Verdict.LEFT}
    assert [row.found for row in rows] == [True, False, True, True, False]
    assert rows[1].said == ("SKU",)


def test_the_sums_and_what_fails() -> None:
    found = judged(case("syarat surat usaha", "SKU"), case("surat usaha", "AJB"), case("halo", answer=False))
    score = found.score
    assert (score.total, score.answerable, score.right, score.wrong) == (3, 2, 1, 1)
    assert (score.coverage, score.accuracy, score.wrong_rate) == (0.5, 0.5, 1 / 3)
    assert [row.case.text for row in found.failing] == ["surat usaha"]
    assert (Score().coverage, Score().wrong_rate) == (1.0, 0.0)


def test_a_service_that_the_office_has_no_more_is_for_a_person() -> None:
    (row,) = judged(case("syarat paspor", "PASPOR")).rows
    assert (row.verdict, row.found, row.case.answer) == (Verdict.LEFT, True, False)


def test_worse_is_more_wrong_or_fewer_right() -> None:
    assert Score(right=5, wrong=2).worse_than(Score(right=4, wrong=1))
    assert Score(right=3, wrong=0).worse_than(Score(right=4, wrong=1))
    assert not Score(right=4, wrong=1).worse_than(Score(right=4, wrong=1))


def test_an_alias_more_is_seen_before_it_is_published(full: Shelf) -> None:
    say(full, "arep njaluk kertas sugih", "SKTM")
    service, head = full.service("SKTM"), full.place("kesra")
    version = actions.begin(service=service, by=head, now=full.now)
    content = queries.content_of(version)
    wanted = replace(content, aliases=(*content.aliases, "kertas sugih"))
    actions.change(version=version, content=wanted, seen=0, by=head, now=full.now)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        comparison = queries_evaluation.would_be(full.version("SKTM", 2))
    assert comparison is not None
    assert (comparison.before.right, comparison.after.right, comparison.worse) == (0, 1, False)
    assert len(asked) <= 8


def _without_aliases(full: Shelf) -> ServiceVersion:
    """The next version of a service, approved, that citizens' words do not find any more."""
    service, head = full.service("SKTM"), full.place("kesra")
    version = actions.begin(service=service, by=head, now=full.now)
    content = replace(queries.content_of(version), name="Formulir F", short_name="Formulir F", aliases=("formulir f",))
    actions.change(version=version, content=content, seen=0, by=head, now=full.now)
    for step in (actions.submit, actions.approve):
        step(version=version, seen=version.revision, by=head, now=full.now)
    return version


def test_nobody_publishes_worse_answers_without_having_seen_it(full: Shelf) -> None:
    actions.withdraw(version=full.version("NIB-OSS"), seen=0, by=full.place("pmd"), now=full.now)
    version = full.draft("NIB-OSS2", {"name": "Zeta", "short_name": "Zeta", "aliases": ("kata zeta",)})
    head = full.place("pmd")
    for step in (actions.submit, actions.approve, actions.publish):
        step(version=version, seen=version.revision, by=head, now=full.now)
    say(full, "tanya kata zeta", "NIB-OSS2")
    following = actions.begin(service=version.service, by=head, now=full.now)
    content = replace(queries.content_of(following), name="Omega", short_name="Omega", aliases=("kata omega",))
    actions.change(version=following, content=content, seen=0, by=head, now=full.now)
    for step in (actions.submit, actions.approve):
        step(version=following, seen=following.revision, by=head, now=full.now)
    with pytest.raises(WorseError) as stopped:
        actions.publish(version=following, seen=following.revision, by=head, now=full.now)
    assert [was.case.text for was, _is in stopped.value.comparison.turned] == ["tanya kata zeta"]
    assert full.version("NIB-OSS2", 1).state == "published"
    actions.publish(version=following, seen=following.revision, by=head, now=full.now, worse_ok=True)
    assert full.version("NIB-OSS2", 2).state == "published"
    last = Fact.objects.filter(office=full.office, verb="service.published").latest("id")
    assert last.data["worse"] is True


def test_without_sentences_nothing_is_asked(full: Shelf) -> None:
    version = _without_aliases(full)
    assert queries_evaluation.would_be(version) is None
    actions.publish(version=version, seen=version.revision, by=full.place("kesra"), now=full.now)


def test_who_keeps_the_sentences(full: Shelf) -> None:
    for username in ("admin", "operator", "kesra"):
        say(full, f"kalimat {username}", "SKTM", username=username)
    for username in ("camat", "pelayanan"):
        with pytest.raises(NotAllowedError):
            say(full, "kalimat lain", "SKTM", username=username)
        with pytest.raises(NotAllowedError):
            drop_sentence(key=0, by=full.place(username), now=full.now)


def test_what_a_sentence_may_say(full: Shelf) -> None:
    kept = say(full, "  nik saya 3516 1501 0199 0003\nhp 0812-3456-7890, umur 17 ", "KTP-REKAM")
    assert kept.text == "nik saya … hp …, umur 17"
    for written, field in (
        (Written(" "), "text"),
        (Written(kept.text), "text"),
        (Written("sim", ("SIM",)), "services"),
        (Written("sim", sections=("POLRI",)), "sections"),
        (Written("sim", answer=True), "answer"),
    ):
        with pytest.raises(InvalidError) as refused:
            add_sentence(written=written, origin=SentenceOrigin.WRITTEN, by=full.place("admin"), now=full.now)
        assert refused.value.field == field
    drop_sentence(key=kept.pk, by=full.place("admin"), now=full.now)
    drop_sentence(key=kept.pk, by=full.place("admin"), now=full.now)
    assert not queries_evaluation.cases(full.office)
    assert "3516" not in str(list(Fact.objects.filter(office=full.office).values_list("data", flat=True)))


def test_a_file_is_taken_whole_or_not_at_all(full: Shelf) -> None:
    content = "\ufefftext;services;sections;answer\nsyarat sku;nib-oss;PMD;ya\nsim;SIM;;no\nx;;;maybe\n"
    rows, problems = sentences.read(content)
    assert problems == [(4, "Kolom answer berisi yes atau no.")]
    by, now = full.place("admin"), full.now
    assert load_sentences(rows=rows, by=by, now=now).problems == [(3, "Kode SIM tidak dikenal.")]
    assert not queries_evaluation.cases(full.office)
    assert load_sentences(rows=rows[:1], by=by, now=now, dry=True).added == 1
    assert not queries_evaluation.cases(full.office)
    assert load_sentences(rows=rows[:1], by=by, now=now).added == 1
    again = load_sentences(rows=rows[:1], by=by, now=now)
    assert (again.added, again.known) == (0, 1)
    assert sentences.read("kalimat\nx")[1] == [
        (1, "Baris pertama harus memuat kolom text, services, sections, answer.")
    ]


def test_a_file_goes_out_as_it_came_in() -> None:
    rows = [Written("=1+1, ya", ("SKU",), ("PMD",), answer=True, language="formal"), Written("halo")]
    written = sentences.write(rows)
    assert "'=1+1" in written
    assert [one for _number, one in sentences.read(written)[0]] == rows


def test_the_packaged_sentences_are_read_and_kept_once(full: Shelf) -> None:
    assert seed_sentences(office=full.office, now=full.now) == len(sentences.packaged()) <= MOST
    assert seed_sentences(office=full.office, now=full.now) == 0
    first = queries_evaluation.sentence_page(full.office)
    rest = queries_evaluation.sentence_page(full.office, after=first.after)
    assert (len(first.rows), first.rows[-1].pk > rest.rows[0].pk) == (queries_evaluation.PAGE, True)
    score = queries_evaluation.judged(full.office).score
    assert score.total == len(sentences.packaged())
