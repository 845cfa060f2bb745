"""Words are never lost: each form of a participant's file in which words are typed keeps them until they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from spheres_core.app import ROOMS

CORE: Final = Path(__file__).parents[2] / "spheres_core"
FIRST: Final = "participants"
"""The lowest room that writes in her file; those above it do too."""
FORM: Final = re.compile(r"<form\b.*?</form>|\{% call forms\.form\(.*?\{% endcall %\}", re.DOTALL)
AREA: Final = "<textarea"
MACRO: Final = re.compile(r"\{%-? macro (\w+)\(.*?\{%-? endmacro %\}", re.DOTALL)
CALL: Final = re.compile(r"\b(?:(\w+)\.)?(\w+)\(")
IMPORT: Final = re.compile(r'\{%-? import "([^"]+)" as (\w+)')
FROM: Final = re.compile(r'\{%-? from "([^"]+)" import ([\w, ]+?)(?: with context)? -?%\}')
INCLUDE: Final = re.compile(r'\{%-? include "([^"]+)"')
ACTION: Final = re.compile(r'url\("(\w+)"|action="\{\{ (action) \}\}"')
KEEPS: Final = "drafts.keep("
MAY_KEEP: Final = re.compile(r"\{% if [^%]*%\}\s*\{\{ drafts\.keep\(")
"""It keeps for some readers only: that needs a reason too."""
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
    (
        "plans/answers.html",
        "action",
    ): "the team's keeps; a liaison knows no code of hers before the partner accepts, and a draft is kept under one",
    (
        "plans/answer_by_link.html",
        "answer_by_link",
    ): "whoever has the link has no account, and a draft is its writer's alone; a refusal shows what was typed again",
    **dict.fromkeys(
        (("participants/duplicates.html", "decide_duplicate"), ("participants/duplicates.html", "undo_duplicate")),
        "a reason about two files; a draft belongs to one",
    ),
    **dict.fromkeys(
        (("plans/together.html", each) for each in ("say_strength", "say_goal", "say_goal_again")),
        "a screen that two people look at: nothing that was not said on it stays of it",
    ),
    (
        "safety/on_call.html",
        "open_in_emergency",
    ): "a reason of one line, by somebody who knows nothing of her until it opens",
    **dict.fromkeys(
        (("activities/form.html", "save_activity"), ("activities/outing.html", "set_activity_budget")),
        "an outing names nobody; a draft is kept under a file",
    ),
    **dict.fromkeys(
        (("privacy/incident_new.html", "record_incident"), ("privacy/incident.html", "act_on_incident")),
        "an incident is about nobody; a draft is kept under a file",
    ),
    ("privacy/erasure_holds.html", "act_on_erasure_hold"): "its words are about nobody; a draft is kept under a file",
    ("activities/hers.html", "keep_apart"): "one code, which is looked for at once",
    (
        "committee/record.html",
        "write_record",
    ): "it is about a meeting with several files; a draft belongs to one",
    ("followups/offer_files.html", "send_offer"): "it is about several files; a draft belongs to one",
}
"""Forms that keep no draft, by template and act, with the reason."""


def forms_with_words(core: Path, rooms: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Yields the template, the act and the text of each form in which words are typed."""
    texts = {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        for folder in core.rglob("templates")
        for file in folder.rglob("*.html")
    }
    for room in rooms:
        folder = core / room / "templates"
        for file in sorted(folder.rglob("*.html")):
            name = file.relative_to(folder).as_posix()
            for found in FORM.finditer(texts[name]):
                if has_area(texts, name, found[0]):
                    action = ACTION.search(found[0])
                    act = next(filter(None, action.groups()), "") if action else ""
                    yield name, act, found[0]


def has_area(texts: Mapping[str, str], name: str, part: str, seen: frozenset[tuple[str, str]] = frozenset()) -> bool:
    """Returns whether words are typed in a part of a template: there, or in what a macro or another template adds.

    `texts`: of all templates, by name. `seen`: macros, by template, that were looked into.
    """
    if AREA in part:
        return True
    whole = texts[name]
    sources = {alias: file for file, alias in IMPORT.findall(whole)}
    imported = {each.strip(): file for file, names in FROM.findall(whole) for each in names.split(",")}
    if any(has_area(texts, each, texts[each], seen) for each in INCLUDE.findall(part)):
        return True
    for alias, macro in CALL.findall(part):
        source = sources.get(alias, "") if alias else imported.get(macro, name)
        if source not in texts or (source, macro) in seen:
            continue
        bodies = [each[0].partition("%}")[2] for each in MACRO.finditer(texts[source]) if each[1] == macro]
        if any(has_area(texts, source, body, seen | {(source, macro)}) for body in bodies):
            return True
    return False


def rooms_of_her_file() -> tuple[str, ...]:
    return tuple(ROOMS[ROOMS.index(FIRST) :])


def problems(core: Path) -> list[str]:
    """Returns one sentence for each form that keeps nothing of what is typed, and each exception without a form."""
    found = [*forms_with_words(core, rooms_of_her_file())]
    listed = {(name, act) for name, act, _ in found}
    forgets = [
        f"{name}: {act} keeps no draft; put {KEEPS}…) beside its button, or say why not"
        for name, act, text in found
        if (KEEPS not in text or MAY_KEEP.search(text)) and (name, act) not in WITHOUT and name.split("/")[0] != "site"
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


def test_a_form_whose_words_are_typed_in_a_macro_of_a_macro_is_found(tmp_path: Path) -> None:
    room = tmp_path / "plans" / "templates" / "plans"
    room.mkdir(parents=True)
    (room / "areas.html").write_text('{% macro wide(x) %}<textarea name="{{ x }}"></textarea>{% endmacro %}', "utf-8")
    parts = '{% from "plans/areas.html" import wide with context %}{% macro fields() %}{{ wide("x") }}{% endmacro %}'
    (room / "parts.html").write_text(parts, "utf-8")
    form = '<form action="{{ url("note_it") }}">{{ parts.fields() }}BUTTON</form>'
    template = room / "new.html"

    def found(button: str, imports: str = '{% import "plans/parts.html" as parts with context %}') -> list[str]:
        template.write_text(imports + form.replace("BUTTON", button), "utf-8")
        return [each.split(" keeps")[0] for each in problems(tmp_path) if "no draft" in each]

    assert found("") == ["plans/new.html: note_it"]
    assert found("{% if ours %}{{ drafts.keep() }}{% endif %}") == ["plans/new.html: note_it"]
    assert found("{{ drafts.keep() }}") == []
    assert found("", imports="") == [], "the form without its macro has no words"


@pytest.mark.parametrize("kept", sorted(WITHOUT))
def test_an_exception_has_a_reason(kept: tuple[str, str]) -> None:
    assert len(WITHOUT[kept].split()) > 5
