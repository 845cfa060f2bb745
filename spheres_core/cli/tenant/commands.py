"""`spheres tenant`: regions as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring.tenant_toml import written
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import Speaker, Trouble, _
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import msg
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.tenants import Change, Definition, Stored

files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)
MARKS = {"add": "[green]+[/green]", "change": "[yellow]~[/yellow]", "keep": "[dim]=[/dim]"}


@command(
    "tenant apply",
    examples=["spheres tenant apply tenants/my-region.toml", "spheres tenant apply tenants/*.toml --yes"],
)
@files_argument
@click.option("--yes", "-y", is_flag=True, help=_("Do not ask; for scripts."))
def apply(speaker: Speaker, files: tuple[Path, ...], yes: bool) -> None:
    machine = app.machine()
    apply_files.read_all(files, machine)
    urls = environment.addresses(speaker)
    environment.check_up_to_date(urls, machine)
    keyring = environment.key_ring(urls)
    told: list[dict[str, Any]] = []

    def ask(plan: apply_files.Plan) -> bool:
        show_plan(speaker, plan)
        agreed = plan.does_something and (yes or _confirmed(speaker))
        told.append({**described(plan), "applied": agreed})
        return agreed

    done = apply_files.apply_all(speaker, files, urls, keyring, machine, ask=ask)
    names = ", ".join(each.read.definition.slug for each in done)
    speaker.answer({"tenants": told}, *([speaker.say(msg("Applied: {names}.", names=names))] if names else []))


@command(
    "tenant check",
    examples=["spheres tenant check tenants/my-region.toml", "spheres tenant check tenants/*.toml --offline"],
)
@files_argument
@click.option("--offline", is_flag=True, help=_("Without the database: the file alone."))
def check(speaker: Speaker, files: tuple[Path, ...], offline: bool) -> None:
    machine = app.machine()
    read = apply_files.read_all(files, machine)
    if offline:
        names = [each.definition.slug for each in read]
        speaker.answer({"ok": True, "tenants": names}, *(_good(speaker, name) for name in names))
        return
    urls = environment.addresses(speaker)
    environment.check_up_to_date(urls, machine)

    async def comparing() -> list[apply_files.Plan]:
        async with environment.opened(urls.needed("owner")) as owner:
            return [await apply_files.plan(owner, each) for each in read]

    plans = environment.run(comparing())
    for plan in plans:
        show_plan(speaker, plan)
    speaker.answer({"ok": True, "tenants": [described(plan) for plan in plans]})


def _good(speaker: Speaker, name: str) -> str:
    return f"[green]✓[/green] {escape(speaker.say(msg('{name}: nothing stands against it.', name=name)))}"


@command("tenant list", examples=["spheres tenant list --json"])
def list_tenants(speaker: Speaker) -> None:
    urls = environment.addresses(speaker)

    async def listing() -> list[Stored]:
        async with environment.opened(urls.app) as database, database.transaction(None) as db:
            return await db.all(tenants.ALL)

    found = environment.run(listing())
    fields = ("slug", "name", "languages", "time_zone", "hosts", "illustrative")
    speaker.answer([{name: getattr(each, name) for name in fields} for each in found])
    if not found:
        speaker.note(_("There is no tenant yet. Add one with `spheres tenant apply`, or try `spheres demo`."))
        return
    rows = [
        (each.slug, escape(speaker.say(each.name)), ", ".join(each.languages), each.time_zone, ", ".join(each.hosts))
        for each in found
    ]
    speaker.table([_("Tenant"), _("Name"), _("Languages"), _("Time zone"), _("Hosts")], rows)


@command(
    "tenant show",
    examples=["spheres tenant show my-region"],
)
@click.argument("slug", metavar="TENANT")
def show(speaker: Speaker, slug: str) -> None:
    urls = environment.addresses(speaker)

    async def looking() -> tuple[Stored, Definition, list[tenants.PluginState]]:
        async with environment.opened(urls.app) as database:
            stored = await environment.stored_tenant(database, slug)
            async with database.transaction(stored.id) as db:
                return stored, await tenants.current(db, stored), await db.all(tenants.PLUGINS)

    stored, definition, states = environment.run(looking())
    machine = app.machine()
    plugins = [
        {
            "id": state.plugin_id,
            "active": state.active,
            "since": state.since,
            "installed": state.plugin_id in machine.plugins,
        }
        for state in states
    ]
    speaker.answer({**msgspec.to_builtins(definition), "id": stored.id, "plugins": plugins})
    rows = [
        (_("Name"), speaker.say(stored.name)),
        (_("Languages"), ", ".join(stored.languages)),
        (_("Time zone"), stored.time_zone),
        (_("Hosts"), ", ".join(stored.hosts)),
        *((_("Plugin"), _plugin_line(speaker, plugin)) for plugin in plugins),
        *(
            (f"settings.{owner}.{name}", str(value))
            for owner, values in sorted(definition.settings.items())
            for name, value in sorted(values.items())
        ),
    ]
    speaker.table([_("Tenant"), slug], [(escape(speaker.say(name)), escape(value)) for name, value in rows])


def _plugin_line(speaker: Speaker, plugin: dict[str, Any]) -> str:
    state = _("on") if plugin["active"] else _("off")
    missing = "" if plugin["installed"] else f" ({speaker.say(_('not on this machine'))})"
    return f"{plugin['id']}: {speaker.say(state)}{missing}"


@command(
    "tenant export",
    examples=["spheres tenant export my-region > tenants/my-region.toml"],
)
@click.argument("slug", metavar="TENANT")
def export(speaker: Speaker, slug: str) -> None:
    urls = environment.addresses(speaker)

    async def looking() -> Definition:
        async with environment.opened(urls.app) as database:
            stored = await environment.stored_tenant(database, slug)
            async with database.transaction(stored.id) as db:
                return await tenants.current(db, stored)

    definition = environment.run(looking())
    speaker.answer(definition)
    if not speaker.json:
        sys.stdout.write(written(msgspec.to_builtins(definition)))


def described(plan: apply_files.Plan) -> dict[str, Any]:
    """A plan for programs."""
    return {"tenant": plan.read.definition.slug, "new": plan.stored is None, "changes": plan.changes}


def show_plan(speaker: Speaker, plan: apply_files.Plan) -> None:
    """A plan for people, line by line."""
    if speaker.json:
        return
    slug = plan.read.definition.slug
    if not plan.does_something:
        speaker.out.print(escape(speaker.say(msg("{tenant}: nothing to change.", tenant=slug))))
    else:
        speaker.out.print(f"[bold]{escape(slug)}[/bold]")
    for change in plan.changes:
        speaker.out.print(f"  {MARKS[change.kind]} {escape(_change_line(speaker, change))}")


def _change_line(speaker: Speaker, change: Change) -> str:
    if change.kind == "keep":
        return speaker.say(msg("{what} stays, although the file does not name it", what=change.what))
    if change.kind == "add":
        return change.what if change.after is None else f"{change.what} = {_shown(change.after)}"
    return f"{change.what}: {_shown(change.before)} → {_shown(change.after)}"


def _shown(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _confirmed(speaker: Speaker) -> bool:
    if not sys.stdin.isatty():
        raise Trouble(msg("Nobody is there to ask. Add --yes when the difference is wanted."), code=2)
    speaker.err.print(escape(speaker.say(_("Apply this? [y/N]"))), end=" ")
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")
