"""Help comes from the table of commands: in both languages, at once, and for every command that there is."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys

import pytest
import rich_click as click

from spheres_core import cli
from spheres_core.cli import main
from spheres_core.cli.command_table import COMMANDS
from spheres_core.cli.help import Group, Summary
from spheres_core.foundation.languages import localization
from tests.spheres_core.cli.conftest import ROOT, Spheres

HEAVY = {
    *("alembic", "asyncpg", "granian", "jinja2", "litestar", "openpyxl", "procrastinate", "psycopg", "pytest"),
    *("pyxform", "sqlalchemy", "structlog", "typst", "uvloop", "xlsxwriter"),
}
LIGHT = ("cli", "facts", "foundation.content", "foundation.deployment", "foundation.errors", "foundation.languages",
         "hook_versions")  # fmt: skip
"""The packages of `spheres_core` that help may import from."""
MOST = 25
"""Modules of `spheres_core` that help may import."""
ASKED = (["--help"], ["--help", "--language", "fr"], ["--version"], ["plugin", "--help"], ["nothing"])
MODULES_OF_RUNS = """
import json, sys
from spheres_core.cli import main
codes = [main.run(arguments) for arguments in json.loads(sys.argv[1])]
print(json.dumps([codes, sorted(sys.modules)]), file=sys.stderr)
"""


def test_help_imports_no_command_and_no_heavy_library() -> None:
    """In one process: what none of them may import, all of them together have not imported."""
    ran = subprocess.run(
        [sys.executable, "-c", MODULES_OF_RUNS, json.dumps(ASKED)],
        cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin", "LANG": "en_CA.UTF-8"},
    )  # fmt: skip

    codes, modules = json.loads(ran.stderr.splitlines()[-1])
    assert codes == [0, 0, 0, 0, 2]
    assert HEAVY.intersection(modules) == set()
    ours = [each.removeprefix("spheres_core.") for each in modules if each.startswith("spheres_core.")]
    assert [
        each for each in ours if each != "foundation" and not f"{each}.".startswith(tuple(f"{e}." for e in LIGHT))
    ] == []
    assert {f"cli.{entry.target.partition(':')[0]}" for entry in COMMANDS.values()}.isdisjoint(ours)
    assert len(ours) <= MOST


def test_every_command_that_is_written_stands_in_the_table_and_the_other_way_round() -> None:
    written = {
        f"{module.name.removeprefix('spheres_core.cli.')}:{each.callback.__name__}"
        for module in pkgutil.walk_packages(cli.__path__, "spheres_core.cli.")
        for each in vars(importlib.import_module(module.name)).values()
        if isinstance(each, click.Command) and each.callback and each.callback.__module__ == module.name
    }

    assert written == {entry.target for entry in COMMANDS.values() if entry.target}


@pytest.mark.parametrize("path", [path for path, entry in COMMANDS.items() if entry.target])
def test_a_summary_says_what_its_command_says(path: str) -> None:
    summary: click.Command = main.make_group()
    for name in path.split():
        assert isinstance(summary, Group)
        summary = summary.commands[name]

    assert isinstance(summary, Summary)
    command = summary.load()
    assert (command.name, command.help) == (summary.name, COMMANDS[path].help)


@pytest.mark.parametrize("path", ["", *COMMANDS])
def test_every_command_has_help_in_both_languages(spheres: Spheres, path: str) -> None:
    said, dit = spheres(*path.split(), "--help"), spheres(*path.split(), "--help", "--language", "fr")

    assert (said.code, dit.code) == (0, 0)
    assert "Usage:" in said.out
    assert "Show this help." in said.out
    assert "Utilisation" in dit.out
    for english in ("Usage", "Show this", "Examples", "Commands", "Answer as"):
        assert english not in dit.out
    if path and COMMANDS[path].target:
        assert "--json" in said.out
        assert "Examples" in said.out


def test_each_group_lists_what_its_commands_do_in_the_readers_language(spheres: Spheres) -> None:
    french = localization.read_catalog(
        localization.core_catalog_folder() / localization.REGISTRY["fr-CA"].catalog / "LC_MESSAGES" / "spheres.po"
    )
    for group in ("", *(path for path, entry in COMMANDS.items() if not entry.target)):
        said = " ".join(spheres(*group.split(), "--help", "--language", "fr").out.replace("│", " ").split())
        for path, entry in COMMANDS.items():
            if path.rpartition(" ")[0] == group:
                (sentence,) = french.find("", entry.help) or ("missing",)
                assert " ".join(sentence.split()) in said, path
