"""`spheres report`: what the page of a report shows, printed or as a file that only its owner reads."""

from __future__ import annotations

import csv
import io
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.database import migrations
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.cli.conftest import Spheres
from tests.spheres_core.site.test_reports import MIGRATION

RIDES = 'sa.Column("day", sa.Date()), sa.Column("line", sa.Text()), sa.Column("riders", sa.Integer())'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one plugin, whose report is about persons."""
    folder = tmp_path_factory.mktemp("reports")
    code = documented_code("extension-points.md", "## Reports").replace("night_bus", "owl_bus")
    declared = documented_code("extension-points.md", "## Reports", "toml").replace("night_bus", "owl_bus")
    migration = MIGRATION.replace("COLUMNS", RIDES).replace("ID_TABLE", "owl_bus_rides").replace("ID", "owl_bus")
    plant(
        folder, "owl_bus", "from .models import register_permissions, register_reports",
        declares=("register_permissions", "register_reports"), tables=["owl_bus_rides"], permissions=["owl_bus.read"],
        files={
            "models.py": code.replace("about_persons=False", "about_persons=True"),
            "migrations/0001_rides.py": migration,
        },
        reports=tomllib.loads(declared)["provides"]["reports"],
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, folder: Path) -> World:
    """A region in which six rode on one line in July 2026, and two on another."""
    there = discover([folder])
    made: World = make_module_world(on=there)
    migrations.migrate(made.urls.needed("owner"), app.components(there))
    made.apply(definition("north", "owl_bus"))
    for line, times in (("a", 6), ("b", 2)):
        made.sql(
            "INSERT INTO owl_bus_rides SELECT id, gen_random_uuid(), '2026-07-14', %s, 1"
            " FROM tenants, generate_series(1, %s)", line, times,
        )  # fmt: skip
    return made


@pytest.fixture
def spheres_here(
    at: Callable[[World], Spheres], world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Spheres:
    there = at(world)
    monkeypatch.setenv("SPHERES_PLUGINS", str(folder))
    return there


def test_a_report_is_listed_and_printed_with_small_groups_hidden(spheres_here: Spheres, world: World) -> None:
    said = spheres_here("report", "list", "--tenant", "north", "--json")
    assert said.code == 0, said
    listed = said.json
    run = ("report", "run", "owl_bus.rides", "--tenant", "north", "--from", "2026-07-01")
    printed = spheres_here(*run, "--to", "2026-09-30")
    as_json = spheres_here(*run, "--json").json
    as_csv = spheres_here(*run, "--format", "csv")

    assert listed == [{"name": "owl_bus.rides", "title": "Rides by month", "whole_periods": "quarter"}]
    assert printed.out.split() == [
        "Month", "Line", "Riders", "Rides", "2026-07", "Line", "A", "6", "6",
        "2026-07", "Line", "B", "fewer", "than", "5", "fewer", "than", "5",
    ]  # fmt: skip
    assert "1 group of few persons is hidden." in printed.err
    assert [each["numbers"] for each in as_json["groups"]] == [
        {"riders": 6, "count": 6},
        {"riders": None, "count": None},
    ]
    assert list(csv.reader(io.StringIO(as_csv.out.lstrip("\ufeff"))))[2] == ["2026-07", "Line B", *["fewer than 5"] * 2]
    entries = world.sql("SELECT actor_kind, details->>'as' FROM trail_entries WHERE verb = 'report.taken' ORDER BY id")
    assert entries == [("system", "text"), ("system", "json"), ("system", "csv")]


def test_a_file_is_its_owner_s_and_replaces_nothing_unasked(spheres_here: Spheres, tmp_path: Path) -> None:
    run = ("report", "run", "owl_bus.rides", "--tenant", "north", "--from", "2026-07-01", "--out")

    written = spheres_here(*run, tmp_path / "rides.xlsx")
    again = spheres_here(*run, tmp_path / "rides.xlsx")
    forced = spheres_here(*run, tmp_path / "rides.xlsx", "--force")

    assert (written.code, again.code, forced.code) == (0, 1, 0)
    assert stat.S_IMODE((tmp_path / "rides.xlsx").stat().st_mode) == 0o600
    assert (tmp_path / "rides.xlsx").read_bytes().startswith(b"PK")


def test_what_cannot_be_run_is_said(spheres_here: Spheres, tmp_path: Path) -> None:
    run = ("report", "run", "--tenant", "north", "--from", "2026-07-02")

    part = spheres_here(*run, "owl_bus.rides")
    unknown = spheres_here(*run, "owl_bus.waves")
    nowhere = spheres_here(*run, "owl_bus.rides", "--format", "xlsx")
    strange = spheres_here(*run, "owl_bus.rides", "--out", tmp_path / "rides.pdf")

    assert (part.code, unknown.code, nowhere.code, strange.code) == (1, 1, 2, 2)
    assert "Choose a whole period" in part.err
    assert "There is no such report." in unknown.err
    assert "name it with --out" in nowhere.err
