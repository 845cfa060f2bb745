"""What is wrong with one plugin is said, and stops nobody else: not its neighbours, not the regions, not the core."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.plugins.planting import plant
from tests.spheres_core.cli.conftest import Spheres

REVISION = """revision = '{id}_{number:04}'
down_revision = {before}

def upgrade():
    {does}

def downgrade():
    pass
"""
FORMLESS = """slug = "north"
name = {{fr = "Nord", en = "North"}}
languages = ["fr-CA", "en-CA"]
time_zone = "America/Toronto"
hosts = []
illustrative = true
plugins = [{plugins}]
"""


def revision(id_: str, does: str, number: int = 1) -> str:
    before = None if number == 1 else f"'{id_}_{number - 1:04}'"
    return REVISION.format(id=id_, does=does, number=number, before=before)


def region(folder: Path, *plugins: str) -> Path:
    path = folder / "north.toml"
    path.write_text(FORMLESS.format(plugins=", ".join(f'"{each}"' for each in plugins)), encoding="utf-8")
    return path


def test_a_plugin_that_cannot_be_migrated_is_left_out_and_everything_else_goes_on(
    at_home: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = tmp_path / "plugins"
    plant(plugins, "whole_one", files={"migrations/0001_first.py": revision("whole_one", "pass")})
    plant(plugins, "failing_one", files={"migrations/0001_first.py": revision("failing_one", "raise ValueError('no')")})
    plant(plugins, "damaged_one", files={"migrations/0001_first.py": "revision = ("})
    plant(plugins, "misnamed_one", files={"migrations/0001_first.py": revision("whole_one", "pass")})
    monkeypatch.setenv("SPHERES_PLUGINS", str(plugins))

    migrated = at_home("migrate")
    standing = {each["component"]: each["state"] for each in at_home("migrate", "--status", "--json").json}
    applied = at_home("tenant", "apply", region(tmp_path, "whole_one", "failing_one"), "--yes")
    served = at_home("worker", "--once")

    assert migrated.code == 1
    assert "failing_one" in migrated.err
    assert standing == {
        "core": "current", "jobs": "current", "whole_one": "current",
        "failing_one": "new", "damaged_one": "damaged", "misnamed_one": "damaged",
    }  # fmt: skip
    assert applied.code == 0, applied
    assert served.code == 0, served
    for id_ in ("failing_one", "damaged_one", "misnamed_one"):
        assert f"{id_} is left out" in served.err
    assert "whole_one is left out" not in served.err


def test_a_new_version_is_previewed_before_it_is_migrated(
    at_home: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = tmp_path / "plugins"
    plant(plugins, "grows", files={"migrations/0001_first.py": revision("grows", "pass")})
    monkeypatch.setenv("SPHERES_PLUGINS", str(plugins))
    at_home("migrate")
    at_home("tenant", "apply", region(tmp_path, "grows"), "--yes")
    assert at_home("tenant", "plugin", "preview", "--tenant", "north", "grows").code == 0

    later = plugins / "grows" / "migrations" / "0002_second.py"
    later.write_text(revision("grows", "pass", 2))
    hooks = plugins / "grows" / "plugin.toml"
    hooks.write_text(hooks.read_text().replace('version = "1.0"', 'version = "1.1"'))
    seen = at_home("tenant", "plugin", "preview", "--tenant", "north", "grows", "--json").json
    at_home("migrate")
    after = at_home("tenant", "plugin", "preview", "--tenant", "north", "grows", "--json").json

    assert seen["version"] == "1.1"
    assert "spheres migrate" in seen["left_out"]
    assert after["left_out"] is None


OPEN_ROUTE = """
@get("/open")
async def stands_open() -> str:
    return ""

@hookimpl
def register_controllers():
    return [stands_open]
"""
MADE_UP_ROLE = """
@hookimpl
def register_permissions():
    return [Permission("made_up_role.read", {"fr": "Oui", "en": "Yes"}, ("head_of_everything",))]
"""


@pytest.mark.parametrize(
    ("id_", "hooks", "provides", "said"),
    [
        ("open_route", OPEN_ROUTE, {"declares": ("register_controllers",), "routes": True}, "has no guard"),
        (
            "unpublished_import", "from spheres_core.foundation.encryption import Keyring\n", {},
            "is not published for plugins",
        ),
        (
            "made_up_role", MADE_UP_ROLE,
            {"declares": ("register_permissions",), "permissions": ["made_up_role.read"]},
            "head_of_everything is no role",
        ),
    ],
)  # fmt: skip
def test_what_would_fail_later_is_found_by_the_checks_without_a_database(
    spheres: Spheres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    id_: str,
    hooks: str,
    provides: dict[str, Any],
    said: str,
) -> None:
    plant(tmp_path / "plugins", id_, hooks, **provides)
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path / "plugins"))
    file = region(tmp_path, id_)

    checked = spheres("check", "--tenants", tmp_path)
    offline = spheres("tenant", "check", file, "--offline")

    assert (checked.code, offline.code) == (1, 1)
    assert said in checked.out
    assert said in offline.err


def test_tenants_files_are_those_of_the_working_directory(
    spheres: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert "tenants/" not in spheres("check").out

    (tmp_path / "tenants").mkdir()
    region(tmp_path / "tenants")
    assert "tenants/north.toml" in spheres("check").out
