"""The office's people and hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pelita.offices import queries, rules
from pelita.offices.actions import WrongPasswordError, change_password, seed_office
from pelita.offices.models import Duty, Office, Officer, OpenHours, Role, Section, Village

PASSWORD = "lampu-minyak-4821"


@pytest.fixture
def office(db: None, moment: datetime) -> Office:
    return seed_office(password=PASSWORD, now=moment)


def officer(username: str) -> Officer:
    return Officer.objects.select_related("office").get(username=username)


def test_seed_is_kemlagi_and_can_be_repeated(office: Office, moment: datetime) -> None:
    again = seed_office(password="lain-sekali-1234", now=moment + timedelta(days=400))
    assert again.pk == office.pk
    assert (office.code, office.region_code, office.verified) == ("kemlagi", "35.16.15", False)
    assert Village.objects.filter(office=office).count() == 20
    assert Village.objects.filter(office=office, name__startswith="Mojo").count() == 12
    assert Section.objects.filter(office=office).count() == 6
    assert {d.role for d in Duty.objects.filter(office=office)} == set(Role)
    assert officer("admin").check_password(PASSWORD)


def test_place_follows_dated_duties(office: Office, moment: datetime) -> None:
    kesra = officer("kesra")
    today = moment.date()
    admin = Duty.objects.create(
        office=office,
        officer=kesra,
        role=Role.ADMIN,
        standing="plh",
        starts_on=today,
        ends_on=today + timedelta(days=1),
    )
    assert queries.place_of(kesra, now=moment).is_admin
    assert queries.place_of(kesra, now=moment + timedelta(days=1)).is_admin
    later = queries.place_of(kesra, now=moment + timedelta(days=2))
    assert not later.is_admin
    assert later.works_in_section
    assert not queries.place_of(kesra, now=moment - timedelta(days=1)).roles
    assert rules.running(admin, today)


def test_a_day_ends_in_the_offices_own_time(office: Office, moment: datetime) -> None:
    """18.00 UTC is already tomorrow in Mojokerto: a duty that ended today is over."""
    kesra = officer("kesra")
    Duty.objects.create(
        office=office, officer=kesra, role=Role.ADMIN, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24)
    )
    assert not queries.place_of(kesra, now=moment.replace(hour=18)).is_admin
    assert queries.place_of(kesra, now=moment.replace(hour=16)).is_admin


def test_who_sees_what(office: Office, moment: datetime) -> None:
    sections = {s.code: s.pk for s in Section.objects.filter(office=office)}
    admin, kesra, camat = (queries.place_of(officer(name), now=moment) for name in ("admin", "kesra", "camat"))
    operator = queries.place_of(officer("operator"), now=moment)
    assert admin.sees_section(sections["KESRA"])
    assert camat.sees_section(None)
    assert kesra.sees_section(sections["KESRA"])
    assert not kesra.sees_section(sections["PMD"])
    assert not kesra.sees_section(None)
    assert not operator.sees_section(sections["KESRA"])
    assert admin.audience is None
    assert kesra.audience == {sections["KESRA"]}


def test_change_password(office: Office) -> None:
    person = officer("kesra")
    with pytest.raises(WrongPasswordError):
        change_password(officer=person, old="salah", new="beras-kencur-77")
    with pytest.raises(ValidationError):
        change_password(officer=person, old=PASSWORD, new="12345678")
    with pytest.raises(ValidationError, match="berbeda"):
        change_password(officer=person, old=PASSWORD, new=PASSWORD)
    change_password(officer=person, old=PASSWORD, new="beras-kencur-77")
    assert officer("kesra").check_password("beras-kencur-77")


def test_impossible_rows_are_refused(office: Office) -> None:
    person = officer("kesra")
    day = date(2026, 1, 1)
    for fields in (
        {"role": Role.OFFICER, "starts_on": day},
        {"role": Role.ADMIN, "starts_on": day, "ends_on": day - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.create(office=office, officer=person, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpenHours.objects.create(office=office, weekday=0, opens="16:00", closes="08:00")


def test_open_and_closed(office: Office, moment: datetime) -> None:
    hours, tz = queries.hours(office), rules.zone(office)
    assert rules.is_open(hours, moment, tz)  # Tuesday 10.00
    assert not rules.is_open(hours, moment.replace(hour=5, minute=30), tz)  # 12.30, break
    assert not rules.is_open(hours, moment + timedelta(days=4), tz)  # Saturday
    following = rules.next_working_day(hours, date(2026, 11, 27), tz)
    assert following is not None
    assert following.opens.strftime("%A %H:%M") == "Monday 07:30"
