"""The sheets of a region's words and of its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.content.grids import Grid
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.sheet_columns import SheetRow, Table, normalized, read_rows
from spheres_core.partners.code_lists import Catalogue, Terms, check_catalogue, check_terms
from spheres_core.partners.sheets.cell_values import read_cells
from spheres_core.partners.sheets.known_names import SheetContext
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.partners.sheets.tables import ACTIVITIES, GOALS, LIST_ITEMS, STAGES, TERMS


def read_terms(grids: Sequence[Grid], reading: SheetContext, *, sayings: dict[str, str]) -> tuple[Terms, list[Finding]]:
    """Returns the region's own words, and warnings. Raises ContentInvalid with every finding.

    `sayings`: what the program's pages say in any language, by how it is compared, to the English sentence it is.
    """
    source = SheetSource(reading, grids[0].file)
    warnings: list[Finding] = []
    entries: list[dict[str, Any]] = source.raw.setdefault("terms", [])
    for line in sheet_rows(source, grids, TERMS):
        place = f"terms[{len(entries)}]"
        source.record_row(place, line)
        entry = read_cells(source, line, TERMS.columns, "", place)
        if key := entry.get("key"):
            entry["key"] = sayings.get(normalized(key), key)
            if normalized(key) not in sayings:
                _unsaid(source, warnings, line, place, key, sayings)
        entries.append(entry)
    return check_terms(source), warnings


def _unsaid(
    source: SheetSource, warnings: list[Finding], line: SheetRow, place: str, key: str, sayings: dict[str, str]
) -> None:
    """Notes a word that no page says: a slip when one is near, else perhaps a plugin's."""
    if close := get_close_matches(normalized(key), sayings, 1, 0.8):
        near = msg("No page says “{value}”. Is it “{close}”?", value=key, close=sayings[close[0]])
        source.reject(f"{place}.key", near, line.place("key"))
    else:
        said = msg("No page of the program says “{value}”: this term may have no effect.", value=key)
        warnings.append(line.place("key").finding(said, severity="warning"))


def read_lists(grids: Mapping[str, Sequence[Grid]], reading: SheetContext) -> Catalogue:
    """Returns the region's own lists; `grids` by topic. Raises ContentInvalid with every finding."""
    source = SheetSource(reading, next(each[0].file for each in grids.values()))
    for line in sheet_rows(source, grids.get(LIST_ITEMS.topic, ()), LIST_ITEMS):
        entry = read_cells(source, line, LIST_ITEMS.columns, "", "list")
        name, derived = entry.pop("list", ""), entry.pop("derived_from", "")
        listed: dict[str, Any] = source.raw.setdefault(str(name), {"items": []})
        source.record_row(f"{name}.items[{len(listed['items'])}]", line)
        if derived:
            listed["derived_from"] = derived
        listed["items"].append(entry)
    for table, name in ((ACTIVITIES, "activities"), (GOALS, "goal_templates")):
        for line in sheet_rows(source, grids.get(table.topic, ()), table):
            entries: list[dict[str, Any]] = source.raw.setdefault(name, [])
            place = f"{name}[{len(entries)}]"
            source.record_row(place, line)
            entries.append(read_cells(source, line, table.columns, "", place))
    _read_stages(source, grids.get(STAGES.topic, ()))
    return check_catalogue(source)


def _read_stages(source: SheetSource, grids: Sequence[Grid]) -> None:
    """Puts the models into the source: rows of the same model are its stages, in their order."""
    models: dict[str, dict[str, Any]] = {}
    for line in sheet_rows(source, grids, STAGES):
        entry = read_cells(source, line, STAGES.columns, "", "stages")
        stage, key = entry.pop("stage", {}), str(entry.get("key", ""))
        if key not in models:
            source.record_row(f"stage_models[{len(models)}]", line)
            models[key] = {"version": "1", **entry, "stages": []}
        place = f"stage_models[{[*models].index(key)}].stages[{len(models[key]['stages'])}]"
        source.record_row(place, line, prefix="stage.")
        models[key]["stages"].append(stage)
    if models:
        source.raw["stage_models"] = [*models.values()]


def sheet_rows(source: SheetSource, grids: Sequence[Grid], table: Table) -> list[SheetRow]:
    """Returns the rows of these sheets by what their columns mean, and notes what is wrong with headers and cells."""
    found: list[SheetRow] = []
    for grid in grids:
        lines, findings = read_rows(grid, table, source.reading.spoken)
        source.note(findings)
        found += lines
    return found
