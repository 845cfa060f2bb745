"""`spheres plugin index`: a page of a folder of plugins, for whoever looks for one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring import plugin_index
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.conformance import assessment
from spheres_core.facts import msg
from spheres_core.foundation import deployment
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.plugins.discovery import discover


@command(
    "plugin index", examples=["spheres plugin index plugins --out index.html", "spheres plugin index plugins --check"]
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("index.html"),
              help=_("The page to write."))  # fmt: skip
@click.option("--check", "checked", is_flag=True, help=_("Find out each one's level, which takes a while."))
def index(output: Output, folder: Path, out: Path, checked: bool) -> None:
    found = discover([folder])
    mine = {id_: each for id_, each in found.plugins.items() if each.root.parent.resolve() == folder.resolve()}
    if not mine:
        raise CommandError(msg("{folder} holds no plugins.", folder=str(folder)))
    levels: dict[str, str] = {}
    if checked:
        with output.progress(_("Checking {plugin}"), plugin=", ".join(mine)) as report:
            for id_, each in mine.items():
                report(id_)
                assessed = assessment.assess(
                    each.root, app.machine(), home=deployment.home() / "checking",
                    today=dt.datetime.now(dt.UTC).date(),
                )  # fmt: skip
                levels[id_] = assessed.level or "none"
    replace_file(out, plugin_index.page(mine, levels, output.locale))
    output.print_result({"page": str(out), "plugins": sorted(mine)}, escape(str(out)))
