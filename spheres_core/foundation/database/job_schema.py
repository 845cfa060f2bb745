"""The tables of the job queue, as a component: procrastinate's own SQL, at the version that is installed.

Its file names sort by version. An empty database gets the whole schema and is marked with the last file; later files
are applied one by one, each in a transaction of its own.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from spheres_core.foundation.postgres.roles import APP

VERSION_TABLE: Final = "jobs_version"
_TABLES: Final = (
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)


class JobSchema:
    """The steps of the `jobs` component. They go forward only: procrastinate publishes no way back."""

    requires: Final[dict[str, str]] = {}

    def head(self) -> str:
        """Returns the name of the newest migration of the installed procrastinate, e.g. `03.04.00_50_post_…`."""
        return self._files()[-1].stem

    def upgrade(self, connection: sa.Connection, current: str | None) -> Iterator[str]:
        """Brings the schema to the head; yields each step before it is taken."""
        if current is None:
            yield f"the whole schema of procrastinate {importlib.metadata.version('procrastinate')}"
            self._apply(connection, self._folder() / "schema.sql", self.head())
            return
        for file in self._files():
            if file.stem > current:
                yield file.stem
                self._apply(connection, file, file.stem)

    def _apply(self, connection: sa.Connection, file: Path, version: str) -> None:
        with connection.begin():
            # The driver's own cursor: SQLAlchemy would look for parameters in the text.
            connection.connection.cursor().execute(file.read_text(encoding="utf-8"))
            for table in _TABLES:
                rights = f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP}"
                connection.execute(sa.text(rights))
                connection.execute(sa.text(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {APP}"))
            connection.execute(sa.text(f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version_num text PRIMARY KEY)"))
            connection.execute(sa.text(f"DELETE FROM {VERSION_TABLE}"))
            connection.execute(sa.text(f"INSERT INTO {VERSION_TABLE} VALUES (:version)"), {"version": version})

    def _files(self) -> list[Path]:
        return sorted((self._folder() / "migrations").glob("*.sql"), key=lambda file: file.stem)

    def _folder(self) -> Path:
        spec = importlib.util.find_spec("procrastinate")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("procrastinate is not installed")
        return Path(spec.origin).parent / "sql"
