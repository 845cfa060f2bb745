"""docs/write-a-plugin.md does what it says: its commands are run, its code is imported, its test passes."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from spheres_core import app
from spheres_core.cli.main import make_group
from spheres_core.foundation import migrate
from spheres_core.foundation.plugins import build_set, discover
from spheres_core.foundation.postgres import Cluster
from spheres_core.testing import MakeHouse, database_maker, definition, house_maker
from tests.plugins.planting import plant

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "write-a-plugin.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugins' folder after the first commands of the page."""
    here = tmp_path_factory.mktemp("copied")
    shutil.copytree(ROOT / "plugins", here / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    commands, shown = blocks("sh")[0].strip().rsplit("\n", 1)
    assert shown == "spheres plugin show night_bus"
    subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=here, check=True)
    return here / "plugins"


@pytest.fixture
def make_house_with_copy(cluster: Cluster, copied: Path) -> Iterator[MakeHouse]:
    databases = database_maker(cluster)
    urls = next(databases)("copied")
    machine = discover([copied])
    migrate.migrate(urls.needed("owner"), app.components(machine))
    houses = house_maker(cluster, machine, urlsplit(urls.app).path.lstrip("/"))
    yield next(houses)
    next(houses, None)
    next(databases, None)


def test_the_copy_is_a_plugin_that_passes_the_pages_own_test(make_house_with_copy: MakeHouse, copied: Path) -> None:
    assert "regional_intake" not in "".join(p.read_text() for p in (copied / "night_bus").rglob("*.*") if p.is_file())
    story: dict[str, Any] = {}
    exec(blocks("python")[-1], story)

    story["test_the_region_gets_its_own_list"](make_house_with_copy)


def test_the_copy_and_its_original_live_side_by_side(make_house_with_copy: MakeHouse) -> None:
    house = make_house_with_copy(definition("east", "quebec", "outaouais", "night_bus", "regional_intake"))

    assert house.resident("east").plugins.left_out == {}
    assert house.refer("east").status_code == 201


def test_the_opinion_on_the_page_is_one_that_a_set_takes(make_house: MakeHouse, tmp_path: Path) -> None:
    plant(tmp_path, "an_opinion", blocks("python")[0], declares=("assess_eligibility",))
    house = make_house(
        definition("east", "quebec", "outaouais", "an_opinion"), on=discover([tmp_path, ROOT / "plugins"])
    )
    answers = house.example_answers("east")
    answers["about"]["community"] = "pontiac"
    assert house.refer("east", answers).status_code == 201

    read = house.get("/t/east/api/referrals", headers=house.bearer("east", "coordinator")).json()["items"][0]

    assert [(each["by"], each["code"]) for each in read["opinions"] if each["by"] == "an_opinion"] == [
        ("an_opinion", "no_bus")
    ]


def test_the_table_on_the_page_is_one_that_a_set_takes(tmp_path: Path) -> None:
    models = blocks("python")[1].replace("night_bus", "a_table")
    plant(tmp_path, "a_table", files={"models.py": models}, tables=["a_table_stops"])
    made = build_set(discover([tmp_path]), ["a_table"], app.rooms(), app.catalog_folder())

    assert {id_: each.msgid for id_, each in made.left_out.items()} == {}


def test_the_settings_on_the_page_are_the_plugins(copied: Path) -> None:
    said = tomllib.loads(blocks("toml")[0])

    settings = (copied / "night_bus" / "settings.py").read_text()
    assert said["plugins"][-1] == "night_bus"
    assert all(f"    {key}:" in settings for key in said["settings"]["night_bus"])


def test_every_file_and_command_the_page_names_is_there(copied: Path) -> None:
    table = PAGE.partition("## The files")[2].partition("##")[0]
    named = re.findall(r"^\| `([\w./]+?)`(?:, `([\w.]+)`)? \|", table, re.MULTILINE)
    files = [each for pair in named for each in pair if each]
    assert len(files) > 8
    assert [each for each in files if not (copied / "night_bus" / each).exists()] == []
    for place in re.findall(r"`((?:docs|tests)/[\w/.]+)`", PAGE):
        assert (ROOT / place).exists(), place
    for line in [line for block in blocks("sh") for line in block.splitlines() if line.startswith("spheres ")]:
        assert line.split()[1] in make_group().commands, line
