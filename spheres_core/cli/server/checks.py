"""`spheres check` reads all content without a database; `spheres doctor` looks at what runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import rich_click as click
from msgspec import Struct
from rich.markup import escape

from spheres_core import app
from spheres_core.cli.help import command
from spheres_core.cli.locale import catalogs
from spheres_core.cli.output import Speaker, _, as_trouble
from spheres_core.cli.server import diagnostics
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, read_content
from spheres_core.foundation.plugins.plugin_set import Installed, Machine, build_set

MARKS = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "error": "[red]✗[/red]"}


class Checked(Struct, frozen=True):
    """One thing that was checked, and what stands against it."""

    what: str
    findings: tuple[Finding, ...] = ()
    message: Message | None = None

    @property
    def state(self) -> str:
        """error when it cannot be used, warn when it can."""
        if self.message is not None or any(each.severity == "error" for each in self.findings):
            return "error"
        return "warn" if self.findings else "ok"


@command(
    "check",
    examples=["spheres check", "spheres check --json"],
)
@click.option(
    "--tenants",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help=_("The folder of the tenants' files."),
)
def check(speaker: Speaker, folder: Path | None) -> int:
    machine = app.machine()
    files = sorted(folder.glob("*.toml")) if folder else apply_files.files_here()
    with speaker.working(_("Reading tenants, plugins and catalogs")):
        checked = [*_plugins(machine), *_tenants(speaker, files, machine), *_catalogs()]
    ok = all(each.state != "error" for each in checked)
    told = [
        {
            "what": each.what,
            "state": each.state,
            "message": speaker.say(each.message) if each.message else None,
            "findings": [speaker.finding(found) for found in each.findings],
        }
        for each in checked
    ]
    speaker.answer({"ok": ok, "checked": told}, *lines(speaker, checked))
    return 0 if ok else 1


def lines(speaker: Speaker, checked: Sequence[Checked]) -> Iterator[str]:
    """What was checked, for people."""
    for each in checked:
        reason = f": {escape(speaker.say(each.message))}" if each.message else ""
        yield f"{MARKS[each.state]} {escape(each.what)}{reason}"
        for found in each.findings:
            yield f"    {speaker.finding_line(found)}"


def _plugins(machine: Machine) -> Iterator[Checked]:
    for id_, bad in sorted(machine.broken.items()):
        yield Checked(f"plugins/{id_}", bad.findings)
    readers = app.pack_readers()
    for id_, each in sorted(machine.plugins.items()):
        yield look_at(machine, id_, each, readers)


def look_at(machine: Machine, id_: str, each: Installed, readers: Sequence[PackReader]) -> Checked:
    """A plugin's content, and whether a set takes it with what it requires."""
    what = f"plugins/{id_}"
    try:
        read_content(each.root, id_, readers)
    except ContentInvalid as invalid:
        return Checked(what, invalid.findings)
    made = build_set(machine, with_required(machine, id_), app.rooms(), app.catalog_folder())
    warnings = [Finding("hooks.py", each.message, severity="warn") for each in made.deprecation if each.plugin == id_]
    return Checked(what, tuple(warnings), message=made.left_out.get(id_))


def with_required(machine: Machine, id_: str) -> set[str]:
    """A plugin and all that it requires."""
    wanted: set[str] = set()
    waiting = [id_]
    while waiting:
        here = waiting.pop()
        if here not in wanted:
            wanted.add(here)
            waiting += machine.plugins[here].manifest.requires if here in machine.plugins else ()
    return wanted


def _tenants(speaker: Speaker, files: Sequence[Path], machine: Machine) -> Iterator[Checked]:
    for path in files:
        try:
            apply_files.read_one(path, machine)
        except Exception as error:
            trouble = as_trouble(error, speaker.say)
            if trouble is None:
                raise
            yield Checked(f"tenants/{path.name}", trouble.findings, trouble.message)
        else:
            yield Checked(f"tenants/{path.name}")


def _catalogs() -> Iterator[Checked]:
    for row in catalogs.coverage():
        wrong: list[Message] = []
        if row["missing"] and row["required"]:
            wrong.append(msg("{count} texts are not translated.", count=len(row["missing"])))
        if row["placeholders"]:
            wrong.append(msg("{count} texts have other placeholders.", count=len(row["placeholders"])))
        file = f"{row['catalog']}.po"
        yield Checked(
            f"{row['catalog']} {row['language']}", tuple(Finding(file, each, severity="warn") for each in wrong)
        )


@command(
    "doctor",
    examples=["spheres doctor", "spheres doctor --json"],
)
def doctor(speaker: Speaker) -> int:
    with speaker.working(_("Looking")):
        seen = diagnostics.examine()
    told: list[dict[str, Any]] = [
        {
            "state": each.state,
            "what": each.code,
            "message": speaker.say(each.message),
            "advice": speaker.say(each.advice) if each.advice else None,
        }
        for each in seen
    ]
    worst = any(each.state == "error" for each in seen)
    lines = []
    for each, said in zip(seen, told, strict=True):
        lines.append(f"{MARKS[each.state]} {escape(said['message'])}")
        if said["advice"]:
            lines.append(f"    → {escape(said['advice'])}")
    speaker.answer({"ok": not worst, "seen": told}, *lines)
    return 1 if worst else 0
