"""What is added to the journal is told at once: each fact, in one notification for each office and statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from pelita.journal.actions import record_all
from pelita.journal.models import Fact
from pelita.offices.models import Office
from pelita.web.live import heard


def facts(office: Office, count: int, now: datetime) -> list[Fact]:
    return [Fact(office=office, at=now, verb="x", subject_type="x", subject_id=n, data={}) for n in range(count)]


def test_each_fact_is_told_and_long_lists_in_parts(transactional_db: None, moment: datetime) -> None:
    offices = [
        Office.objects.create(code=code, name=code, regency="R", region_code=code, code_prefix="AAA") for code in "ab"
    ]
    settings: Any = connection.get_connection_params()
    address = {name: settings[name] for name in ("dbname", "user", "host", "port", "password") if settings.get(name)}
    added = [*facts(offices[0], 800, moment), *facts(offices[1], 1, moment)]
    with psycopg.connect(**address, autocommit=True) as ear:
        ear.execute("LISTEN pelita_journal")
        with transaction.atomic():
            record_all(added)
        notices = [one.payload for one in ear.notifies(timeout=5, stop_after=4)]
    assert len(notices) == 4  # 350, 350 and 100 of the one, 1 of the other
    assert max(map(len, notices)) < 8000
    told = [fact for notice in notices for fact in heard(notice)]
    assert sorted(told) == sorted((fact.office_id, fact.pk) for fact in added)


def test_what_is_no_notice_of_ours_is_not_heard() -> None:
    assert heard("7:101,102") == [(7, 101), (7, 102)]
    assert heard("7:101") == [(7, 101)]
    assert [heard(one) for one in ("", ":", "x:1", "7:", "7:x,", "7")] == [[]] * 6
