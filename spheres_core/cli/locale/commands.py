"""`spheres locale`: how complete each language is, and catalogs updated from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli.help import command
from spheres_core.cli.locale.catalogs import CORE, core_texts, coverage, row_of
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.localization import REGISTRY, CatalogKey


@command(
    "locale status",
    examples=["spheres locale status", "spheres locale status --missing --json"],
)
@click.option("--missing", is_flag=True, help=_("Name each text that is missing."))
@click.option("--parts", "rooms", is_flag=True, help=_("By room of the core and by form too."))
def status(output: Output, missing: bool, rooms: bool) -> int:
    with output.progress(_("Reading the texts")):
        rows = coverage()
    shown = rows if missing else [{k: v for k, v in row.items() if k != "missing"} for row in rows]
    output.print_result({"catalogs": shown})
    output.print_table(
        [_("Catalog"), _("Language"), _("Translated"), _("Missing"), _("Placeholders differ")],
        [
            (
                row["catalog"],
                row["language"],
                f"{row['translated']}/{row['texts']} ({row['percent']} %)",
                str(len(row["missing"]) or ""),
                str(len(row["placeholders"]) or ""),
            )
            for row in rows
        ],
    )
    if missing and not output.json:
        for row in rows:
            for text in row["missing"]:
                output.out.print(escape(f"{row['catalog']} {row['language']}: {text}"))
    if rooms and not output.json:
        _print_parts(output, rows)
    return 1 if any(row["required"] and (row["missing"] or row["placeholders"]) for row in rows) else 0


def _print_parts(output: Output, rows: list[dict[str, Any]]) -> None:
    parts = [
        (row["catalog"], row["language"], part.get("room") or part["form"], part)
        for row in rows
        for part in (*row["rooms"], *row["forms"])
    ]
    output.print_table(
        [_("Catalog"), _("Language"), _("Part"), _("Translated"), _("Missing")],
        [
            (catalog, tag, name, f"{part['texts'] - part['missing']}/{part['texts']}", str(part["missing"] or ""))
            for catalog, tag, name, part in parts
        ],
    )


@command(
    "locale update",
    examples=["spheres locale update"],
)
@click.option(
    "--from",
    "parts",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help=_("A PO file with more translations into French; may be given several times."),
)
def update(output: Output, parts: tuple[Path, ...]) -> None:
    folder = app.catalog_folder()
    if folder.parent != app.CORE.parent:
        raise CommandError(msg("The catalogs of an installed package are not changed in place."))
    found = core_texts()
    more: dict[CatalogKey, tuple[str, ...]] = {}
    for part in parts:
        more |= extraction.read(part)
    extraction.update(folder, CORE, found, {"fr-CA": more})
    rows = [row_of(CORE, found, folder, language) for language in REGISTRY.values()]
    output.print_result(
        {"catalogs": rows}, *(escape(f"{row['language']}: {row['translated']}/{row['texts']}") for row in rows)
    )
