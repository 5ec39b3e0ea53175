"""Writes of the evaluation set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from pelita.base.errors import InvalidError, NotAllowedError
from pelita.catalog import rules, sentences
from pelita.catalog.errors import KnownSentenceError
from pelita.catalog.models import Sentence, SentenceOrigin, Service
from pelita.catalog.sentences import Written
from pelita.journal import actions as journal
from pelita.offices.models import Office, Section
from pelita.offices.rules import Place

MOST = 1000  # sentences of an office: a measurement reads them all


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: how many sentences are new, how many were there, and problems by line."""

    added: int = 0
    known: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def add_sentence(*, written: Written, origin: SentenceOrigin, by: Place, now: datetime) -> Sentence:
    """One more. Raises InvalidError with the field; KnownSentenceError when it is there."""
    _allowed(by)
    office = _held(by.office)
    checked = _Checks(office)
    sentence = _row(office, checked.one(written), origin, by, now)
    if checked.room < 1:
        raise InvalidError("text", f"Paling banyak {MOST} kalimat. Hapus yang tidak berguna lagi.")
    if Sentence.objects.filter(office=office, text=sentence.text).exists():
        raise KnownSentenceError
    sentence.save()
    _tell("sentence.added", sentence, by, now, count=1)
    return sentence


@transaction.atomic
def load_sentences(*, rows: Sequence[tuple[int, Written]], by: Place, now: datetime, dry: bool = False) -> Loaded:
    """Sentences of a file, numbered by line: all of them, or with any problem none. ``dry`` only looks."""
    _allowed(by)
    office = _held(by.office)
    checked = _Checks(office)
    there = set(Sentence.objects.filter(office=office).values_list("text", flat=True))
    new: dict[str, Sentence] = {}
    problems: list[tuple[int, str]] = []
    for number, written in rows:
        try:
            sentence = _row(office, checked.one(written), SentenceOrigin.IMPORTED, by, now)
        except InvalidError as error:
            problems.append((number, str(error)))
            continue
        if sentence.text not in there:
            new.setdefault(sentence.text, sentence)
    if len(new) > checked.room:
        problems.append((0, f"Paling banyak {MOST} kalimat; masih muat {checked.room}."))
    if not problems and not dry and new:
        made = Sentence.objects.bulk_create(new.values())
        _tell("sentence.added", made[0], by, now, count=len(made))
    return Loaded(len(new), len(rows) - len(new) - len(problems), problems)


@transaction.atomic
def drop_sentence(*, key: int, by: Place, now: datetime) -> None:
    """It says nothing useful any more. A second time does nothing."""
    _allowed(by)
    sentence = Sentence.objects.filter(office=by.office, pk=key).first()
    if sentence is None:
        return
    _tell("sentence.dropped", sentence, by, now, count=1)
    Sentence.objects.filter(office=by.office, pk=key).delete()


@transaction.atomic
def take_samples(*, by: Place, now: datetime) -> int:
    """Begin with the packaged sentences. Returns how many; 0 for an office that has sentences already."""
    _allowed(by)
    count = seed_sentences(office=_held(by.office), now=now)
    if count:
        first = Sentence.objects.filter(office=by.office).order_by("id")[:1].get()
        _tell("sentence.added", first, by, now, count=count)
    return count


@transaction.atomic
def seed_sentences(*, office: Office, now: datetime) -> int:
    """The packaged sentences for an office without any, of the services and sections that it has."""
    if Sentence.objects.filter(office=office).exists():
        return 0
    rows = [
        Sentence(
            office=office, text=one.text, language=one.language, services=list(one.services),
            sections=list(one.sections), answer=one.answer, origin=SentenceOrigin.PACKAGED, added_at=now,
        )
        for one in sentences.packaged()
    ]  # fmt: skip
    return len(Sentence.objects.bulk_create(rows))


def _allowed(by: Place) -> None:
    if not rules.may_judge(by):
        raise NotAllowedError


def _held(office: Office) -> Office:
    """Two who add at once stand in line, so that neither is over the limit."""
    return Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office.pk)


class _Checks:
    """What a sentence of an office may say. Three queries for any number of sentences."""

    def __init__(self, office: Office) -> None:
        self.services = set(Service.objects.filter(office=office).values_list("code", flat=True))
        self.sections = set(Section.objects.filter(office=office).values_list("code", flat=True))
        self.room = MOST - Sentence.objects.filter(office=office).count()

    def one(self, written: Written) -> Written:
        """It without numbers. Raises InvalidError."""
        text = sentences.anonymous(written.text)
        if len(text) < sentences.SHORTEST:
            raise InvalidError("text", "Tulis kalimatnya.")
        for field_name, said, known in (
            ("services", written.services, self.services), ("sections", written.sections, self.sections),
        ):  # fmt: skip
            strange = [code for code in said if code not in known]
            if strange:
                raise InvalidError(field_name, f"Kode {', '.join(strange[:3])} tidak dikenal.")
        if written.answer and not written.services:
            raise InvalidError("answer", "Yang dapat dijawab sendiri harus punya layanan.")
        return Written(
            text, tuple(dict.fromkeys(written.services)), tuple(dict.fromkeys(written.sections)), written.answer,
            written.language[:16],
        )  # fmt: skip


def _row(office: Office, written: Written, origin: SentenceOrigin, by: Place, now: datetime) -> Sentence:
    return Sentence(
        office=office, text=written.text, language=written.language, services=list(written.services),
        sections=list(written.sections), answer=written.answer, origin=origin, added_by=by.officer, added_at=now,
    )  # fmt: skip


def _tell(verb: str, sentence: Sentence, by: Place, now: datetime, *, count: int) -> None:
    journal.record(
        office=by.office, verb=verb, subject=("sentence", sentence.pk), by=by.officer, now=now, audience=[],
        count=count,
    )  # fmt: skip
