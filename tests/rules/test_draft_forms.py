"""Words are never lost: each form of a participant's file in which words are typed keeps them until they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from spheres_core.app import ROOMS

CORE: Final = Path(__file__).parents[2] / "spheres_core"
FIRST: Final = "participants"
"""The lowest room that writes in her file; those above it do too."""
FORM: Final = re.compile(r"<form\b.*?</form>|\{% call forms\.form\(.*?\{% endcall %\}", re.DOTALL)
LONG: Final = re.compile(r"<textarea|\blong\(|\.area\(|plan\.field\(|fields_of_encounter\(")
"""Stands for a place in which words are typed."""
ACTION: Final = re.compile(r'url\("(\w+)"|action="\{\{ (action) \}\}"')
KEEPS: Final = "drafts.keep("
WITHOUT: Final = {
    (
        "participants/identity.html",
        "open_identity",
    ): "a reason of one line; who she is stays under the vault's key",
    ("followups/agreement.html", "begin_participation"): "there is no file of hers yet in which a draft could be kept",
    (
        "transfers/offer.html",
        "offer_transfer",
    ): "it is filled in with her in one sitting; nothing is chosen before",
    ("followups/participation.html", "take_step"): "a line beside a step that is taken in one sitting",
    ("followups/offer_files.html", "send_offer"): "it is about several files; a draft belongs to one",
}
"""Forms that keep no draft, by template and act, with the reason."""


def forms_with_words(core: Path, rooms: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Yields the template, the act and the text of each form in which words are typed."""
    for room in rooms:
        folder = core / room / "templates"
        for file in sorted(folder.rglob("*.html")):
            for found in FORM.finditer(file.read_text("utf-8")):
                if LONG.search(found[0]):
                    action = ACTION.search(found[0])
                    act = next(filter(None, action.groups()), "") if action else ""
                    yield file.relative_to(folder).as_posix(), act, found[0]


def rooms_of_her_file() -> tuple[str, ...]:
    return tuple(ROOMS[ROOMS.index(FIRST) :])


def problems(core: Path) -> list[str]:
    """Returns one sentence for each form that keeps nothing of what is typed, and each exception without a form."""
    found = [*forms_with_words(core, rooms_of_her_file())]
    listed = {(name, act) for name, act, _ in found}
    forgets = [
        f"{name}: {act} keeps no draft; put {KEEPS}…) beside its button, or say why not"
        for name, act, text in found
        if KEEPS not in text and (name, act) not in WITHOUT and name.split("/")[0] != "site"
    ]
    return forgets + [f"{name}: there is no form {act} any more" for name, act in sorted(set(WITHOUT) - listed)]


def test_each_form_with_words_keeps_a_draft_or_says_why_not() -> None:
    assert problems(CORE) == []


def test_a_form_that_keeps_nothing_is_found(tmp_path: Path) -> None:
    template = tmp_path / "plans" / "templates" / "plans" / "new.html"
    template.parent.mkdir(parents=True)
    template.write_text('<form action="{{ url("note_it") }}"><textarea name="x"></textarea></form>', "utf-8")
    found = [each for each in problems(tmp_path) if "no draft" in each]
    assert [each.split(" keeps")[0] for each in found] == ["plans/new.html: note_it"]
    template.write_text('<form action="{{ url("note_it") }}"><input name="x"></form>', "utf-8")
    assert not [each for each in problems(tmp_path) if "no draft" in each]


@pytest.mark.parametrize("kept", sorted(WITHOUT))
def test_an_exception_has_a_reason(kept: tuple[str, str]) -> None:
    assert len(WITHOUT[kept].split()) > 5
