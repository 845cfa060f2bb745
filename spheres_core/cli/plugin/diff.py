"""`spheres plugin diff`: what changes between two versions of a plugin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.plugin.plugin_folder import find_plugin_folder
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import read_toml
from spheres_core.foundation.plugins.manifest import FILE
from spheres_core.site.plugin_diff import Change, changes

MARKS: Final = {"add": "[green]+[/green]", "remove": "[red]-[/red]", "change": "[yellow]~[/yellow]"}
PARTS: Final[dict[str, str]] = {
    "manifest": _("What it says of itself"),
    "routes": _("Routes"),
    "settings": _("Settings"),
    "pages": _("Pages of text"),
    "code": _("Code"),
}
NAMES: Final = ("name", "title", "labels", "label", "term", "purpose", "duty", "what")
"""Where an entry says in words what it is."""
LONGEST: Final = 60
"""Characters of a value that people are shown; programs get all of it."""


@command(
    "plugin diff",
    examples=["spheres plugin diff my_region ../my_region", "spheres plugin diff old/my_region new/my_region --json"],
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
def diff(output: Output, before: str, after: str) -> None:
    old, new = find_plugin_folder(before), find_plugin_folder(after)
    versions = [
        {name: str(said.get(name, "")) for name in ("id", "version")} for said in map(_read_manifest, (old, new))
    ]
    found = changes(old, new)
    output.print_result(
        {"before": versions[0], "after": versions[1], "same": not found, "changes": found}, *_lines(output, found)
    )


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Reads `plugin.toml`; the folder of an older version may have any name."""
    if not (folder / FILE).is_file():
        raise CommandError(msg("The folder {folder} has no plugin.toml.", folder=str(folder)))
    return read_toml(folder / FILE)[0]


def _lines(output: Output, found: Sequence[Change]) -> Iterator[str]:
    if not found:
        yield escape(output.say(_("Nothing differs.")))
    for part, several in groupby(found, key=lambda each: each.part):
        yield f"[bold]{escape(output.say(PARTS[part]) if part in PARTS else part)}[/bold]"
        for each in several:
            yield f"  {MARKS[each.kind]} {escape(_line(output, each))}"


def _line(output: Output, each: Change) -> str:
    if each.kind == "change" and each.before != each.after:
        return f"{each.what}: {_shown(output, each.before)} → {_shown(output, each.after)}"
    value = each.after if each.kind == "add" else each.before
    return each.what if value is None else f"{each.what}: {_shown(output, value)}"


def _shown(output: Output, value: Any) -> str:
    """Returns a value for a line: the name of what has one, in the reader's language; else the value, cut short."""
    if isinstance(value, dict):
        value = next((value[name] for name in NAMES if isinstance(value.get(name), dict)), value)
        if all(isinstance(text, str) for text in value.values()):
            value = output.say(value)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
