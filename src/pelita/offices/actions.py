"""Writes of the office and its people."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from pelita.offices.models import (
    Duty,
    Office,
    Officer,
    OpenHours,
    Season,
    Section,
    Standing,
    Timetable,
    Village,
    WorkHours,
)

DATA = resources.files("pelita.offices") / "data"


class WrongPasswordError(ValueError):
    """The present password was not the officer's."""


@transaction.atomic
def change_password(*, officer: Officer, old: str, new: str) -> None:
    """Set a new password. Raises WrongPasswordError, or Django's ValidationError with sentences for the person."""
    if not officer.check_password(old):
        raise WrongPasswordError("Kata sandi yang sekarang tidak cocok.")
    if new == old:
        raise ValidationError("Kata sandi baru harus berbeda dari yang sekarang.")
    validate_password(new, user=officer)
    officer.set_password(new)
    officer.must_change_password = False
    officer.save(update_fields=["password", "must_change_password"])


def finish_tour(*, officer: Officer, now: datetime) -> None:
    """The introduction is not offered again. The first time counts; a second one changes nothing."""
    Officer.objects.filter(pk=officer.pk, tour_seen_at=None).update(tour_seen_at=now)


def seed_definition(name: str = "kemlagi") -> dict[str, Any]:
    """The packaged sample office. Samples are unverified: every screen and figure says so until the office checks."""
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@transaction.atomic
def seed_office(*, password: str, now: datetime, name: str = "kemlagi") -> Office:
    """Make the sample office with sections, villages, hours and an officer for each role; again changes nothing.

    ``password`` is set on officers that are made now; existing ones keep theirs.
    """
    definition = seed_definition(name)
    fields = definition["office"]
    office, _ = Office.objects.get_or_create(code=fields["code"], defaults=fields)
    sections = _seed_sections(office, definition["sections"])
    _seed_hours(office, definition["hours"])
    seed_work_hours(office=office)
    _seed_villages(office, name)
    # One slow hash for all: the samples share one password anyway.
    sealed = make_password(password)
    for row in definition["officers"]:
        _seed_officer(office, row, sections, sealed, now.date())
    return office


def _seed_sections(office: Office, rows: list[dict[str, Any]]) -> dict[str, Section]:
    found = {}
    for position, row in enumerate(rows):
        defaults = {**row, "position": position}
        found[row["code"]], _ = Section.objects.filter(office=office).get_or_create(
            office=office, code=row["code"], defaults=defaults
        )
    return found


def _seed_hours(office: Office, rows: list[dict[str, Any]]) -> None:
    if OpenHours.objects.filter(office=office).exists():
        return
    OpenHours.objects.bulk_create(
        OpenHours(office=office, weekday=day, opens=opens, closes=closes)
        for row in rows
        for day in row["weekdays"]
        for opens, closes in row["stretches"]
    )


@transaction.atomic
def seed_work_hours(*, office: Office) -> None:
    """Give an office the working time of Perpres 21/2023 and the coming Ramadans, unless it has any of its own."""
    rows = json.loads((DATA / "work-hours.json").read_text(encoding="utf-8"))
    if not WorkHours.objects.filter(office=office).exists():
        WorkHours.objects.bulk_create(
            WorkHours(office=office, season=season, weekday=day, opens=opens, closes=closes)
            for season in Timetable.values
            for row in rows[season]
            for day in row["weekdays"]
            for opens, closes in row["stretches"]
        )
    if not Season.objects.filter(office=office).exists():
        Season.objects.bulk_create(Season(office=office, **row) for row in rows["seasons"])


def _seed_villages(office: Office, name: str) -> None:
    with (DATA / f"{name}-villages.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if row and row[0] != office.region_code]
    Village.objects.bulk_create(
        [Village(office=office, region_code=code, name=village) for code, village in rows], ignore_conflicts=True
    )


def _seed_officer(office: Office, row: dict[str, Any], sections: dict[str, Section], sealed: str, today: date) -> None:
    officer = Officer.objects.filter(username=row["username"]).first()
    if officer:
        return
    officer = Officer(office=office, username=row["username"], full_name=row["full_name"], title=row["title"])
    officer.password = sealed
    officer.save()
    for duty in row["duties"]:
        Duty.objects.create(
            office=office,
            officer=officer,
            role=duty["role"],
            standing=duty.get("standing", Standing.DEFINITIVE),
            section=sections[duty["section"]] if "section" in duty else None,
            starts_on=today,
        )
