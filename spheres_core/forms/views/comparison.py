"""Values of the page that compares a draft with the version that is asked today."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from spheres_core.forms import queries
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.views import editor_words as words
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.draft_changes import kind_of, list_of
from spheres_core.forms.xlsform.drafts import Cells, Draft
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context


class CellChange(Struct, frozen=True):
    """A cell before and after."""

    title: Text
    before: str
    after: str


class QuestionChange(Struct, frozen=True):
    """A question that is new, gone or otherwise."""

    label: Text
    state: str
    """added, removed, changed or moved."""
    cells: tuple[CellChange, ...] = ()


def comparison_view(ctx: Context, stored: StoredDraft) -> dict[str, Any]:
    """Returns the values of `forms/comparison.html`."""
    asked = queries.forms_asked(ctx).get(stored.key)
    before = draft_of_form(asked[0]) if asked else Draft(stored.draft.languages)
    return {
        "title": ctx.locale.say("Compared with the version in force"),
        "key": stored.key,
        "version": asked[0].version if asked else "",
        "changes": list(_changes(ctx, before, stored.draft)),
    }


def _changes(ctx: Context, before: Draft, after: Draft) -> Iterator[QuestionChange]:
    old, new = _by_path(before), _by_path(after)
    yield from _settings(ctx, before, after)
    order = [path for path in old if path in new]
    kept = [path for path in new if path in old]
    moved = {path for one, path in zip(order, kept, strict=True) if one != path}
    for path, cells in new.items():
        label = words.label_of(ctx, after, cells)
        if path not in old:
            yield QuestionChange(label, "added", tuple(_cells(ctx, after, {}, cells)))
        elif changed := tuple(_cells(ctx, after, old[path], cells)):
            yield QuestionChange(label, "changed", changed)
        elif path in moved:
            yield QuestionChange(label, "moved")
    for path, cells in old.items():
        if path not in new:
            yield QuestionChange(words.label_of(ctx, before, cells), "removed")


def _settings(ctx: Context, before: Draft, after: Draft) -> Iterator[QuestionChange]:
    old, new = ({name: text for name, text in each.settings.items() if name.startswith("form_title")}
                for each in (before, after))  # fmt: skip
    if changed := tuple(_cells(ctx, after, old, new)):
        yield QuestionChange(ctx.locale.say("Title"), "changed", changed)


def _by_path(draft: Draft) -> dict[str, Cells]:
    """Returns the questions by path, each with its choices as one cell more for each language."""
    found: dict[str, Cells] = {}
    above: list[str] = []
    for row in draft.survey:
        kind = kind_of(row)
        if kind == "end":
            above = above[:-1]
            continue
        path = ".".join([*above, row.cells.get("name", row.id)])
        found[path] = {**row.cells, **_offered(draft, row.cells)}
        if kind in ("group", "repeat", "loop"):
            above = [*above, row.cells.get("name", row.id)]
    return found


def _offered(draft: Draft, cells: Cells) -> dict[str, str]:
    if not list_of(cells):
        return {}
    rows = [row.cells for row in draft.choices if row.cells.get("list_name") == list_of(cells)]
    told = [
        ", ".join([row.get(f"label::{tag}", "") for tag in draft.languages] + [row.get("name", "")]) for row in rows
    ]
    return {"list_name": "\n".join(told)}


def _cells(ctx: Context, draft: Draft, before: Cells, after: Cells) -> Iterator[CellChange]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        if " ".join(old.split()) != " ".join(new.split()):
            yield CellChange(words.column_title(ctx, draft, name), old, new)
