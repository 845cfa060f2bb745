"""Changes of a draft: questions with their choices, their order, groups. Nothing is read or written here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from spheres_core.forms.xlsform.drafts import Cells, Draft, DraftRow, key_of
from spheres_core.forms.xlsform.question_types import parse_type
from spheres_core.forms.xlsform.sheets import TRANSLATED
from spheres_core.foundation.content.language_tags import language_tag

Fields = Mapping[str, str]
"""A question with its choices, flat: its cells by column, the ids of its choices in order under `CHOICE_IDS`, and each
choice's cells under `choice.<id>.<column>`."""

CHOICE_IDS: Final = "choices"
_CHOICE: Final = "choice."
AROUND_OTHERS: Final = ("group", "repeat", "loop")
_OTHER_OWN: Final = ("list_name",)


def kind_of(row: DraftRow) -> str:
    """Returns the kind of a row's question, `end` for the end of a group, or nothing where its type is not known."""
    found = parse_type(row.cells.get("type", ""))
    return found.kind if found else ""


def list_of(cells: Fields) -> str:
    """Returns the name of the choice list of a question; empty when it has none."""
    found = parse_type(cells.get("type", ""))
    return found.choices if found else ""


def index_of(rows: Sequence[DraftRow], id: str) -> int | None:
    """Returns the place of a row, or None."""
    return next((place for place, row in enumerate(rows) if row.id == id), None)


def span(rows: Sequence[DraftRow], place: int) -> range:
    """Returns the places that belong to a row: for a group all up to its end, else its own."""
    if kind_of(rows[place]) not in AROUND_OTHERS:
        return range(place, place + 1)
    level = 0
    for end in range(place, len(rows)):
        kind = kind_of(rows[end])
        level += (kind in AROUND_OTHERS) - (kind == "end")
        if level == 0:
            return range(place, end + 1)
    return range(place, len(rows))


def fields_of(draft: Draft, id: str) -> dict[str, str] | None:
    """Returns a question with its choices, or None when there is no such row."""
    place = index_of(draft.survey, id)
    if place is None:
        return None
    cells = dict(draft.survey[place].cells)
    offered = [row for row in draft.choices if row.cells.get("list_name") == (list_of(cells) or None)]
    fields = {**cells, CHOICE_IDS: " ".join(row.id for row in offered)}
    for row in offered:
        fields |= {f"{_CHOICE}{row.id}.{column}": text for column, text in row.cells.items() if column != "list_name"}
    return {name: text for name, text in fields.items() if text}


def with_fields(draft: Draft, id: str, fields: Fields) -> Draft:
    """Returns the draft with a question and its choices as given; a new name is followed wherever it is referred to."""
    place = index_of(draft.survey, id)
    assert place is not None
    before = draft.survey[place].cells
    cells = {name: text for name, text in fields.items() if text and name != CHOICE_IDS and not _is_of_choice(name)}
    survey = tuple(DraftRow(id, cells) if row.id == id else row for row in draft.survey)
    changed = replace(draft, survey=survey)
    if list_of(cells):
        changed = replace(changed, choices=_with_list(draft.choices, list_of(cells), fields))
    old, new = before.get("name", ""), cells.get("name", "")
    if old and new and old != new and not any(row.cells.get("name") == old for row in survey):
        return _renamed(changed, old, new)
    return changed


def with_choice_ids(fields: Fields, ids: Mapping[str, str]) -> dict[str, str]:
    """Returns a question's fields with other ids of its choices; a choice that `ids` does not name goes."""
    renamed = {name: text for name, text in fields.items() if name != CHOICE_IDS and not _is_of_choice(name)}
    for name, text in fields.items():
        id, _, column = name.removeprefix(_CHOICE).partition(".")
        if _is_of_choice(name) and id in ids:
            renamed[f"{_CHOICE}{ids[id]}.{column}"] = text
    return {**renamed, CHOICE_IDS: " ".join(ids.values())}


def _is_of_choice(name: str) -> bool:
    return name.startswith(_CHOICE)


def _with_list(choices: tuple[DraftRow, ...], list_name: str, fields: Fields) -> tuple[DraftRow, ...]:
    offered = []
    for id in fields.get(CHOICE_IDS, "").split():
        start = f"{_CHOICE}{id}."
        cells = {name.removeprefix(start): text for name, text in fields.items() if name.startswith(start) and text}
        offered.append(DraftRow(id, {"list_name": list_name, **cells}))
    ids = {row.id for row in offered}
    there = [place for place, row in enumerate(choices) if row.cells.get("list_name") == list_name]
    at = there[0] if there else len(choices)
    before, after = choices[:at], choices[at:]
    others = [row for row in after if row.cells.get("list_name") != list_name and row.id not in ids]
    return (*before, *offered, *others)


def _renamed(draft: Draft, old: str, new: str) -> Draft:
    reference = re.compile(r"\$\{\s*" + re.escape(old) + r"\s*\}")
    rows = (
        DraftRow(row.id, {name: reference.sub(f"${{{new}}}", text) for name, text in row.cells.items()})
        for row in draft.survey
    )
    return replace(draft, survey=tuple(rows))


def added(draft: Draft, rows: Sequence[DraftRow], *, after: str = "") -> Draft:
    """Returns the draft with new rows behind a row, or at the end."""
    place = index_of(draft.survey, after)
    at = len(draft.survey) if place is None else place + 1
    return replace(draft, survey=(*draft.survey[:at], *rows, *draft.survey[at:]))


def removed(draft: Draft, id: str) -> Draft:
    """Returns the draft without a question, and without a list of choices that nothing uses any more. Of a group only
    its beginning and its end go: its questions stay."""
    place = index_of(draft.survey, id)
    assert place is not None
    held = span(draft.survey, place)
    gone = {held[0]} | ({held[-1]} if kind_of(draft.survey[held[-1]]) == "end" else set())
    survey = tuple(row for at, row in enumerate(draft.survey) if at not in gone)
    name = list_of(draft.survey[place].cells)
    used = {list_of(row.cells) for row in survey}
    choices = (
        draft.choices
        if not name or name in used
        else tuple(row for row in draft.choices if row.cells.get("list_name") != name)
    )
    return replace(draft, survey=survey, choices=choices)


def moved(draft: Draft, id: str, *, before: str = "", steps: int = 0) -> Draft:
    """Returns the draft with a question, or a whole group, moved: before another row, or by rows up (-1) or down (1).

    A question that passes the beginning or the end of a group goes in or out. What cannot move stays.
    """
    rows = draft.survey
    place = index_of(rows, id)
    if place is None or kind_of(rows[place]) == "end":
        return draft
    held = span(rows, place)
    block, rest = rows[held[0] : held[-1] + 1], (*rows[: held[0]], *rows[held[-1] + 1 :])
    at = index_of(rest, before) if before else held[0] + steps
    if at is None or not 0 <= at <= len(rest):
        return draft
    return replace(draft, survey=(*rest[:at], *block, *rest[at:]))


def in_languages(draft: Draft, default: str) -> Draft:
    """Returns the draft with each text in a language: those of columns that name none are in its default language, or
    in `default` where it has none."""
    said = language_tag(draft.settings.get("default_language", "")) or next(iter(draft.languages), default)

    def told(cells: Cells, columns: Collection[str]) -> dict[str, str]:
        bare = {key_of(column, said): cells[column] for column in columns if column in cells}
        return {**bare, **{name: text for name, text in cells.items() if name not in columns}}

    survey, choices = (
        tuple(DraftRow(row.id, told(row.cells, TRANSLATED)) for row in rows) for rows in (draft.survey, draft.choices)
    )
    settings = {**told(draft.settings, ("form_title",)), "default_language": said}
    return replace(draft, languages=draft.languages or (said,), survey=survey, choices=choices, settings=settings)


class Conflicts(dict[str, tuple[str, str]]):
    """By field: what one writes, and what a colleague has written meanwhile."""


def merge(base: Fields, mine: Fields, theirs: Fields) -> tuple[dict[str, str], Conflicts]:
    """Returns what two have made of the same fields, and where both changed the same one: there `mine` stands."""
    merged: dict[str, str] = {}
    conflicts = Conflicts()
    for name in dict.fromkeys([*theirs, *mine]):
        before, ours, other = (fields.get(name, "") for fields in (base, mine, theirs))
        if name == CHOICE_IDS:
            merged[name] = _merged_order(before, ours, other)
            continue
        merged[name] = other if ours == before else ours
        if ours not in (before, other) and other != before:
            conflicts[name] = ours, other
    return {name: text for name, text in merged.items() if text}, conflicts


def _merged_order(base: str, mine: str, theirs: str) -> str:
    """Returns the choices that neither took away, in the order of `mine`, then those that only a colleague added."""
    before, ours, others = base.split(), mine.split(), theirs.split()
    kept = [id for id in ours if id in others or id not in before]
    return " ".join([*kept, *(id for id in others if id not in before and id not in ours)])
