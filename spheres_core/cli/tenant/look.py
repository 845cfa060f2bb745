"""`spheres tenant list` and `show`: what the database holds of regions."""

from __future__ import annotations

from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.tenants import Definition, Stored


@command("tenant list", examples=["spheres tenant list --json"])
def list_tenants(output: Output) -> None:
    urls = environment.database_urls(output)

    async def listing() -> list[Stored]:
        async with environment.open_database(urls.app) as database, database.transaction(None) as db:
            return await db.all(tenants.ALL)

    found = environment.run(listing())
    fields = ("slug", "name", "languages", "time_zone", "hosts", "illustrative")
    output.print_result([{name: getattr(each, name) for name in fields} for each in found])
    if not found:
        output.print_notice(_("There is no tenant yet. Add one with `spheres tenant apply`, or try `spheres demo`."))
        return
    rows = [
        (each.slug, escape(output.say(each.name)), ", ".join(each.languages), each.time_zone, ", ".join(each.hosts))
        for each in found
    ]
    output.print_table([_("Tenant"), _("Name"), _("Languages"), _("Time zone"), _("Hosts")], rows)


@command(
    "tenant show",
    examples=["spheres tenant show my-region"],
)
@click.argument("slug", metavar="TENANT")
def show(output: Output, slug: str) -> None:
    urls = environment.database_urls(output)

    async def looking() -> tuple[Stored, Definition, list[tenants.PluginState]]:
        async with environment.open_database(urls.app) as database:
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
    output.print_result({**msgspec.to_builtins(definition), "id": stored.id, "plugins": plugins})
    rows = [
        (_("Name"), output.say(stored.name)),
        (_("Languages"), ", ".join(stored.languages)),
        (_("Time zone"), stored.time_zone),
        (_("Hosts"), ", ".join(stored.hosts)),
        *((_("Plugin"), _plugin_line(output, plugin)) for plugin in plugins),
        *(
            (f"settings.{owner}.{name}", str(value))
            for owner, values in sorted(definition.settings.items())
            for name, value in sorted(values.items())
        ),
    ]
    output.print_table([_("Tenant"), slug], [(escape(output.say(name)), escape(value)) for name, value in rows])


def _plugin_line(output: Output, plugin: dict[str, Any]) -> str:
    state = _("on") if plugin["active"] else _("off")
    missing = "" if plugin["installed"] else f" ({output.say(_('not on this machine'))})"
    return f"{plugin['id']}: {output.say(state)}{missing}"
