"""Writes of the catalogue: a service, and its versions on their way to the citizen (docs/decisions/0028)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.catalog import matching, queries, rules
from pelita.catalog.actions_examples import carry
from pelita.catalog.errors import WorseError
from pelita.catalog.examples import carried
from pelita.catalog.models import Requirement, Service, ServiceVersion, Step, VersionState
from pelita.catalog.queries_evaluation import would_be
from pelita.catalog.rules import Content, Item, Move
from pelita.journal import actions as journal
from pelita.offices.models import Officer, Section
from pelita.offices.rules import Place, zone

CODE = re.compile(r"[A-Z0-9]{2,12}(-[A-Z0-9]{1,12}){0,2}")
MAX_CODE = 24
TAKEN = "Layanan ini baru saja diubah orang lain. Buka lagi, lalu ulangi bila masih perlu."
VERBS = {
    Move.SUBMIT: "service.submitted",
    Move.RETURN: "service.returned",
    Move.APPROVE: "service.approved",
    Move.PUBLISH: "service.published",
    Move.WITHDRAW: "service.withdrawn",
    Move.DROP: "service.dropped",
}


@transaction.atomic
def make(*, code: str, section: Section, content: Content, by: Place, now: datetime) -> ServiceVersion:
    """A new service with its first draft. Raises InvalidError when the code is taken or something cannot be kept."""
    code = code.strip().upper()
    service = Service(office=by.office, code=code, section=section, name=content.name, created_at=now)
    if section.office_id != by.office.pk or not rules.may_edit(by, service):
        raise NotAllowedError
    if len(code) > MAX_CODE or not CODE.fullmatch(code):
        raise InvalidError("code", "Kode terdiri dari huruf dan angka dengan tanda hubung, misalnya KTP-HILANG.")
    content = checked(content)
    service.name, service.words = content.name, _words(code, content)
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError:
        raise InvalidError("code", f"Kode {code} sudah dipakai layanan lain.") from None
    version = _write(service, 1, content, by, now)
    _tell(service, version, "service.made", by, now)
    return version


@transaction.atomic
def begin(*, service: Service, by: Place, now: datetime) -> ServiceVersion:
    """The next version as a draft: a copy of what is published, else of the last one. The open one, if there is one."""
    if not rules.may_edit(by, service):
        raise NotAllowedError
    _hold(service)
    versions = list(ServiceVersion.objects.filter(office=by.office, service=service).order_by("-number"))
    for one in versions:
        if one.state in rules.OPEN_STATES:
            return one
    base = next((one for one in versions if one.state == VersionState.PUBLISHED), versions[0])
    content = queries.content_of(base)
    version = _write(service, versions[0].number + 1, content, by, now)
    carry(source=base, target=version, places={at: at for at in range(len(content.requirements))})
    _tell(service, version, "service.begun", by, now)
    return version


@transaction.atomic
def change(*, version: ServiceVersion, content: Content, seen: int, by: Place, now: datetime) -> None:
    """Write a draft anew. Raises TakenError when it is no draft any more, or was changed since ``seen``."""
    service = version.service
    if not rules.may_edit(by, service):
        raise NotAllowedError
    content = checked(content)
    _hold(service)
    won = ServiceVersion.objects.filter(
        office=by.office, pk=version.pk, revision=seen, state=VersionState.DRAFT
    ).update(revision=F("revision") + 1, made_by=by.officer, made_at=now, **_columns(content))
    if won != 1:
        raise TakenError(TAKEN)
    version.revision = seen + 1
    old = Requirement.objects.filter(office=by.office, version=version).order_by("position")
    said, new = list(old.values_list("text", flat=True)), [one.text for one in content.requirements]
    for rows in (Requirement, Step):
        rows.objects.filter(office=by.office, version=version).delete()
    _write_items(version, content)
    carry(source=version, target=version, places=carried(said, new, range(len(said))))
    _show(service)
    _tell(service, version, "service.changed", by, now)


def submit(*, version: ServiceVersion, seen: int, by: Place, now: datetime) -> None:
    """Ask the head of its section. Raises InvalidError with what is missing."""
    _complete(version)
    _move(version, Move.SUBMIT, seen, by, now, submitted_by=by.officer, submitted_at=now, reason="")


def send_back(*, version: ServiceVersion, reason: str, seen: int, by: Place, now: datetime) -> None:
    """The head wants it otherwise: a draft again, with the reason beside it."""
    reason = " ".join(reason.split())[:1000]
    if not reason and rules.may_approve(by, version.service):
        raise InvalidError("reason", "Tulis apa yang perlu diperbaiki.")
    _move(version, Move.RETURN, seen, by, now, reason=reason, approved_by=None, approved_at=None, checked_on=None)


def approve(*, version: ServiceVersion, seen: int, by: Place, now: datetime) -> None:
    """The head says that it holds, and has looked today. Raises InvalidError with what is missing."""
    _complete(version)
    today = now.astimezone(zone(by.office)).date()
    _move(version, Move.APPROVE, seen, by, now, approved_by=by.officer, approved_at=now, checked_on=today)


@transaction.atomic
def publish(*, version: ServiceVersion, seen: int, by: Place, now: datetime, worse_ok: bool = False) -> None:
    """From now on citizens get this version; the one before stays readable in its history.

    Raises WorseError when the office's sentences fare worse with it, unless ``worse_ok``: somebody saw which.
    """
    _hold(version.service)
    if not rules.may_publish(by, version.service):
        raise NotAllowedError
    comparison = would_be(version)
    worse = comparison is not None and comparison.worse
    if comparison is not None and worse and not worse_ok:
        raise WorseError(comparison)
    ServiceVersion.objects.filter(office=by.office, service=version.service_id, state=VersionState.PUBLISHED).update(
        state=VersionState.REPLACED, ended_at=now, revision=F("revision") + 1
    )
    _move(version, Move.PUBLISH, seen, by, now, told={"worse": True} if worse else {}, published_at=now)
    # Somebody of the office looked at it: no sample any more.
    Service.objects.filter(office=by.office, pk=version.service_id).update(sample=False)


def withdraw(*, version: ServiceVersion, seen: int, by: Place, now: datetime) -> None:
    """Citizens get it no more, and nothing in its place."""
    _move(version, Move.WITHDRAW, seen, by, now, ended_at=now)


def drop(*, version: ServiceVersion, seen: int, by: Place, now: datetime) -> None:
    """A draft that nobody wants. It stays in the history."""
    _move(version, Move.DROP, seen, by, now, ended_at=now)


@transaction.atomic
def confirm(*, version: ServiceVersion, seen: int, by: Place, now: datetime) -> None:
    """The head looked at it again: what citizens get still holds. Raises TakenError when they get it no more."""
    service = version.service
    if not rules.may_approve(by, service):
        raise NotAllowedError
    rows = ServiceVersion.objects.filter(office=by.office, pk=version.pk, revision=seen, state=VersionState.PUBLISHED)
    today = now.astimezone(zone(by.office)).date()
    if rows.update(checked_on=today, revision=F("revision") + 1) != 1:
        raise TakenError(TAKEN)
    _tell(service, version, "service.confirmed", by, now)


@transaction.atomic
def appoint_liaison(*, service: Service, officer: Officer | None, by: Place, now: datetime) -> None:
    """Whom to ask about it. An officer of the same office, or nobody."""
    if not rules.may_edit(by, service) or (officer and officer.office_id != by.office.pk):
        raise NotAllowedError
    Service.objects.filter(office=by.office, pk=service.pk).update(liaison=officer)
    journal.record(
        office=by.office, verb="service.liaison", subject=("service", service.pk), by=by.officer, now=now,
        audience=[service.section_id], officer=officer.pk if officer else None,
    )  # fmt: skip


@transaction.atomic
def _move(
    version: ServiceVersion, move: Move, seen: int, by: Place, now: datetime, *,
    told: Mapping[str, Any] = MappingProxyType({}), **changes: Any,
) -> None:  # fmt: skip
    service = version.service
    if not rules.may_make(by, move, service):
        raise NotAllowedError
    _hold(service)
    allowed, state = rules.MOVES[move]
    won = ServiceVersion.objects.filter(office=by.office, pk=version.pk, revision=seen, state__in=allowed).update(
        state=state, revision=F("revision") + 1, **changes
    )
    if won != 1:
        raise TakenError(TAKEN)
    version.refresh_from_db(from_queryset=ServiceVersion.objects.filter(office=by.office).select_related("service"))
    _show(service)
    _tell(service, version, VERBS[move], by, now, **told)


def _complete(version: ServiceVersion) -> None:
    lacks = rules.missing(queries.content_of(version))
    if lacks:
        raise InvalidError("content", f"Belum lengkap: {', '.join(lacks)}.")


def _hold(service: Service) -> None:
    """Two who change one service stand in line."""
    Service.objects.select_for_update(of=("self",)).get(office=service.office_id, pk=service.pk)


def _show(service: Service) -> None:
    """Lists read the name and the words of what is published, else of the newest version."""
    versions = ServiceVersion.objects.filter(office=service.office_id, service=service)
    shown = versions.filter(state=VersionState.PUBLISHED).first() or versions.order_by("-number").first()
    if shown is not None:
        Service.objects.filter(office=service.office_id, pk=service.pk).update(
            name=shown.name,
            words=matching.search_words(service.code, shown.name, shown.short_name, shown.aliases),
        )


def _words(code: str, content: Content) -> str:
    return matching.search_words(code, content.name, content.short_name, content.aliases)


def _write(service: Service, number: int, content: Content, by: Place, now: datetime) -> ServiceVersion:
    version = ServiceVersion.objects.create(
        office_id=service.office_id, service=service, number=number, made_by=by.officer, made_at=now,
        **_columns(content),
    )  # fmt: skip
    _write_items(version, content)
    return version


def _write_items(version: ServiceVersion, content: Content) -> None:
    Requirement.objects.bulk_create(requirements(version, content))
    Step.objects.bulk_create(steps(version, content))


def requirements(version: ServiceVersion, content: Content) -> list[Requirement]:
    """The rows of the requirements, not stored yet."""
    return [
        Requirement(
            office_id=version.office_id, version=version, position=at, text=one.text, by_case=one.by_case, note=one.note
        )
        for at, one in enumerate(content.requirements)
    ]


def steps(version: ServiceVersion, content: Content) -> list[Step]:
    """The rows of the procedure, not stored yet."""
    return [
        Step(office_id=version.office_id, version=version, position=at, text=one.text, note=one.note)
        for at, one in enumerate(content.steps)
    ]


def _columns(content: Content) -> dict[str, Any]:
    found = {name: getattr(content, name) for name in queries.COLUMNS}
    return {**found, "aliases": list(content.aliases)}


def _tell(service: Service, version: ServiceVersion, verb: str, by: Place, now: datetime, **more: Any) -> None:
    journal.record(
        office=by.office, verb=verb, subject=("service", service.pk), by=by.officer, now=now,
        audience=[service.section_id], service=service.code, number=version.number, **more,
    )  # fmt: skip


def checked(content: Content) -> Content:
    """Trimmed, and within what the tables and a message can hold. Raises InvalidError with the field."""
    texts = {name: getattr(content, name).strip() for name in queries.TEXTS}
    for name, most in (("name", rules.MAX_NAME), ("short_name", rules.MAX_SHORT), ("decided_by", 120)):
        texts[name] = " ".join(getattr(content, name).split())
        if len(texts[name]) > most:
            raise InvalidError(name, f"Paling panjang {most} huruf.")
    for name in ("name", "short_name"):
        if not texts[name]:
            raise InvalidError(name, "Isi namanya.")
    for name, text in texts.items():
        if len(text) > rules.MAX_PART:
            raise InvalidError(name, f"Kelebihan {len(text) - rules.MAX_PART} huruf.")
    aliases = tuple(dict.fromkeys(" ".join(one.split()) for one in content.aliases if one.strip()))
    if len(aliases) > rules.MAX_ALIASES or any(len(one) > rules.MAX_ALIAS for one in aliases):
        raise InvalidError(
            "aliases", f"Paling banyak {rules.MAX_ALIASES} sebutan, masing-masing paling panjang {rules.MAX_ALIAS}."
        )
    items = {name: _checked_items(name, getattr(content, name)) for name in ("requirements", "steps")}
    return replace(content, **texts, **items, aliases=aliases)  # type: ignore[arg-type]  # keys are fields of Content


def _checked_items(name: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    kept = tuple(
        replace(one, text=" ".join(one.text.split()), note=" ".join(one.note.split()))
        for one in items
        if one.text.strip()
    )
    if len(kept) > rules.MAX_ITEMS:
        raise InvalidError(name, f"Paling banyak {rules.MAX_ITEMS} butir.")
    for at, one in enumerate(kept, 1):
        if max(len(one.text), len(one.note)) > rules.MAX_ITEM:
            raise InvalidError(name, f"Butir {at} paling panjang {rules.MAX_ITEM} huruf.")
    return kept
