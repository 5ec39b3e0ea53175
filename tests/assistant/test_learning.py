"""The whole loop: a question that the number could not answer, one tap, the head's word, and the next citizen."""

from __future__ import annotations

from pelita.assistant import actions_quality
from pelita.assistant import queries_quality as quality
from pelita.assistant.models import ReplyKind, ReplyOutcome
from pelita.assistant.queries_quality import Why
from pelita.catalog import actions as catalog
from pelita.catalog import queries_evaluation
from pelita.catalog.models import Service
from pelita.catalog.sentences import Written
from tests.assistant.conftest import Town

ASKED = "badhe damel kertas kintir niku pripun"


def test_what_was_not_answered_is_answered_the_next_time(town: Town) -> None:
    town.writes(ASKED)
    admin, head = town.place("admin"), town.place("pemerintahan")
    assert town.replies()[-1].kind == ReplyKind.PERSON
    # The citizen of a wrong answer says so; here a person marks what went to a person.
    actions_quality.mark(reply=town.replies()[-1], by=admin, now=town.now)
    [reply] = quality.replies(admin, Why.MARKED, now=town.now).rows
    service = Service.objects.get(office=town.office, code="TANAH-KET")
    version = actions_quality.learn_alias(
        reply=reply, service=service, alias="kertas kintir", written=Written(ASKED, ("TANAH-KET",), answer=True),
        by=admin, now=town.now,
    )  # fmt: skip
    assert quality.replies(admin, Why.MARKED, now=town.now).rows == []
    # Not before its head has said so.
    town.writes(ASKED, who="ID.101")
    assert town.replies()[-1].kind == ReplyKind.PERSON
    comparison = queries_evaluation.would_be(version)
    assert comparison is not None
    assert (comparison.before.right, comparison.after.right, comparison.worse) == (0, 1, False)
    for step in (catalog.submit, catalog.approve, catalog.publish):
        step(version=version, seen=version.revision, by=head, now=town.now)
    town.writes(ASKED, who="ID.102")
    last = town.replies()[-1]
    assert (last.kind, last.versions) == (ReplyKind.ANSWER, [version.pk])


def test_belum_menjawab_is_in_the_list(town: Town) -> None:
    town.writes("ktp kulo ical, nopo mawon syarate?")
    town.taps("asisten:belum", "Belum menjawab")
    admin = town.place("admin")
    [reply] = quality.replies(admin, Why.NOT_ANSWERED, now=town.now).rows
    assert (reply.kind, reply.outcome) == (ReplyKind.ANSWER, ReplyOutcome.NOT_ANSWERED)
    assert quality.replies(admin, Why.ANSWERED, now=town.now).rows == []
