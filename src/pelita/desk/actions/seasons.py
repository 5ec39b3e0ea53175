"""An office says on which days its Ramadan table holds. What has a deadline keeps it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from pelita.desk.actions.hours import require, told
from pelita.desk.errors import InvalidError
from pelita.offices.models import Office, Season, Timetable
from pelita.offices.rules import Place, zone

LONGEST = 35  # days; a month of the moon has 30, and some offices add the days before Idulfitri
MOST_AHEAD = 12
MAX_SOURCE = 200


@transaction.atomic
def set_season(
    *, season: int | None, starts_on: date, ends_on: date, source: str, by: Place, now: datetime
) -> Season:  # fmt: skip
    """Add a season, or change one that is not over. Both days included.

    Raises InvalidError beside a field for days that are over, the wrong way round, too many, or another season's; for a
    season that runs, whose first day stays; and without a source (who decided it).
    """
    require(by)
    Office.objects.select_for_update().get(pk=by.office.pk)
    today = _today(by, now)
    rows = Season.objects.filter(office=by.office, kind=Timetable.RAMADAN)
    row = rows.filter(pk=season, ends_on__gte=today).first() if season else None
    if season and row is None:
        raise InvalidError("starts_on", "Masa itu sudah lewat. Yang lewat tidak diubah.")
    _check(row, starts_on, ends_on, source, today)
    others = rows.exclude(pk=season) if season else rows
    other = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if other is not None:
        raise InvalidError(
            "starts_on", f"Bertumpuk dengan {other.starts_on:%d-%m-%Y} sampai {other.ends_on:%d-%m-%Y}. Ubah yang itu."
        )
    if row is None and rows.filter(ends_on__gte=today).count() >= MOST_AHEAD:
        raise InvalidError("starts_on", f"Paling banyak {MOST_AHEAD} masa ke depan.")
    found = row or Season(office=by.office, kind=Timetable.RAMADAN)
    found.starts_on, found.ends_on, found.source = starts_on, ends_on, source.strip()[:MAX_SOURCE]
    found.save()
    told(by, now, "hours.season_set", season=found.pk, starts_on=str(starts_on), ends_on=str(ends_on))
    return found


@transaction.atomic
def end_season(*, season: int, by: Place, now: datetime) -> Season | None:
    """A season that has not begun is taken away; of one that runs, yesterday was the last day, or it is taken away when
    it began today. None when there is none (any more)."""
    require(by)
    today = _today(by, now)
    rows = Season.objects.select_for_update().filter(office=by.office, kind=Timetable.RAMADAN, ends_on__gte=today)
    found = rows.filter(pk=season).first()
    if found is None:
        return None
    if found.starts_on >= today:
        Season.objects.filter(office=by.office, pk=found.pk).delete()
    else:
        found.ends_on = today - timedelta(days=1)
        found.save(update_fields=["ends_on"])
    told(by, now, "hours.season_ended", season=season)
    return found


def _check(row: Season | None, starts_on: date, ends_on: date, source: str, today: date) -> None:
    if ends_on < starts_on:
        raise InvalidError("ends_on", "Hari terakhir mendahului hari pertama.")
    if ends_on < today:
        raise InvalidError("ends_on", "Hari terakhirnya sudah lewat.")
    if (ends_on - starts_on).days >= LONGEST:
        raise InvalidError("ends_on", f"Lebih dari {LONGEST} hari. Periksa tanggalnya.")
    if row is not None and row.starts_on < today and starts_on != row.starts_on:
        raise InvalidError("starts_on", "Sudah berjalan, jadi hari pertamanya tidak diubah.")
    if not source.strip():
        raise InvalidError("source", "Tulis dasarnya, misalnya surat edaran bupati.")


def _today(by: Place, now: datetime) -> date:
    return now.astimezone(zone(by.office)).date()
