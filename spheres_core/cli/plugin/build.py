"""`spheres plugin build`: plugins as wheels, to publish them or to install them elsewhere."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring import wheels
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg


@command(
    "plugin build",
    examples=["spheres plugin build plugins/my_plugin", "spheres plugin build my_plugin --out dist --json"],
)
@click.argument("plugins", metavar="PLUGIN…", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), help=_("The folder to write into."))
def build(output: Output, plugins: tuple[str, ...], out: Path) -> None:
    made: dict[str, str] = {}
    with output.progress(_("Building")) as report:
        for named in plugins:
            folder = _folder_of(named)
            report(folder.name)
            try:
                made[folder.name] = str(wheels.build(folder, out))
            except wheels.BuildFailed as failed:
                sentence = msg("No wheel of {plugin} was made: {reason}", plugin=folder.name, reason=str(failed))
                raise CommandError(sentence) from None
    output.print_result({"wheels": made}, *(escape(each) for each in made.values()))


def _folder_of(named: str) -> Path:
    """Returns a plugin's folder, by its path or, when it is on this machine, by its id. Raises `CommandError`."""
    path = Path(named)
    if path.is_dir():
        return path.resolve()
    installed = app.machine().plugins.get(named)
    if installed is None:
        raise CommandError(msg("{plugin} is neither a folder nor a plugin of this machine.", plugin=named))
    return installed.root
