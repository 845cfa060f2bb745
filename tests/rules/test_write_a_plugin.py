"""docs/write-a-plugin.md does what it says: its commands are run in an empty folder, its code is taken by a set."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from spheres_core import app
from spheres_core.cli import main
from spheres_core.forms.queries import forms_of
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import MakeWorld, definition
from tests.homes import lay_home
from tests.plugins.planting import plant

pytestmark = pytest.mark.usefixtures("short_hook_deadline_throughout", "unhurried_conformance")


ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "write-a-plugin.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


class Reader:
    """Somebody who has only the page, in an empty folder.

    Commands of ours that begin a line are run in this process, because starting one for each would take half a minute.
    """

    def __init__(self, here: Path) -> None:
        self.here = here / "work"
        self.home = here / "home"
        self.databases = here / "databases"
        programs = here / "bin"
        for folder in (self.here, programs):
            folder.mkdir()
        (programs / "pytest").write_text(f"#!{sys.executable}\nimport sys, pytest\nsys.exit(pytest.main())\n")
        (programs / "pytest").chmod(0o755)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "en_CA.UTF-8",
            "SPHERES_HOME": str(self.home),
            "SPHERES_TEST_DATABASES": str(self.databases),
        }

    def type(self, commands: str) -> str:
        """What is seen on the screen. Fails when a command does."""
        seen, waiting = [], ""
        for line in commands.splitlines(keepends=True):
            if line.startswith("spheres "):
                seen += [self._in_bash(waiting), self._ours(line)]
                waiting = ""
            else:
                waiting += line
        return "".join([*seen, self._in_bash(waiting)])

    def _ours(self, line: str) -> str:
        said, _, otherwise = line.partition(" || ")
        screen = io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.here)
            for name in [name for name in os.environ if name.startswith(("SPHERES_", "LC_", "COLUMNS"))]:
                patch.delenv(name)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
                code = main.run(shlex.split(said)[1:])
        structlog.reset_defaults()
        if code and otherwise:
            return screen.getvalue() + self._in_bash(otherwise)
        assert code == 0, f"{line}\n{screen.getvalue()}"
        return screen.getvalue()

    def _in_bash(self, commands: str) -> str:
        if not commands.strip():
            return ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPHERES_", "LC_", "PYTEST"))}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands], cwd=self.here, env=kept | self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        return done.stdout


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, list[str]]]:
    """The page read to its end: what each of its blocks of commands showed."""
    reader = Reader(tmp_path_factory.mktemp("reader"))
    lay_home(reader.home)
    lay_home(reader.home / "checking")
    lay_home(reader.databases / "18")
    yield reader, [reader.type(commands) for commands in blocks("sh")]
    Cluster(reader.home).stop()


def test_who_reads_the_page_comes_from_an_empty_folder_to_gold_twice(screens: tuple[Reader, list[str]]) -> None:
    _, (pack, changed, region, code, grown, declared, given) = screens

    assert "far_shore: gold" in pack
    assert "The form can be used" in changed
    assert "questions.referrer.referrer_name.labels.en: Your name → What may we call you?" in changed
    assert "far-shore: nothing stands against it." in region
    assert "Applied: far-shore." in region
    assert "1 passed" in code
    assert "not yet" in grown
    assert "export_person" in grown
    assert "night_bus: gold" in declared
    assert "night_bus: on" in given
    assert "far_communities" in given


def test_every_file_and_command_the_page_names_is_there(screens: tuple[Reader, list[str]]) -> None:
    reader, _ = screens
    for plugin, tier, part in (("far_shore", "## A pack", 0), ("night_bus", "## A code plugin", 0)):
        table = PAGE.partition(f"{tier}\n")[2].partition("\n## ")[part]
        files = re.findall(r"^\| `([\w./]+?)` \|", table, re.MULTILINE)
        assert len(files) > 5
        assert [each for each in files if not (reader.here / "plugins" / plugin / each).exists()] == []
    for place in re.findall(r"`((?:docs|tests)/[\w/.]+\.\w+)`", PAGE):
        assert (ROOT / place).exists() or (reader.here / "plugins" / "night_bus" / place).exists(), place
    for link in re.findall(r"\]\(([\w-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / link).is_file(), link
    commands = main.make_group().commands
    typed = [line for each in (*blocks("sh"), *blocks("console")) for line in each.splitlines()]
    for line in [line for line in typed if line.startswith("spheres ")]:
        words = line.split()[1:3]
        assert words[0] in commands, line
        below: Any = getattr(commands[words[0]], "commands", None)
        assert below is None or words[1] in below, line


def test_what_runs_until_it_is_stopped_is_tried_elsewhere() -> None:
    """`spheres plugin dev` in cli/plugin/test_dev.py, `spheres serve` in cli/server/test_demo.py."""
    assert "".join(blocks("console")).splitlines() == ["spheres plugin dev plugins/far_shore", "spheres serve"]


def test_the_opinion_on_the_page_is_one_that_a_set_takes(make_world: MakeWorld, tmp_path: Path) -> None:
    plant(tmp_path, "an_opinion", blocks("python")[0], declares=("assess_eligibility",))
    world = make_world(
        definition("east", "quebec", "outaouais", "an_opinion"), on=discover([tmp_path, ROOT / "plugins"])
    )
    answers = world.example_answers("east")
    answers["about"]["community"] = "pontiac"
    assert world.refer("east", answers).status_code == 201

    read = world.get("/t/east/api/referrals", headers=world.bearer("east", "coordinator")).json()["items"][0]

    assert [(each["by"], each["code"]) for each in read["opinions"] if each["by"] == "an_opinion"] == [
        ("an_opinion", "no_bus")
    ]


def test_the_table_on_the_page_is_one_that_a_set_takes(tmp_path: Path) -> None:
    models = blocks("python")[1].replace("night_bus", "a_table")
    plant(tmp_path, "a_table", files={"models.py": models}, tables=["a_table_stops"])
    made = build_set(discover([tmp_path]), ["a_table"], app.rooms(), app.catalog_folder())

    assert {id_: each.msgid for id_, each in made.left_out.items()} == {}


def test_the_hooks_about_one_person_on_the_page_are_taken(tmp_path: Path) -> None:
    plant(tmp_path, "a_person", blocks("python")[2], declares=("export_person", "erase_person"))
    made = build_set(discover([tmp_path]), ["a_person"], app.rooms(), app.catalog_folder())

    assert {id_: each.msgid for id_, each in made.left_out.items()} == {}


def test_the_questions_on_the_page_are_asked_and_their_hooks_are_taken(tmp_path: Path) -> None:
    (form,) = blocks("markdown")
    code = blocks("python")[3].replace("night_bus", "a_question")
    files = {"forms/on_need.md": form.replace("night_bus", "a_question")}
    hooks = ("check_need", "suggest_goals", "show_plan")
    plant(tmp_path, "a_question", code, declares=hooks, files=files, content=[*files])
    made = build_set(discover([tmp_path]), ["a_question"], app.rooms(), app.catalog_folder())

    assert {id_: each.msgid for id_, each in made.left_out.items()} == {}
    assert "on_need.a_question" in forms_of(made)
