"""`spheres check` reads all content without a database; `spheres doctor` looks at what runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import rich_click as click
from msgspec import Struct
from rich.markup import escape

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.cli.help import command
from spheres_core.cli.locale import catalogs
from spheres_core.cli.output import Output, _, as_command_error
from spheres_core.cli.server import diagnostics
from spheres_core.cli.tenant import apply_files
from spheres_core.conformance.published_names import unpublished_imports
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, read_content
from spheres_core.foundation.plugins.discovery import Installed, Machine
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set

MARKS = {"ok": "[green]✓[/green]", "warn": "[yellow]![/yellow]", "error": "[red]✗[/red]"}


class ContentCheck(Struct, frozen=True):
    """One thing that was checked, and what stands against it."""

    what: str
    findings: tuple[Finding, ...] = ()
    message: Message | None = None

    @property
    def state(self) -> str:
        """Returns `error` when it cannot be used, `warn` when it can but has findings, else `ok`."""
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
def check(output: Output, folder: Path | None) -> int:
    machine = app.machine()
    files = sorted(folder.glob("*.toml")) if folder else apply_files.default_files()
    with output.progress(_("Reading tenants, plugins and catalogs")):
        checked = [*_plugins(machine), *_tenants(output, files, machine), *_catalogs()]
    ok = all(each.state != "error" for each in checked)
    described = [
        {
            "what": each.what,
            "state": each.state,
            "message": output.say(each.message) if each.message else None,
            "findings": [output.finding_as_dict(found) for found in each.findings],
        }
        for each in checked
    ]
    output.print_result({"ok": ok, "checked": described}, *result_lines(output, checked))
    return 0 if ok else 1


def result_lines(output: Output, checked: Sequence[ContentCheck]) -> Iterator[str]:
    """Yields what was checked, as lines for people."""
    for each in checked:
        reason = f": {escape(output.say(each.message))}" if each.message else ""
        yield f"{MARKS[each.state]} {escape(each.what)}{reason}"
        for found in each.findings:
            yield f"    {output.finding_line(found)}"


def _plugins(machine: Machine) -> Iterator[ContentCheck]:
    for id_, bad in sorted(machine.broken.items()):
        yield ContentCheck(f"plugins/{id_}", bad.findings)
    readers = app.pack_readers()
    for id_, each in sorted(machine.plugins.items()):
        yield check_plugin(machine, id_, each, readers)


def check_plugin(machine: Machine, id_: str, each: Installed, readers: Sequence[PackReader]) -> ContentCheck:
    """Checks a plugin's content, and whether a plugin set can be built with what it requires."""
    checked = check_content(id_, each, readers)
    if checked.findings:
        return checked
    build = assembly.build_app if each.manifest.tier == "code" else None
    made = build_set(machine, with_requirements(machine, id_), app.rooms(), app.catalog_folder(), build)
    return check_in_set(id_, each, made)


def check_content(id_: str, each: Installed, readers: Sequence[PackReader]) -> ContentCheck:
    """Checks a plugin's content files alone."""
    try:
        read_content(each.root, id_, readers)
    except ContentInvalid as invalid:
        return ContentCheck(f"plugins/{id_}", invalid.findings)
    return ContentCheck(f"plugins/{id_}")


def check_in_set(id_: str, each: Installed, made: PluginSet) -> ContentCheck:
    """Checks what building a set with a plugin has shown of it."""
    what = f"plugins/{id_}"
    if wrong := unpublished_imports(each):
        return ContentCheck(what, wrong)
    warnings = [Finding("hooks.py", each.message, severity="warn") for each in made.deprecations if each.plugin == id_]
    if places := made.findings.get(id_):
        return ContentCheck(what, places)
    return ContentCheck(what, tuple(warnings), message=made.left_out.get(id_))


def with_requirements(machine: Machine, id_: str) -> set[str]:
    """Returns the ids of a plugin and of all that it requires."""
    wanted: set[str] = set()
    waiting = [id_]
    while waiting:
        here = waiting.pop()
        if here not in wanted:
            wanted.add(here)
            waiting += machine.plugins[here].manifest.requires if here in machine.plugins else ()
    return wanted


def _tenants(output: Output, files: Sequence[Path], machine: Machine) -> Iterator[ContentCheck]:
    for path in files:
        try:
            apply_files.read_file(path, machine)
        except Exception as error:
            failure = as_command_error(error, output.say)
            if failure is None:
                raise
            yield ContentCheck(f"tenants/{path.name}", failure.findings, failure.message)
        else:
            yield ContentCheck(f"tenants/{path.name}")


def _catalogs() -> Iterator[ContentCheck]:
    try:
        rows = catalogs.coverage()
    except ContentInvalid as damaged:
        yield ContentCheck("locales", damaged.findings)
        return
    for row in rows:
        wrong: list[Message] = []
        if row["missing"] and (row["required"] or row.get("in_part")):
            wrong.append(msg("{count} texts are not translated.", count=len(row["missing"])))
        if row["placeholders"]:
            wrong.append(msg("{count} texts have other placeholders.", count=len(row["placeholders"])))
        file = f"{row['catalog']}.po"
        yield ContentCheck(
            f"{row['catalog']} {row['language']}", tuple(Finding(file, each, severity="warn") for each in wrong)
        )


@command(
    "doctor",
    examples=["spheres doctor", "spheres doctor --json"],
)
def doctor(output: Output) -> int:
    with output.progress(_("Looking")):
        seen = diagnostics.run_checks()
    described: list[dict[str, Any]] = [
        {
            "state": each.state,
            "what": each.code,
            "message": output.say(each.message),
            "advice": output.say(each.advice) if each.advice else None,
        }
        for each in seen
    ]
    worst = any(each.state == "error" for each in seen)
    lines = []
    for each, said in zip(seen, described, strict=True):
        lines.append(f"{MARKS[each.state]} {escape(said['message'])}")
        if said["advice"]:
            lines.append(f"    → {escape(said['advice'])}")
    output.print_result({"ok": not worst, "seen": described}, *lines)
    return 1 if worst else 0
