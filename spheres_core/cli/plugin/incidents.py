"""`spheres plugin incidents` and `uninstall`: what went wrong in plugins, and taking one off this installation."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option, yes_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.encryption import Keyring
from spheres_core.site.api_schemas.plugins import IncidentShown
from spheres_core.site.operations import uninstall_plugin
from spheres_core.site.views import plugin_overview


@command("plugin incidents", examples=["spheres plugin incidents --tenant my-region"])
@tenant_option
def incidents(output: Output, slug: str) -> None:
    found: list[IncidentShown] = environment.run_for_tenant(output, slug, plugin_overview.list_incidents)
    output.print_result({"incidents": msgspec.json.decode(msgspec.json.encode(found, enc_hook=str))})
    rows = [
        (escape(each.plugin), escape(each.part), escape(f"{each.kind} {each.place}".strip()),
         str(each.count), each.last_at.strftime("%Y-%m-%d %H:%M"),
         escape(output.say(_("resting") if each.resting else "")))
        for each in found
    ]  # fmt: skip
    output.print_table([_("Plugin"), _("Part"), _("What"), _("Times"), _("Last (UTC)"), _("State")], rows)
    if not output.json and not found:
        output.out.print(escape(output.say(_("Nothing went wrong."))))


@command("plugin uninstall", examples=["spheres plugin uninstall my_plugin --archive my_plugin.zip"])
@click.option("--archive", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help=_("A new file for the rows that it kept; what is sealed stays sealed."))  # fmt: skip
@yes_option
@click.argument("plugin_id", metavar="PLUGIN")
def uninstall(output: Output, archive: Path | None, yes: bool, plugin_id: str) -> None:
    _confirm(output, plugin_id, yes)
    done = _uninstall(output, plugin_id, archive)
    output.print_result({"ok": True, **msgspec.to_builtins(done)})
    rows = [(slug, name, str(n)) for slug, counts in done.rows.items() for name, n in counts.items()]
    output.print_table([_("Tenant"), _("Name"), _("Rows")], rows)
    if not output.json:
        sentence = msg("{plugin} is uninstalled. Take its folder or package away now.", plugin=plugin_id)
        output.out.print(escape(output.say(sentence)))


def _uninstall(output: Output, plugin_id: str, archive: Path | None) -> uninstall_plugin.Uninstalled:
    urls = environment.database_urls(output)
    machine = app.machine()
    machine = environment.require_migrated(urls, machine)
    keyring = Keyring.load(environment.key_path())

    async def acting() -> uninstall_plugin.Uninstalled:
        async with (
            environment.open_runtime(urls, keyring, machine) as runtime,
            environment.open_database(urls.needed("owner")) as owner,
        ):
            return await uninstall_plugin.uninstall(
                runtime, owner, plugin_id, archive=archive, components=app.components(machine), url=urls.needed("owner")
            )

    return environment.run(acting())


def _confirm(output: Output, plugin_id: str, yes: bool) -> None:
    if yes or output.json:
        return
    if not sys.stdin.isatty():
        raise CommandError(msg("Nobody is there to ask. Add --yes when the difference is wanted."), code=2)
    question = msg("Take the tables of {plugin} off this installation? [y/N]", plugin=plugin_id)
    output.err.print(escape(output.say(question)), end=" ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "o", "oui"):
        raise click.Abort
