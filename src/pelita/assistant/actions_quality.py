"""Writes of the quality loop: what an automatic reply teaches."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from pelita.assistant import queries_quality as queries
from pelita.assistant.models import Reply, ReplyReview, Verdict
from pelita.base.errors import NotAllowedError
from pelita.catalog.actions_aliases import add_alias
from pelita.catalog.actions_evaluation import add_sentence
from pelita.catalog.errors import KnownSentenceError
from pelita.catalog.models import SentenceOrigin, Service, ServiceVersion
from pelita.catalog.sentences import Written
from pelita.journal import actions as journal
from pelita.offices.rules import Place


@transaction.atomic
def mark(*, reply: Reply, by: Place, now: datetime) -> None:
    """An officer says that the answer was wrong."""
    _review(reply, Verdict.WRONG, by, now)


@transaction.atomic
def put_away(*, reply: Reply, by: Place, now: datetime) -> None:
    """Nothing is to be learnt from it."""
    _review(reply, Verdict.PUT_AWAY, by, now)


@transaction.atomic
def learn_alias(
    *, reply: Reply, service: Service, alias: str, written: Written, by: Place, now: datetime
) -> ServiceVersion:
    """The citizen's words become an alias in the service's draft, and the sentence one of the office's set.

    Raises InvalidError as ``add_alias`` and ``add_sentence``; a sentence that is there already is no objection.
    """
    _review(reply, Verdict.LEARNT, by, now)
    version = add_alias(service=service, alias=alias, by=by, now=now)
    with suppress(KnownSentenceError):
        add_sentence(written=written, origin=SentenceOrigin.QUESTION, by=by, now=now)
    return version


@transaction.atomic
def learn_sentence(*, reply: Reply, written: Written, by: Place, now: datetime) -> None:
    """The sentence becomes one of the office's set. Raises InvalidError as ``add_sentence``."""
    _review(reply, Verdict.LEARNT, by, now)
    add_sentence(written=written, origin=SentenceOrigin.QUESTION, by=by, now=now)


def _review(reply: Reply, verdict: Verdict, by: Place, now: datetime) -> None:
    """One row a reply; whoever comes second writes over it, which harms nobody."""
    if not queries.may_teach(by) or queries.by_key(by, reply.pk) is None:
        raise NotAllowedError
    ReplyReview.objects.update_or_create(
        office=by.office, reply=reply, defaults={"verdict": verdict, "by": by.officer, "at": now}
    )
    journal.record(
        office=by.office, verb="reply.reviewed", subject=("reply", reply.pk), by=by.officer, now=now, audience=[],
        verdict=str(verdict),
    )  # fmt: skip
