"""A PostgreSQL server that the administrator runs and DATABASE_URL names."""

from __future__ import annotations

import psycopg

from pelita.config.postgres.errors import PostgresError

OLDEST = 15  # major version


def check(url: str) -> int:
    """The server's major version. Raises PostgresError when it cannot be reached or is older than OLDEST.

    The address itself is never repeated: it may hold a password.
    """
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise PostgresError(
            "Basis data di DATABASE_URL tidak dapat dihubungi. Periksa alamat, nama, dan kata sandinya. "
            f"/ The database at DATABASE_URL cannot be reached ({type(error).__name__})."
        ) from None
    if version < OLDEST:
        raise PostgresError(
            f"Basis data di DATABASE_URL adalah PostgreSQL {version}; PELITA MASSA memerlukan PostgreSQL "
            f"{OLDEST} atau lebih baru. / PostgreSQL {OLDEST} or newer is required, this one is {version}."
        )
    return version
