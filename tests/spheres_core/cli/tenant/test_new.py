"""`spheres tenant new`: a region's file that is valid at once, teaches, and never takes another's place."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import pytest

from tests.spheres_core.cli.conftest import ROOT, Spheres
from tests.spheres_core.cli.plugin.test_new import Keyboard


@pytest.fixture
def elsewhere(spheres: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spheres:
    """Commands in an empty folder, with the plugins of this repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPHERES_PLUGINS", str(ROOT / "plugins"))
    return spheres


def test_flags_make_a_file_that_passes_the_check(elsewhere: Spheres) -> None:
    said = elsewhere(
        "tenant",
        "new",
        "far-north",
        "--name-fr",
        "Grand « Nord »",
        "--name-en",
        'Far "North"',
        "--plugins",
        "quebec, outaouais",
        "--time-zone",
        "America/Halifax",
        "--host",
        "far.example.org",
        "--yes",
    )
    path = Path("tenants/far-north.toml")
    read = tomllib.loads(path.read_text(encoding="utf-8"))

    assert said.code == 0, said
    assert read == {
        "slug": "far-north",
        "name": {"fr": "Grand « Nord »", "en": 'Far "North"'},
        "languages": ["fr-CA", "en-CA"],
        "time_zone": "America/Halifax",
        "hosts": ["far.example.org"],
        "illustrative": False,
        "plugins": ["quebec", "outaouais"],
    }
    assert elsewhere("tenant", "check", path, "--offline").code == 0


def test_each_setting_stands_there_with_its_default_and_holds_once_its_mark_is_taken_away(elsewhere: Spheres) -> None:
    elsewhere("tenant", "new", "far-north", "--plugins", "quebec,outaouais,regional_intake", "--yes")
    path = Path("tenants/far-north.toml")
    text = path.read_text(encoding="utf-8")

    assert "# [settings.referrals]\n# minimum_age = 12\n" in text
    assert '# [settings.regional_intake]\n# other_law_communities = ["ontario"]\n' in text
    head, _, settings = text.partition("# [settings.")
    path.write_text(head + "[settings." + settings.replace("\n# ", "\n"), encoding="utf-8")
    said = elsewhere("tenant", "check", path, "--offline")
    assert said.code == 0, said


def test_it_teaches_in_the_readers_language(elsewhere: Spheres) -> None:
    elsewhere("--language", "fr", "tenant", "new", "far-north", "--yes")

    assert "# Ce que les gens lisent, dans chaque langue.\nname = {" in Path("tenants/far-north.toml").read_text()


def test_what_is_not_given_is_asked(elsewhere: Spheres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(["en-CA", "The Coast", "", "quebec"]))

    said = elsewhere("tenant", "new", "coast")
    read = tomllib.loads(Path("tenants/coast.toml").read_text())

    assert said.code == 0, said
    assert (read["name"], read["languages"], read["time_zone"], read["plugins"]) == (
        {"en": "The Coast"}, ["en-CA"], "America/Toronto", ["quebec"],
    )  # fmt: skip
    assert "montreal" in said.err


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["far-north", "--plugins", "nothing_here"], "The plugin nothing_here is not installed on this machine."),
        (["far-north", "--plugins", "outaouais"], "It requires the plugin Québec, version 0.1 or later."),
        (["far-north", "--time-zone", "Nowhere"], "Nowhere is not a time zone"),
        (["far-north", "--languages", "tlh"], "The language tlh"),
        (["far-north", "--host", "not a host"], "not a host is not a host name."),
        (["Far_North"], "Far_North: a region’s name in addresses is small letters"),
    ],
)
def test_what_would_not_be_valid_is_refused_and_nothing_is_written(
    elsewhere: Spheres, flags: list[str], sentence: str
) -> None:
    said = elsewhere("tenant", "new", *flags, "--yes")

    assert said.code == 1
    assert sentence in said.err
    assert os.listdir() == []


def test_a_file_that_is_there_stays(elsewhere: Spheres) -> None:
    elsewhere("tenant", "new", "far-north", "--yes")
    before = Path("tenants/far-north.toml").read_text()

    said = elsewhere("tenant", "new", "far-north", "--name-en", "Other", "--yes", "--json")

    assert (said.code, said.json["ok"]) == (1, False)
    assert Path("tenants/far-north.toml").read_text() == before
