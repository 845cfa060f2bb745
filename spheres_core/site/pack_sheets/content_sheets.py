"""Content files that have one sheet of their own: from its rows to the file, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.content import toml
from spheres_core.foundation.content.grids import Grid
from spheres_core.foundation.content.packs import read_toml
from spheres_core.foundation.content.sheet_columns import SheetRow, Table, choice_of, in_language
from spheres_core.foundation.content.struct_reader import Source
from spheres_core.foundation.content.workbooks import WrittenSheet
from spheres_core.foundation.plugins import setting_defaults
from spheres_core.notifications import notice_file
from spheres_core.partners.sheets.cell_values import read_cells
from spheres_core.partners.sheets.known_names import SheetContext
from spheres_core.partners.sheets.lists import sheet_rows
from spheres_core.partners.sheets.sheet_source import SheetSource
from spheres_core.partners.sheets.written_sheets import SheetAudience, entries_sheet
from spheres_core.site import navigation_file, theme_file
from spheres_core.site.pack_sheets.content_tables import (
    MENU,
    NOTICES,
    SETTINGS,
    STAFF_ROLES,
    THEME,
    THEME_PARTS,
    TYPEFACES,
)
from spheres_core.staff import role_file

FileValues = dict[str, Any]


class ContentSheet(Struct, frozen=True):
    """A content file with one sheet."""

    file: str
    table: Table
    fill: Callable[[SheetSource, Sequence[SheetRow]], None]
    """Puts the rows into the source, as the file would have them."""
    check: Callable[[Source], object]
    """Raises `ContentInvalid` with what is wrong."""
    rows: Callable[[FileValues, str], list[FileValues]]
    """Returns the rows of a file's content, in a language."""


def read_sheet(sheet: ContentSheet, grids: Sequence[Grid], reading: SheetContext) -> SheetSource:
    """Returns what the file of a sheet says (`raw`), and the cell behind each key.

    Raises `ContentInvalid` with every finding, each at its cell.
    """
    source = SheetSource(reading, grids[0].file)
    sheet.fill(source, sheet_rows(source, grids, sheet.table))
    sheet.check(source)
    return source


def written_sheet(sheet: ContentSheet, path: Path, audience: SheetAudience) -> WrittenSheet:
    """Returns a content file as its sheet."""
    return entries_sheet(sheet.table, sheet.rows(read_toml(path)[0], audience.language), audience)


def _fill_theme(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    for line in lines:
        entry = read_cells(source, line, THEME.columns, "", "theme")
        part, value = entry.get("part"), entry.get("value", "")
        if part == "typeface":
            value = choice_of(value, TYPEFACES) or value
        if part in THEME_PARTS:
            source.record_place(str(part), line.place("value"))
            source.raw[str(part)] = value


def _theme_rows(content: FileValues, language: str) -> list[FileValues]:
    said = {name: content[name] for name in THEME_PARTS if name in content}
    if "typeface" in said:
        said["typeface"] = in_language(TYPEFACES[said["typeface"]], language)
    return [{"part": name, "value": value} for name, value in said.items()]


def _fill_menu(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    entries: list[FileValues] = source.raw.setdefault("items", [])
    for line in lines:
        place = f"items[{len(entries)}]"
        source.record_row(place, line)
        entries.append(read_cells(source, line, MENU.columns, "", place))


def _menu_rows(content: FileValues, language: str) -> list[FileValues]:
    return list(content.get("items", ()))


def _fill_roles(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    entries: list[FileValues] = source.raw.setdefault("roles", [])
    for line in lines:
        place = f"roles[{len(entries)}]"
        source.record_row(place, line)
        entries.append(read_cells(source, line, STAFF_ROLES.columns, "", place))


def _role_rows(content: FileValues, language: str) -> list[FileValues]:
    return list(content.get("roles", ()))


def _fill_settings(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    settings: dict[str, FileValues] = source.raw.setdefault("settings", {})
    for line in lines:
        entry = read_cells(source, line, SETTINGS.columns, "", "settings")
        owner, name = str(entry.get("owner", "")), str(entry.get("setting", ""))
        if owner not in settings:
            source.record_place(f"settings.{owner}", line.place("owner"))
        source.record_place(f"settings.{owner}.{name}", line.place("value"))
        settings.setdefault(owner, {})[name] = entry["text"] if entry.get("text") else _value(entry.get("value", ""))


def _value(text: str) -> Any:
    """Returns a cell as TOML would have it; a text that is no TOML is itself."""
    try:
        return toml.read_value(text)
    except toml.TomlInvalid:
        return text


def _settings_rows(content: FileValues, language: str) -> list[FileValues]:
    return [
        {"owner": owner, "setting": name, **_cells(value)}
        for owner, values in content.get("settings", {}).items()
        for name, value in values.items()
    ]


def _cells(value: Any) -> FileValues:
    if isinstance(value, Mapping) and value and all(isinstance(each, str) for each in value.values()):
        return {"text": dict(value)}
    if isinstance(value, str) and _value(value) == value:
        return {"value": value}
    return {"value": toml.value(value)}


def _fill_notices(source: SheetSource, lines: Sequence[SheetRow]) -> None:
    notices: dict[str, FileValues] = source.raw.setdefault("notices", {})
    for line in lines:
        entry = read_cells(source, line, NOTICES.columns, "", "notices")
        own = notices.setdefault(str(entry.get("notice", "")), {})
        place = f"notices.{entry.get('notice', '')}"
        if entry.get("part") == "body":
            sentences: list[Any] = own.setdefault("body", [])
            source.record_row(f"{place}.body[{len(sentences)}]", line, fields={"": "text"})
            sentences.append(entry.get("text", {}))
        elif "subject" in own:
            source.reject(f"{place}.subject", msg("The key {key} is given twice.", key="subject"), line.place("part"))
        else:
            source.record_row(f"{place}.subject", line, fields={"": "text"})
            own["subject"] = entry.get("text", {})


def _notice_rows(content: FileValues, language: str) -> list[FileValues]:
    return [
        {"notice": kind, "part": part, "text": words}
        for kind, own in content.get("notices", {}).items()
        for part, words in [("subject", own.get("subject")), *(("body", each) for each in own.get("body", ()))]
        if words
    ]


def _check_settings(source: Source) -> None:
    source.read(setting_defaults.SettingsFile)
    source.finish()


CONTENT_SHEETS: Final = (
    ContentSheet(setting_defaults.FILE, SETTINGS, _fill_settings, _check_settings, _settings_rows),
    ContentSheet(theme_file.FILE, THEME, _fill_theme, theme_file.check_theme, _theme_rows),
    ContentSheet(notice_file.FILE, NOTICES, _fill_notices, notice_file.check_notices, _notice_rows),
    ContentSheet(role_file.FILE, STAFF_ROLES, _fill_roles, role_file.check_roles, _role_rows),
    ContentSheet(navigation_file.FILE, MENU, _fill_menu, navigation_file.check_navigation, _menu_rows),
)
