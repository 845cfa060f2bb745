"""`spheres plugin downgrade`: back to an earlier version's tables, after a look, and never without an archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.plugins.planting import plant
from tests.spheres_core.cli.conftest import Spheres
from tests.spheres_core.cli.server.test_faults_of_one_plugin import region, revision

TABLE = """create_tenant_table(
        op, "goes_back_stops", sa.Column("tenant_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Integer()),
        sa.PrimaryKeyConstraint("tenant_id", "id"))
    op.execute("INSERT INTO goes_back_stops SELECT id, 7 FROM tenants")"""
HEAD = "import sqlalchemy as sa\nfrom alembic import op\nfrom spheres_core.plugin import create_tenant_table\n"
ADD = 'op.add_column("goes_back_stops", sa.Column("name", sa.Text()))'
MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table, Text, Uuid
metadata = MetaData()
Table("goes_back_stops", metadata, Column("tenant_id", Uuid(), primary_key=True),
      Column("id", Integer(), primary_key=True), Column("name", Text()))
"""


def test_it_goes_back_with_an_archive_and_not_without(
    at_home: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = HEAD + revision("goes_back", TABLE).replace("pass\n", 'op.drop_table("goes_back_stops")\n')
    second = HEAD + "since = '0.2'\n" + revision("goes_back", ADD, 2)
    second = second.replace("    pass\n", '    op.drop_column("goes_back_stops", "name")\n')
    plant(
        tmp_path / "plugins", "goes_back", tables=["goes_back_stops"],
        files={"migrations/0001_stops.py": first, "migrations/0002_name.py": second, "models.py": MODELS},
    )  # fmt: skip
    at_home("migrate")
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path / "plugins"))
    at_home("tenant", "apply", region(tmp_path), "--yes")
    migrated = at_home("migrate")
    assert migrated.code == 0, migrated
    at_home("tenant", "plugin", "on", "--tenant", "north", "goes_back", "--yes")

    looked = at_home("plugin", "downgrade", "goes_back", "--to", "0.1", "--dry-run", "--json").json
    on = at_home("plugin", "downgrade", "goes_back", "--to", "0.1", "--archive", tmp_path / "a.zip")
    at_home("tenant", "plugin", "off", "--tenant", "north", "goes_back", "--yes")
    bare = at_home("plugin", "downgrade", "goes_back", "--to", "0.1")
    unknown = at_home("plugin", "downgrade", "goes_back", "--to", "newest", "--archive", tmp_path / "a.zip")
    standing = {each["component"]: each["current"] for each in at_home("migrate", "--status", "--json").json}

    assert looked["steps"] == ["goes_back_0002"]
    assert looked["rows"] == {"north": {"goes_back_stops": 1}}
    assert [each.code for each in (on, bare, unknown)] == [1, 1, 1]
    assert "is on for north" in on.err
    assert "archive" in bare.err
    assert standing["goes_back"] == "goes_back_0002", "nothing of that changed anything"

    done = at_home("plugin", "downgrade", "goes_back", "--to", "0.1", "--archive", tmp_path / "a.zip")

    assert done.code == 0, done
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert b'"id":7' in archive.read("north/goes_back_stops.jsonl").replace(b" ", b"")
    standing = {each["component"]: each["current"] for each in at_home("migrate", "--status", "--json").json}
    assert standing["goes_back"] == "goes_back_0001"
    again = at_home("plugin", "downgrade", "goes_back", "--to", "0.1")
    assert "already" in again.out
