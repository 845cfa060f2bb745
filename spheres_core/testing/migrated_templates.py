"""Databases with every table, kept in the test cluster to copy from: what is unchanged is migrated once, not each run.

A template's name holds a hash of all that it was made from: whatever changes, another one is made. What plugins add is
migrated on a copy of one with the core's tables, which are most of them. The last run that uses the cluster drops those
that were not asked for lately.
"""

import datetime as dt
import fcntl
import hashlib
import importlib.metadata
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from psycopg import Connection, sql

import spheres_core
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import CORE, JOBS, Component
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing.databases import TEMPLATES, database_maker

LIBRARIES: Final = ("alembic", "procrastinate", "psycopg", "sqlalchemy")
"""Libraries that write tables, beside our own code."""
OURS: Final = (CORE.name, JOBS.name)
"""Components that every database has."""


def migrated_template(cluster: Cluster, components: Sequence[Component]) -> str:
    """Returns the full name of a database with the tables of these components, made unless it is there.

    Nobody can connect to it, so that it stays as it was made. Of processes that want the same one, the first makes it.
    Raises MigrationFailed as `migrate` does; nothing is kept then.
    """
    with open(cluster.home / "templates.lock", "w") as lock, cluster.superuser() as db:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _kept(cluster, db, components)


def _kept(cluster: Cluster, db: Connection, components: Sequence[Component]) -> str:
    """Returns the name of that database, for whoever holds the lock."""
    name = f"{TEMPLATES}{template_mark(components)}"
    called = sql.Identifier(name)
    if db.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        ours = [each for each in components if each.name in OURS]
        begun = _kept(cluster, db, ours) if 0 < len(ours) < len(components) else None
        with database_maker(cluster) as make_database:
            urls = make_database("draft", template=begun)
            migrations.migrate(urls.needed("owner"), components)
            draft = urlsplit(urls.app).path.lstrip("/")
            db.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), called))
    db.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false").format(called))
    now = sql.Literal(dt.datetime.now(dt.UTC).isoformat())
    db.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(called, now))
    return name


def template_mark(components: Sequence[Component]) -> str:
    """Returns a hash of all that the tables of these components are made from: code, libraries, order."""
    found = hashlib.sha256()
    for library in LIBRARIES:
        found.update(f"{library} {importlib.metadata.version(library)}\n".encode())
    for root in [Path(spheres_core.__file__).parent, *(each.scripts.parent for each in components if each.scripts)]:
        for path in _sources(root):
            found.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    for each in components:
        found.update(f"{each.name} {each.version_table} {each.requires} {each.numbered}\n".encode())
    return found.hexdigest()[:32]


def _sources(root: Path) -> Iterator[Path]:
    """Yields the Python files below a folder, in order; a plugin's tests and hidden folders make no tables."""
    for place, folders, files in os.walk(root):
        folders[:] = sorted(each for each in folders if each not in ("tests", "__pycache__") and each[0] != ".")
        yield from (Path(place, each) for each in sorted(files) if each.endswith(".py"))
