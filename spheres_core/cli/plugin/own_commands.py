"""`spheres x`: the commands that plugins bring."""

from __future__ import annotations

from typing import Any

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.isolation.plugin_import import reason_of
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy.context import Context


@command("x", examples=["spheres x", "spheres x night_bus count --tenant my-region"])
@click.argument("plugin_id", metavar="[PLUGIN", required=False, default="")
@click.argument("name", metavar="COMMAND", required=False, default="")
@click.argument("arguments", metavar="ARGUMENTS…]", nargs=-1)
@click.option("--tenant", "slug", metavar="TENANT", default="", help=_("The tenant."))
def run_command(output: Output, plugin_id: str, name: str, arguments: tuple[str, ...], slug: str) -> None:
    machine = app.machine()
    if not plugin_id or not name:
        _list(output, machine, plugin_id)
        return
    known = machine.plugins[plugin_id].manifest.provides.commands if plugin_id in machine.plugins else {}
    if name not in known:
        raise CommandError(
            msg("There is no command {name}. {ask}", name=f"{plugin_id} {name}", ask="spheres x"), code=2
        )
    if not slug:
        raise CommandError(msg("{name} is missing. {ask}", name="--tenant", ask="spheres x --help"), code=2)
    lines = environment.run_for_tenant(output, slug, lambda ctx: _run(ctx, plugin_id, name, arguments))
    output.print_result({"plugin": plugin_id, "command": name, "lines": lines}, *map(escape, lines))


async def _run(ctx: Context, plugin_id: str, name: str, arguments: tuple[str, ...]) -> list[str]:
    given = dict(ctx.plugins.registered["register_commands"]).get(plugin_id, ())
    found = next((each for each in given if each.name == name), None)
    if found is None:
        raise CommandError(msg("{plugin} is not on for {tenant}.", plugin=plugin_id, tenant=ctx.tenant.slug))
    try:
        said: Any = await found.run(ctx, *arguments)
    except (Exception, SystemExit) as error:
        why = msg("{plugin} could not do it: {reason}", plugin=plugin_id, reason=reason_of(error))
        raise CommandError(why) from error
    if said is None:
        return []
    return [said] if isinstance(said, str) else [str(each) for each in said]


def _list(output: Output, machine: Machine, plugin_id: str) -> None:
    rows = [
        (id_, name, escape(output.say(title)))
        for id_, each in sorted(machine.plugins.items())
        if plugin_id in ("", id_)
        for name, title in each.manifest.provides.commands.items()
    ]
    output.print_result([{"plugin": id_, "command": name, "title": title} for id_, name, title in rows])
    output.print_table([_("Plugin"), _("Command"), _("Title")], rows)
