"""A database that was started again costs nobody a page."""

from __future__ import annotations

from threading import Barrier, Thread

import psycopg
from django.db import connection


def hold(count: int) -> None:
    """Fill the pool: so many threads use a connection at the same time, then give it back."""
    barrier = Barrier(count)

    def use() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        barrier.wait(10)
        connection.close()

    threads = [Thread(target=use) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def end_all_connections() -> int:
    """As a crash of the database would; returns how many there were."""
    name = connection.settings_dict["NAME"]
    settings = connection.settings_dict
    with psycopg.connect(
        dbname="postgres", user=settings["USER"], host=settings["HOST"], port=settings["PORT"], autocommit=True
    ) as admin:
        rows = admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        ).fetchall()
    return len(rows)


def test_no_request_fails_after_a_restart(transactional_db: None) -> None:
    hold(5)
    connection.close()
    assert end_all_connections() >= 5
    for _ in range(6):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        connection.close()
