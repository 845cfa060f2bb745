"""Connections as the owner of the tables, and the lock under which migrations run."""

import contextlib
from collections.abc import Iterator
from typing import Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from spheres_core.foundation.database.components import MigrationRefused
from spheres_core.foundation.postgres.errors import PostgresUnavailable
from spheres_core.foundation.postgres.progress import Report
from spheres_core.foundation.postgres.roles import OWNER

LOCK: Final = 0x5048_4552_4553
"""Key of the advisory lock under which migrations run."""
_LOCK_TIMEOUT: Final = "30s"


@contextlib.contextmanager
def connect_as_owner(url: str) -> Iterator[sa.Connection]:
    """Yields a connection as the owner, whatever login the address has: what is created belongs to the owner."""
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url, connect_timeout=20, application_name="spheres migrate"),
        poolclass=NullPool,
    )
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        raise PostgresUnavailable(f"The database does not answer: {error.orig}") from error
    with connection:
        try:
            connection.execute(sa.text(f"SET ROLE {OWNER}"))
        except sa.exc.DBAPIError as error:
            raise MigrationRefused(f"Migrations run as {OWNER}, and this login may not do so: {error.orig}") from error
        connection.commit()
        yield connection


@contextlib.contextmanager
def migration_lock(connection: sa.Connection, report: Report) -> Iterator[None]:
    """Holds the lock under which migrations run; it ends with the connection at the latest."""
    if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))):
        report("Another migration is running; waiting for it …")
        connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
    # Whoever holds a table for long must not make everyone wait behind us.
    connection.execute(sa.text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
        connection.execute(sa.text("RESET lock_timeout"))
        connection.commit()
