"""Databases to copy from: made once for the same code, another for other code, and open to nobody."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

from spheres_core.foundation.database.components import CORE, JOBS, Component, MigrationFailed
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import MakeDatabase, write_plugin
from spheres_core.testing.databases import TEMPLATES, drop_template, old_templates
from spheres_core.testing.migrated_templates import migrated_template, template_mark

ID: Final = "kept_tables"
REVISION: Final = """
from alembic import op

revision, down_revision = "kept_tables_0001", None

def upgrade():
    op.execute("{statement}")

def downgrade():
    pass
"""
WITH_A_TABLE: Final = "CREATE TABLE kept_tables_notes AS SELECT '{what}' AS what"
Template = Callable[..., str]


def component(folder: Path, statement: str) -> Component:
    """A component whose only revision says this."""
    files = {"migrations/0001_notes.py": REVISION.replace("{statement}", statement)}
    return Component(ID, scripts=write_plugin(folder, ID, files, tier="code") / "migrations")


@pytest.fixture
def template(cluster: Cluster, tmp_path: Path) -> Iterator[Template]:
    """`template("CREATE TABLE …")`: the template for a component whose only revision says this, beside others."""
    made: set[str] = set()

    def make(statement: str, *others: Component) -> str:
        name = migrated_template(cluster, [*others, component(tmp_path, statement)])
        made.add(name)
        return name

    yield make
    for each in made:
        drop_template(cluster, each)


def kept(cluster: Cluster) -> dict[str, int]:
    """Each database to copy from, with its number, which it has for as long as it lives."""
    with cluster.superuser() as db:
        return dict(db.execute("SELECT datname, oid::bigint FROM pg_database WHERE datistemplate").fetchall())


def test_the_same_code_is_migrated_once_and_other_code_once_more(
    cluster: Cluster, fresh_database: MakeDatabase, template: Template
) -> None:
    first = template(WITH_A_TABLE.format(what="first"))
    before = kept(cluster)

    assert template(WITH_A_TABLE.format(what="first")) == first
    assert kept(cluster)[first] == before[first]

    second = template(WITH_A_TABLE.format(what="second"))
    assert second != first
    for name, what in ((first, "first"), (second, "second")):
        with psycopg.connect(fresh_database("copy", template=name).needed("owner")) as db:
            assert db.execute("SELECT what FROM kept_tables_notes").fetchall() == [(what,)]


def test_the_tables_of_the_core_are_made_once_for_all_plugins(
    cluster: Cluster, fresh_database: MakeDatabase, template: Template
) -> None:
    of_the_core = TEMPLATES + template_mark([CORE, JOBS])
    first = template(WITH_A_TABLE.format(what="first"), CORE, JOBS)
    before = kept(cluster)
    second = template(WITH_A_TABLE.format(what="second"), CORE, JOBS)

    assert kept(cluster)[of_the_core] == before[of_the_core]
    for name, what in ((first, "first"), (second, "second")):
        with psycopg.connect(fresh_database("copy", template=name).needed("owner")) as db:
            assert db.execute("SELECT what FROM kept_tables_notes").fetchall() == [(what,)]
            assert db.execute("SELECT count(*) FROM tenants, procrastinate_jobs").fetchall() == [(0,)]
    with psycopg.connect(fresh_database("copy", template=of_the_core).needed("owner")) as db:
        assert db.execute("SELECT to_regclass('kept_tables_notes')").fetchall() == [(None,)]


def test_whatever_the_tables_are_made_from_is_in_the_name(tmp_path: Path) -> None:
    first = component(tmp_path, "SELECT 1")
    names = [template_mark([first]), template_mark([CORE, first]), template_mark([first, CORE])]

    (tmp_path / ID / "models.py").write_text("NAME = 'notes'")
    names.append(template_mark([first]))
    component(tmp_path, "SELECT 2")
    names.append(template_mark([first]))
    assert len(set(names)) == len(names)

    (tmp_path / ID / "tests").mkdir()
    (tmp_path / ID / "tests" / "test_notes.py").write_text("")
    assert template_mark([first]) == names[-1]


def test_nobody_can_change_what_others_copy_from(cluster: Cluster, template: Template) -> None:
    name = template("SELECT 1")

    for url in (cluster.urls(name).needed("superuser"), cluster.urls(name).app):
        with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
            psycopg.connect(url)


def test_nothing_is_kept_of_what_cannot_be_migrated(cluster: Cluster, tmp_path: Path) -> None:
    wrong = component(tmp_path, "SELECT * FROM nowhere")

    with pytest.raises(MigrationFailed):
        migrated_template(cluster, [wrong])

    assert TEMPLATES + template_mark([wrong]) not in kept(cluster)
    assert not [name for name in cluster.databases() if name.startswith(f"t{os.getpid()}_") and "draft" in name]


def test_those_that_were_asked_for_last_are_kept(cluster: Cluster, template: Template) -> None:
    older, newer = template("SELECT 1"), template("SELECT 2")

    def order() -> list[str]:
        return [name for name in old_templates(cluster, most=0) if name in (older, newer)]

    assert order() == [newer, older]
    template("SELECT 1")
    assert order() == [older, newer]
    assert older not in old_templates(cluster, most=100)
    assert len(old_templates(cluster, most=1)) < len(old_templates(cluster, most=0))
