"""`spheres tenant`: regions as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring.tenant_files import definition_as_toml
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import yes_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.tenants import Change, Definition
from spheres_core.site.operations import local_state

files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)
MARKS = {"add": "[green]+[/green]", "change": "[yellow]~[/yellow]", "keep": "[dim]=[/dim]"}


@command(
    "tenant apply",
    examples=["spheres tenant apply tenants/my-region.toml", "spheres tenant apply tenants/*.toml --yes"],
)
@files_argument
@yes_option
def apply(output: Output, files: tuple[Path, ...], yes: bool) -> None:
    machine = app.machine()
    apply_files.read_files(files, machine)
    urls = environment.database_urls(output)
    machine = environment.require_migrated(urls, machine)
    keyring = environment.open_keyring(urls)
    plans_applied: list[dict[str, Any]] = []

    def ask(plan: apply_files.ApplyPlan) -> bool:
        show_plan(output, plan)
        agreed = plan.does_something and (yes or _confirmed(output))
        plans_applied.append({**plan_as_dict(plan), "applied": agreed})
        return agreed

    done = apply_files.apply_all(output, files, urls, keyring, machine, ask=ask)
    changed = {each.file.definition.slug: each.content for each in done}
    for plan in plans_applied:
        plan["content"] = [_content_as_dict(output, each) for each in changed.get(plan["tenant"], ())]
    names = ", ".join(changed)
    lines = [_content_line(output, slug, each) for slug, content in changed.items() for each in content]
    if names:
        lines.append(escape(output.say(msg("Applied: {names}.", names=names))))
    output.print_result({"tenants": plans_applied}, *lines)


def _content_as_dict(output: Output, change: ContentChange) -> dict[str, Any]:
    title = output.say(change.title) if change.title else change.key
    return {"kind": change.kind, "what": str(change.what), "key": change.key, "fields": change.fields, "title": title}


CONTENT_MARKS = {"add": MARKS["add"], "change": MARKS["change"], "conflict": "[yellow]![/yellow]"}


def _content_line(output: Output, slug: str, change: ContentChange) -> str:
    """Returns one change of a region's directory or forms, as a line for people."""
    mark = CONTENT_MARKS.get(change.kind, "[yellow]![/yellow]")
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    title = output.say(change.title) if change.title else change.key
    told = output.say(CONTENT_KINDS[change.kind], what=f"{change.what} {title}{fields}")
    return f"  {mark} {escape(f'{slug}: {told}')}"


CONTENT_KINDS = {
    "add": msg("{what} is new"),
    "change": msg("{what} is changed"),
    "conflict": msg("{what} was changed here and by its source: somebody must decide"),
    "absent": msg("{what} is no longer brought by its source, and stays"),
    "clash": msg("{what} is brought by somebody else already, and is left alone"),
}


@command(
    "tenant check",
    examples=["spheres tenant check tenants/my-region.toml", "spheres tenant check tenants/*.toml --offline"],
)
@files_argument
@click.option("--offline", is_flag=True, help=_("Without the database: the file alone."))
def check(output: Output, files: tuple[Path, ...], offline: bool) -> None:
    machine = app.machine()
    read = apply_files.read_files(files, machine)
    if offline:
        names = [each.definition.slug for each in read]
        output.print_result({"ok": True, "tenants": names}, *(_good(output, name) for name in names))
        return
    urls = environment.database_urls(output)
    machine = environment.require_migrated(urls, machine)

    async def comparing() -> list[apply_files.ApplyPlan]:
        async with environment.open_database(urls.needed("owner")) as owner:
            return [await apply_files.compare(owner, each) for each in read]

    plans = environment.run(comparing())
    for plan in plans:
        show_plan(output, plan)
    output.print_result({"ok": True, "tenants": [plan_as_dict(plan) for plan in plans]})


def _good(output: Output, name: str) -> str:
    return f"[green]✓[/green] {escape(output.say(msg('{name}: nothing stands against it.', name=name)))}"


@command(
    "tenant export",
    examples=["spheres tenant export my-region > tenants/my-region.toml"],
)
@click.argument("slug", metavar="TENANT")
def export(output: Output, slug: str) -> None:
    urls = environment.database_urls(output)

    async def looking() -> Definition:
        async with environment.open_database(urls.app) as database:
            stored = await environment.stored_tenant(database, slug)
            async with database.transaction(stored.id) as db:
                found = await tenants.current(db, stored)
                local = await local_state.read_local_state(db, found.plugins)
                return msgspec.structs.replace(found, local=msgspec.to_builtins(local))

    definition = environment.run(looking())
    output.print_result(definition)
    if not output.json:
        sys.stdout.write(definition_as_toml(msgspec.to_builtins(definition)))


def plan_as_dict(plan: apply_files.ApplyPlan) -> dict[str, Any]:
    """Returns a plan for programs."""
    return {"tenant": plan.file.definition.slug, "new": plan.stored is None, "changes": plan.changes}


def show_plan(output: Output, plan: apply_files.ApplyPlan) -> None:
    """Prints a plan for people, line by line."""
    if output.json:
        return
    slug = plan.file.definition.slug
    if not plan.does_something:
        output.out.print(escape(output.say(msg("{tenant}: nothing to change.", tenant=slug))))
    else:
        output.out.print(f"[bold]{escape(slug)}[/bold]")
    for change in plan.changes:
        output.out.print(f"  {MARKS[change.kind]} {escape(_change_line(output, change))}")


def _change_line(output: Output, change: Change) -> str:
    if change.kind == "keep":
        return output.say(msg("{what} stays, although the file does not name it", what=change.what))
    if change.kind == "add":
        return change.what if change.after is None else f"{change.what} = {_shown(change.after)}"
    return f"{change.what}: {_shown(change.before)} → {_shown(change.after)}"


def _shown(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _confirmed(output: Output) -> bool:
    if not sys.stdin.isatty():
        raise CommandError(msg("Nobody is there to ask. Add --yes when the difference is wanted."), code=2)
    output.err.print(escape(output.say(_("Apply this? [y/N]"))), end=" ")
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")
