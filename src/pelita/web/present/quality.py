"""How well citizens are answered, as the screens say it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.assistant.models import Reply, ReplyKind
from pelita.assistant.proposing import alias_of
from pelita.catalog.judging import Comparison, Judged, Judgement, Score, Verdict
from pelita.catalog.sentences import anonymous
from pelita.catalog.understanding import Reader

SHOWN = 20  # sentences beside a version that waits to be published


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it counts, and beside a comparison what it was."""

    label: str
    said: str
    aside: str = ""
    was: str = ""
    worse: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A sentence that fares worse: what citizens get today, and what they would get."""

    text: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Check:
    """A version before it is published. ``more``: sentences that are not shown."""

    figures: tuple[Figure, ...]
    turns: tuple[Turn, ...]
    more: int
    worse: bool
    total: int


def figures(score: Score) -> tuple[Figure, ...]:
    """What the page begins with."""
    return (
        Figure(_("Dijawab benar tanpa petugas"), _percent(score.coverage), _of(score.right, score.answerable)),
        Figure(_("Dijawab keliru"), _percent(score.wrong_rate, 1), _of(score.wrong, score.total)),
        Figure(_("Layanannya dikenali"), _percent(score.accuracy), _of(score.found, score.with_service)),
        Figure(_("Seksinya tepat"), _percent(score.routed), _of(score.placed, score.with_section)),
    )


LANGUAGES = {
    "formal": gettext_lazy("Resmi"),
    "colloquial": gettext_lazy("Sehari-hari"),
    "abbreviations": gettext_lazy("Singkatan"),
    "ngoko": gettext_lazy("Jawa ngoko"),
    "krama": gettext_lazy("Jawa krama"),
    "typos": gettext_lazy("Salah ketik"),
    "two_topics": gettext_lazy("Dua hal sekaligus"),
    "no_topic": gettext_lazy("Bukan soal syarat"),
    "greeting": gettext_lazy("Salam"),
    "abuse": gettext_lazy("Kasar"),
    "other_office": gettext_lazy("Urusan kantor lain"),
    "": gettext_lazy("Lainnya"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of language in the table. Empty where nothing of it can be right."""

    label: str
    total: int
    right: str
    wrong: int
    found: str


def kinds(judged: Judgement) -> list[Kind]:
    """Rows of the table; none for a set of one kind."""
    found = judged.by_language()
    if len(found) < 2:
        return []
    return [
        Kind(
            str(LANGUAGES.get(language, language)),
            score.total,
            _percent(score.coverage) if score.answerable else "",
            score.wrong,
            _percent(score.accuracy) if score.with_service else "",
        )
        for language, score in found.items()
    ]


def check(found: Comparison | None) -> Check | None:
    """None where nothing is known of the office's own sentences."""
    if found is None:
        return None
    before, after = found.before, found.after
    turns = [Turn(was.case.text, outcome(was), outcome(is_)) for was, is_ in found.turned[:SHOWN]]
    return Check(
        (
            Figure(
                _("Dijawab benar"), str(after.right), _("dari {n}").format(n=after.answerable), str(before.right),
                worse=after.right < before.right,
            ),
            Figure(
                _("Dijawab keliru"), str(after.wrong), _("dari {n}").format(n=after.total), str(before.wrong),
                worse=after.wrong > before.wrong,
            ),
        ),
        tuple(turns),
        max(0, len(found.turned) - SHOWN),
        found.worse,
        after.total,
    )  # fmt: skip


def outcome(row: Judged) -> str:
    """What a citizen gets who writes it."""
    if row.verdict in {Verdict.RIGHT, Verdict.WRONG}:
        return _("dijawab {codes}").format(codes=_listed(row.said))
    if row.verdict is Verdict.OFFERED:
        return _("ditawari {codes}").format(codes=_listed(row.said))
    return _("ke petugas")


@dataclass(frozen=True, slots=True)
class Miss:
    """A sentence that fails: what would be right, what a citizen gets, and why that is no good."""

    key: int
    text: str
    right: str
    gets: str
    why: str
    wrong: bool


def misses(rows: Iterable[Judged]) -> list[Miss]:
    """Rows of the table."""
    return [
        Miss(row.case.key, row.case.text, right(row.case.services, row.case.sections, answer=row.case.answer),
             outcome(row), _why(row), row.verdict is Verdict.WRONG)
        for row in rows
    ]  # fmt: skip


def right(services: Sequence[str], sections: Sequence[str], *, answer: bool) -> str:
    """What is right, in one line."""
    said = [_listed(services)] if services else []
    said.append(_("dijawab sendiri") if answer else _("oleh petugas"))
    if sections:
        said.append(_("seksi {codes}").format(codes=_listed(sections)))
    return " · ".join(said)


def proposal(reply: Reply, reader: Reader, may: Container[str]) -> dict[str, str]:
    """What the form of a question begins with: the service that an officer used, else the likeliest of those that this
    officer may change, but not the one that the citizen was answered with in vain."""
    text, used = reply.inbound.shown, reply.inquiry.service
    said = {code for code, _score in reply.services[:1]} if reply.kind == ReplyKind.ANSWER else set()
    likely = [used.code] if used else []
    likely += [one.code for one in reader.read(text).services if one.code not in said]
    return {
        "service": next((code for code in likely if code in may), ""),
        "alias": alias_of(text),
        "text": anonymous(text),
    }


def _why(row: Judged) -> str:
    if row.verdict is Verdict.WRONG:
        return _("dijawab, padahal perlu petugas") if not row.case.answer else _("jawabannya layanan lain")
    return _("layanannya tidak dikenali") if not row.found else _("seksinya tidak termasuk dua usulan")


def _listed(codes: Sequence[str]) -> str:
    return _(" atau ").join(codes)


def _percent(share: float, digits: int = 0) -> str:
    return f"{share * 100:.{digits}f} %".replace(".", ",")


def _of(part: int, whole: int) -> str:
    return _("{part} dari {whole}").format(part=part, whole=whole)
