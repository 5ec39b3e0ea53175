"""What citizens call a service, learnt from their words. It changes answers, and so a head approves it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from pelita.base import language
from pelita.base.errors import InvalidError, NotAllowedError
from pelita.catalog import actions, queries, rules
from pelita.catalog.models import Service, ServiceVersion, VersionState
from pelita.offices.rules import Place

MOST_WORDS, LEAST_LETTERS = 6, 3
_LETTERS = re.compile(r"[^\W\d_]")


@transaction.atomic
def add_alias(*, service: Service, alias: str, by: Place, now: datetime) -> ServiceVersion:
    """Put it into the service's draft, which is begun if there is none; the head approves it like every other change.

    Raises InvalidError when it is no alias, another service's already, or a version waits for its head.
    """
    if by.office.pk != service.office_id or not rules.may_edit(by, service):
        raise NotAllowedError
    alias = _checked(alias)
    key = frozenset(language.normalise(alias))
    for other, aliases in queries.published(by.office).values_list("service__code", "aliases"):
        if any(frozenset(language.normalise(one)) == key for one in aliases):
            raise InvalidError("alias", f"Sebutan ini sudah dipakai {other}.")
    version = actions.begin(service=service, by=by, now=now)
    if version.state != VersionState.DRAFT:
        raise InvalidError(
            "alias", f"Versi {version.number} sedang menunggu persetujuan. Tambahkan sebutan ini sesudah terbit."
        )
    content = queries.content_of(version)
    if alias.casefold() not in {one.casefold() for one in content.aliases}:
        wanted = replace(content, aliases=(*content.aliases, alias))
        actions.change(version=version, content=wanted, seen=version.revision, by=by, now=now)
    return version


def _checked(alias: str) -> str:
    alias = " ".join(alias.split()).strip(" .,!?").lower()
    if len(_LETTERS.findall(alias)) < LEAST_LETTERS or not language.normalise(alias):
        raise InvalidError("alias", "Tulis sebutannya, misalnya ktp ilang.")
    if any(letter.isdecimal() for letter in alias):
        raise InvalidError("alias", "Tanpa angka.")
    if len(alias.split()) > MOST_WORDS or len(alias) > rules.MAX_ALIAS:
        raise InvalidError("alias", f"Paling panjang {MOST_WORDS} kata dan {rules.MAX_ALIAS} huruf.")
    return alias
