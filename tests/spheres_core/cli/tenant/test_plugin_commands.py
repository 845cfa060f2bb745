"""`spheres tenant plugin`: what it would do, on, off, purged."""

from __future__ import annotations

import json
import re
import shlex
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.spheres_core.cli.conftest import ROOT, Spheres

PLUGIN = "regional_intake"
TABLE = "regional_intake_travel_questions"


@pytest.fixture
def region(at_home: Spheres) -> Spheres:
    """Commands where there is one region, without that plugin."""
    assert at_home("migrate").code == 0
    assert at_home("tenant", "apply", "tenants/montreal.toml", "--yes").code == 0
    return at_home


def plugin(region: Spheres, what: str, *more: str | Path, tenant: str = "montreal", id: str = PLUGIN) -> Any:
    return region("tenant", "plugin", what, "--tenant", tenant, id, *more)


def active(region: Spheres) -> dict[str, bool]:
    return {each["id"]: each["active"] for each in region("tenant", "show", "montreal", "--json").json["plugins"]}


def test_a_plugin_is_looked_at_switched_and_purged(region: Spheres, tmp_path: Path) -> None:
    preview = plugin(region, "preview", "--json")
    assert (preview.code, preview.json["action"], preview.json["problems"]) == (0, "on", [])
    assert preview.json["tables"] == [{"table": TABLE, "rows": 0}]
    assert PLUGIN not in active(region)

    done = {"ok": True, "plugin": PLUGIN, "state": "on", "changed": True, "outdated": []}
    assert plugin(region, "on", "--json").json == done
    assert plugin(region, "on", "--json").json["changed"] is False
    assert active(region)[PLUGIN] is True
    early = plugin(region, "purge", "--json", "--to", tmp_path / "early")
    assert (early.code, early.json["ok"]) == (1, False)
    assert not (tmp_path / "early").exists()

    copied = plugin(region, "export", tmp_path / "copy.zip", "--json")
    assert (copied.code, copied.json["tables"][0]["table"]) == (0, TABLE), copied
    assert stat.S_IMODE((tmp_path / "copy.zip").stat().st_mode) == 0o600
    again = plugin(region, "export", tmp_path / "copy.zip", "--json")
    assert (again.code, again.json["ok"]) == (1, False)
    assert plugin(region, "export", tmp_path / "none.zip", "--json", id="outaouais").code == 1
    assert not (tmp_path / "none.zip").exists()

    assert plugin(region, "off").code == 0
    assert active(region)[PLUGIN] is False
    purged = plugin(region, "purge", "--json", "--to", tmp_path / "out")
    assert purged.code == 0, purged
    assert [(each["table"], each["before"], each["after"]) for each in purged.json["tables"]] == [(TABLE, 0, 0)]
    assert json.loads((tmp_path / "out" / "proof.json").read_text())["plugin"] == PLUGIN
    assert PLUGIN not in active(region)
    assert plugin(region, "purge", "--json").code == 1


def test_a_plugin_that_others_need_stays_on_and_says_why_in_the_readers_language(region: Spheres) -> None:
    said = plugin(region, "off", "--language", "fr", id="quebec")

    assert said.code == 1
    assert "Nécessite le plugiciel Québec" in said.err
    looked = plugin(region, "preview", "--json", id="quebec")
    assert (looked.code, [each["plugin"] for each in looked.json["problems"]]) == (1, ["montreal"])


def test_a_purge_asks_and_where_nobody_is_there_it_does_not_happen(region: Spheres) -> None:
    assert plugin(region, "purge").code == 2


def test_what_is_not_there_is_said(region: Spheres) -> None:
    assert plugin(region, "on", id="nothing").code == 1
    assert plugin(region, "on", tenant="nobody").code == 1


def test_a_person_reads_the_preview_as_a_table(region: Spheres) -> None:
    said = plugin(region, "preview")

    assert said.code == 0
    for word in ("Regional intake", "assess_eligibility", TABLE, "/travel-questions"):
        assert word in said.out


def test_the_commands_of_the_page_do_what_it_says(region: Spheres, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "run-it.md").read_text()
    block = re.search(r"\*\*Switch a plugin\*\*.*?```sh\n(.*?)```", page, re.DOTALL)
    assert block is not None
    for line in block[1].splitlines():
        for name in ("purged", "copy.zip"):
            line = line.replace(f" {name}", f" {tmp_path / name}")
        said = region(*shlex.split(line)[1:])
        assert said.code == 0, said
    assert {each.name for each in (tmp_path / "purged").iterdir()} == {f"{TABLE}.jsonl", "proof.json"}
