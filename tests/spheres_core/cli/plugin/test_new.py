"""`spheres plugin new`: by flags for scripts, by questions for people, and never over what is there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from spheres_core.foundation.plugins.manifest import read_manifest
from tests.spheres_core.cli.conftest import Spheres


class Keyboard:
    """Somebody who answers, line by line."""

    def __init__(self, answers: Sequence[str]) -> None:
        self.answers = list(answers)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self.answers.pop(0) + "\n" if self.answers else ""


@pytest.mark.parametrize("tier", ["pack", "code"])
def test_flags_say_everything_and_the_answer_tells_programs_what_was_made(
    spheres: Spheres, tmp_path: Path, tier: str
) -> None:
    folder = tmp_path / "a_region"

    said = spheres("plugin", "new", "--tier", tier, "--id", "a_region", "--languages", "fr-CA,en-CA", "--title-fr",
                   "Une région", "--yes", folder, "--json")  # fmt: skip

    assert said.code == 0, said
    assert said.json["folder"] == str(folder)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == set(
        said.json["files"]
    )
    manifest = read_manifest(folder)
    assert (manifest.tier, manifest.languages) == (tier, ("fr-CA", "en-CA"))
    assert manifest.title == {"fr": "Une région", "en": "Une région"}


def test_the_folders_name_is_the_id_and_a_pack_in_both_languages_is_the_default(
    spheres: Spheres, tmp_path: Path
) -> None:
    said = spheres("plugin", "new", "--yes", tmp_path / "far_north")

    assert said.code == 0, said
    manifest = read_manifest(tmp_path / "far_north")
    assert (manifest.id, manifest.tier) == ("far_north", "pack")
    assert manifest.title == {"fr": "Far north", "en": "Far north"}


def test_what_is_not_given_is_asked_again_until_it_can_be_used(
    spheres: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(["paquet", "", "Far-North", "far_north", "fr-CA", "Grand Nord"]))

    said = spheres("--language", "fr", "plugin", "new", tmp_path / "plugins")

    assert said.code == 0, said
    assert "paquet n’est ni pack ni code." in said.err
    assert "de 3 à 31 lettres minuscules" in said.err
    assert "Ses langues\u00a0: [fr-CA,en-CA]" in said.err
    assert read_manifest(tmp_path / "plugins" / "far_north").title == {"fr": "Grand Nord"}


def test_with_nobody_to_ask_it_says_which_flag_is_missing(spheres: Spheres, tmp_path: Path) -> None:
    said = spheres("plugin", "new", tmp_path / "far_north")
    unnamed = spheres("plugin", "new", "--yes", tmp_path / "Far North")

    assert (said.code, unnamed.code) == (2, 2)
    assert "--tier is missing" in said.err
    assert "--id is missing" in unnamed.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--tier", "data"], "data is neither pack nor code."),
        (["--id", "Far"], "An id is 3 to 31 small letters"),
        (["--id", "referrals"], "The name referrals belongs to the core."),
        (["--languages", "french"], "french: languages are tags"),
    ],
)
def test_a_flag_that_cannot_be_used_is_refused_in_a_sentence(
    spheres: Spheres, tmp_path: Path, flags: list[str], sentence: str
) -> None:
    said = spheres("plugin", "new", "--yes", tmp_path / "far_north", *flags)

    assert said.code == 1
    assert sentence in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_stays_as_it_is(spheres: Spheres, tmp_path: Path) -> None:
    (tmp_path / "far_north").mkdir()
    (tmp_path / "far_north" / "notes.txt").write_text("mine")

    said = spheres("plugin", "new", "--yes", tmp_path / "far_north", "--json")

    assert said.code == 1
    assert said.json["ok"] is False
    assert [path.name for path in (tmp_path / "far_north").iterdir()] == ["notes.txt"]
