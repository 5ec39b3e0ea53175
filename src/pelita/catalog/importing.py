"""Taking services from a file: a look first, which changes nothing; then drafts, all of them or none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base.errors import InvalidError, NotAllowedError, TakenError
from pelita.catalog import actions, exchange, queries, rules, workbook
from pelita.catalog.exchange import Parsed, Problem, Wanted
from pelita.catalog.models import Service, ServiceImport, ServiceVersion, VersionState
from pelita.catalog.rules import Change, Content, Item
from pelita.journal import actions as journal
from pelita.offices.models import Office, Officer, Section
from pelita.offices.rules import Place

KEPT = timedelta(days=1)
EMPTY = Content(name="", short_name="")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would become of one service. ``current``: its version that would be changed or copied; None: it is new."""

    wanted: Wanted
    section: Section
    content: Content
    current: ServiceVersion | None
    changes: tuple[Change, ...] = ()

    @property
    def new(self) -> bool:
        return self.current is None

    @property
    def drafted_by(self) -> Officer | None:
        """Who wrote the draft that would be written over; None where a new one begins."""
        return self.current.made_by if self.current and self.current.state == VersionState.DRAFT else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. With ``problems`` it does nothing. ``same``: services that it would leave as they are.

    ``digest`` names exactly this: another officer's change in between makes it another one.
    """

    outlooks: tuple[Outlook, ...]
    same: tuple[str, ...]
    problems: tuple[Problem, ...]
    digest: str

    @property
    def new(self) -> list[Outlook]:
        return [one for one in self.outlooks if one.new]

    @property
    def changed(self) -> list[Outlook]:
        return [one for one in self.outlooks if not one.new]


def parse(raw: bytes, filename: str) -> Parsed:
    """A file by its name's end. Never raises."""
    parsed = Parsed()
    if len(raw) > exchange.MAX_FILE:
        parsed.problem(_("Berkas"), _("Berkas lebih dari {n} MB.").format(n=exchange.MAX_FILE // 1_000_000))
    elif filename.lower().endswith(".json"):
        parsed = exchange.from_json(raw)
    elif filename.lower().endswith(".xlsx"):
        parsed = workbook.read(raw)
    else:
        parsed.problem(_("Berkas"), _("Pilih berkas XLSX atau JSON."))
    if not parsed.problems and not parsed.wanted:
        parsed.problem(_("Berkas"), _("Tidak ada layanan di dalamnya."))
    return parsed


# -- what there is -------------------------------------------------------------------------------------------------


def standing(office: Office) -> dict[str, tuple[Service, ServiceVersion, Content]]:
    """Every service with the version that is worked on: the open one, else what is published, else the newest.

    Four queries, whatever the catalogue's size.
    """
    services = {one.pk: one for one in Service.objects.filter(office=office).select_related("section")}
    chosen: dict[int, ServiceVersion] = {}
    versions = ServiceVersion.objects.filter(office=office).select_related("made_by")
    for version in versions.order_by("service_id", "number"):
        known = chosen.get(version.service_id)
        if known is None or _rank(version) >= _rank(known):
            chosen[version.service_id] = version
    said = queries.contents(list(chosen.values()))
    found = {}
    for pk, version in chosen.items():
        version.service = services[pk]
        found[services[pk].code] = (services[pk], version, said[version.pk])
    return dict(sorted(found.items()))


def _rank(version: ServiceVersion) -> int:
    if version.state in rules.OPEN_STATES:
        return 2
    return 1 if version.state == VersionState.PUBLISHED else 0


def export(office: Office) -> list[tuple[str, str, Content]]:
    """Everything that a file of this office holds, by code: (code, section's code, content)."""
    return [(code, service.section.code, content) for code, (service, _version, content) in standing(office).items()]


# -- what would be -------------------------------------------------------------------------------------------------


def plan(parsed: Parsed, *, by: Place) -> Plan:
    """What the file would do in the hands of this officer. Five queries."""
    problems = list(parsed.problems)
    known = standing(by.office)
    sections = {one.code: one for one in Section.objects.filter(office=by.office, active=True)}
    outlooks: list[Outlook] = []
    same: list[str] = []
    for wanted in parsed.wanted:
        try:
            found = _outlook(wanted, known.get(wanted.code), sections, by)
        except InvalidError as error:
            # What is wrong within a service was named when the file was read, by its row.
            if error.field in {"code", "section"} or not parsed.problems:
                problems.append(Problem(_at(wanted, error.field), str(error)))
            continue
        if found is None:
            same.append(wanted.code)
        else:
            outlooks.append(found)
    return Plan(tuple(outlooks), tuple(same), tuple(problems), _digest(outlooks, same))


def _at(wanted: Wanted, name: str) -> str:
    label = exchange.LABELS.get(name) or exchange.LISTS.get(name) or {"code": "Kode", "section": "Seksi"}.get(name)
    return _("{place}, kolom {column}").format(place=wanted.place, column=label) if label else wanted.place


def _outlook(
    wanted: Wanted, known: tuple[Service, ServiceVersion, Content] | None, sections: Mapping[str, Section], by: Place
) -> Outlook | None:
    """None when nothing would change. Raises InvalidError with the field."""
    if not actions.CODE.fullmatch(wanted.code) or len(wanted.code) > actions.MAX_CODE:
        raise InvalidError("code", _("Kode terdiri dari huruf dan angka dengan tanda hubung, misalnya KTP-HILANG."))
    section = known[0].section if known else sections.get(wanted.section)
    if section is None:
        choices = ", ".join(sorted(sections))
        raise InvalidError("section", _("Isi kode seksi yang ada: {choices}.").format(choices=choices))
    if known and wanted.section and wanted.section != section.code:
        said = _("Layanan ini milik {section}; seksinya tidak diubah lewat berkas.")
        raise InvalidError("section", said.format(section=section.code))
    mine = by.is_admin or section.pk in by.headed_ids
    if known is None:
        if not mine:
            raise InvalidError("section", _("Bukan seksi Anda."))
        content = actions.checked(replace(EMPTY, **wanted.values))
        return Outlook(wanted, section, content, None, tuple(rules.difference(EMPTY, content)))
    _service, version, before = known
    content = actions.checked(replace(before, **wanted.values))
    if content == actions.checked(before):
        return None
    if not mine:
        raise InvalidError("section", _("Bukan seksi Anda."))
    if version.state in {VersionState.SUBMITTED, VersionState.APPROVED}:
        raise InvalidError("code", _("Versi berikutnya sedang menunggu kepala seksi. Selesaikan itu dulu."))
    return Outlook(wanted, section, content, version, tuple(rules.difference(before, content)))


def _digest(outlooks: Sequence[Outlook], same: Sequence[str]) -> str:
    said = [(one.wanted.code, one.current and (one.current.pk, one.current.revision), one.content) for one in outlooks]
    return hashlib.sha256(repr((said, sorted(same))).encode()).hexdigest()


# -- between the look and the yes ----------------------------------------------------------------------------------


@transaction.atomic
def keep(parsed: Parsed, *, filename: str, by: Place, now: datetime) -> ServiceImport:
    """Put a file without problems aside until somebody says yes; those of yesterday are forgotten."""
    _require(by)
    ServiceImport.objects.filter(office=by.office, made_at__lt=now - KEPT).delete()
    payload = [
        {"code": one.code, "section": one.section, "place": one.place, "values": _plain(one.values)}
        for one in parsed.wanted
    ]
    return ServiceImport.objects.create(
        office=by.office, filename=filename[:120], payload=payload, made_by=by.officer, made_at=now
    )


def kept(pk: int, *, by: Place) -> ServiceImport | None:
    """The officer's own file that waits for the yes."""
    rows = ServiceImport.objects.filter(office=by.office, pk=pk, made_by=by.officer, done_at=None)
    return rows.first()


def wanted_of(row: ServiceImport) -> Parsed:
    """What it said."""
    return Parsed([Wanted(one["code"], one["section"], _back(one["values"]), one["place"]) for one in row.payload])


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(Content)}
    return {
        name: [[item.text, item.by_case, item.note] for item in value] if name in exchange.LISTS else value
        for name, value in values.items()
        if name in known
    }


def _back(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: tuple(value) if name == "aliases" else value for name, value in values.items()}
    return found | {name: tuple(Item(*one) for one in found[name]) for name in exchange.LISTS if name in found}


def _require(by: Place) -> None:
    if not rules.may_import(by):
        raise NotAllowedError


@transaction.atomic
def take(*, row: ServiceImport, digest: str, by: Place, now: datetime) -> Plan:
    """Write the drafts that were shown, all of them or none. Nothing is published by it.

    Raises TakenError when it is not the same any more as what the officer saw (``digest``), or was taken already.
    """
    _require(by)
    if not ServiceImport.objects.filter(office=by.office, pk=row.pk, done_at=None).update(done_at=now):
        raise TakenError(_("Berkas ini sudah diambil."))
    # Who writes a service holds it; whoever imports holds all of them, in one order.
    list(Service.objects.select_for_update(of=("self",)).filter(office=by.office).order_by("pk").only("pk"))
    found = plan(wanted_of(row), by=by)
    if found.problems or found.digest != digest:
        raise TakenError(_("Ada layanan yang berubah sejak berkas ini diperiksa. Periksa lagi, lalu simpan."))
    for one in found.outlooks:
        if one.current is None:
            actions.make(code=one.wanted.code, section=one.section, content=one.content, by=by, now=now)
        else:
            draft = actions.begin(service=one.current.service, by=by, now=now)
            actions.change(version=draft, content=one.content, seen=draft.revision, by=by, now=now)
    journal.record(
        office=by.office, verb="service.imported", subject=("office", by.office.pk), by=by.officer, now=now,
        new=len(found.new), changed=len(found.changed),
    )  # fmt: skip
    return found
