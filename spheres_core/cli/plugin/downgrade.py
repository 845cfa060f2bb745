"""`spheres plugin downgrade`: a plugin's tables back to those of an earlier version."""

from __future__ import annotations

from pathlib import Path

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.facts import msg
from spheres_core.foundation.encryption import Keyring
from spheres_core.site.operations import downgrade_plugin


@command(
    "plugin downgrade",
    examples=[
        "spheres plugin downgrade my_plugin --to 0.1 --dry-run",
        "spheres plugin downgrade my_plugin --to 0.1 --archive my_plugin.zip",
    ],
)
@click.argument("plugin_id", metavar="PLUGIN")
@click.option("--to", metavar="VERSION", required=True, help=_("The version whose tables are wanted."))
@click.option("--archive", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help=_("A new file for the rows that it kept; what is sealed stays sealed."))  # fmt: skip
@click.option("--dry-run", is_flag=True, help=_("Only say what would be done."))
def downgrade(output: Output, plugin_id: str, to: str, archive: Path | None, dry_run: bool) -> None:
    urls = environment.database_urls(output)
    machine = environment.require_migrated(urls, app.machine())
    keyring = Keyring.load(environment.key_path())

    async def acting() -> downgrade_plugin.Downgraded:
        async with (
            environment.open_runtime(urls, keyring, machine) as runtime,
            environment.open_database(urls.needed("owner")) as owner,
        ):
            return await downgrade_plugin.downgrade(
                runtime, owner, plugin_id, to=to, archive=archive, dry_run=dry_run,
                components=app.components(machine), url=urls.needed("owner"),
            )  # fmt: skip

    done = environment.run(acting())
    output.print_result(msgspec.to_builtins(done))
    rows = [(slug, name, str(n)) for slug, counts in done.rows.items() for name, n in counts.items()]
    output.print_table([_("Tenant"), _("Name"), _("Rows")], rows)
    if output.json:
        return
    if not done.steps:
        sentence = msg("{plugin} has the tables of {version} already.", plugin=plugin_id, version=to)
    elif dry_run:
        sentence = msg("Would be taken back: {names}.", names=", ".join(done.steps))
    else:
        sentence = msg("Taken back: {names}. Install version {version} now.", names=", ".join(done.steps), version=to)
    output.out.print(escape(output.say(sentence)))
