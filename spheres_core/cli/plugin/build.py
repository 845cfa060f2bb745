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
from spheres_core.foundation.plugins import signatures


@command(
    "plugin build",
    examples=["spheres plugin build plugins/my_plugin", "spheres plugin build my_plugin --out dist --json"],
)
@click.argument("plugins", metavar="PLUGIN…", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), help=_("The folder to write into."))
@click.option("--key", "key_file", type=click.Path(path_type=Path, dir_okay=False, exists=True), default=None,
              help=_("The key to sign with, as `spheres plugin key` makes it."))  # fmt: skip
def build(output: Output, plugins: tuple[str, ...], out: Path, key_file: Path | None) -> None:
    made: dict[str, str] = {}
    with output.progress(_("Building")) as report:
        for named in plugins:
            folder = _folder_of(named)
            report(folder.name)
            try:
                made[folder.name] = str(wheels.build(folder, out, key=key_file))
            except ValueError:
                raise CommandError(msg("{file} holds no key.", file=str(key_file))) from None
            except wheels.BuildFailed as failed:
                sentence = msg("No wheel of {plugin} was made: {reason}", plugin=folder.name, reason=str(failed))
                raise CommandError(sentence) from None
    output.print_result({"wheels": made}, *(escape(each) for each in made.values()))


@command("plugin key", examples=["spheres plugin key ~/my_plugins.key"])
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def key(output: Output, path: Path) -> None:
    try:
        public = signatures.make_key(path)
    except FileExistsError:
        raise CommandError(msg("{file} is there already.", file=str(path))) from None
    output.print_result({"file": str(path), "public": public}, public)


def _folder_of(named: str) -> Path:
    """Returns a plugin's folder, by its path or, when it is on this machine, by its id. Raises `CommandError`."""
    path = Path(named)
    if path.is_dir():
        return path.resolve()
    installed = app.machine().plugins.get(named)
    if installed is None:
        raise CommandError(msg("{plugin} is neither a folder nor a plugin of this machine.", plugin=named))
    return installed.root
