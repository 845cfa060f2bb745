"""`spheres plugin sheets`, and the folder of sheets that `spheres plugin new --from-folder` makes a pack of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import rich_click as click
from rich.markup import escape

from spheres_core.authoring import scaffold
from spheres_core.authoring.sheets import make_pack, write_empty_sheets
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.site.pack_sheets.from_pack import Exported, write_sheets
from spheres_core.site.pack_sheets.to_pack import NewPack


@command(
    "plugin sheets",
    examples=[
        "spheres plugin sheets --empty my_sheets --languages fr-CA,en-CA",
        "spheres plugin sheets plugins/my_region my_sheets",
    ],
)
@click.argument("places", metavar="[DIR] OUT", nargs=-1, type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help=_("Empty sheets to fill, with their explanations; only OUT is named."))
@click.option("--languages", metavar="TAGS", default="fr-CA,en-CA", show_default=True,
              help=_("Languages of empty sheets; the first is that of their headers."))  # fmt: skip
def sheets(output: Output, places: tuple[Path, ...], empty: bool, languages: str) -> None:
    if len(places) != (1 if empty else 2):
        wanted = "--empty OUT" if empty else "DIR OUT"
        raise CommandError(msg("Name the folders: {wanted}.", wanted=wanted), code=2)
    if empty:
        _print_sheets(output, write_empty_sheets(places[0], scaffold.languages_of(languages)))
        return
    if not places[0].is_dir():
        raise CommandError(msg("{file}: there is no such folder.", file=str(places[0])))
    _print_sheets(output, write_sheets(places[0].resolve(), places[1]))


def _print_sheets(output: Output, done: Exported) -> None:
    output.print_result(
        {"ok": True, "folder": str(done.folder), "files": done.files},
        f"[green]✓[/green] {escape(str(done.folder))}",
        *(f"    {escape(name)}" for name in done.files),
    )


def new_from_folder(output: Output, folder: Path, place: Path, wanted: NewPack) -> None:
    """Makes a pack of a folder of sheets and prints what it holds. With any finding, nothing is written."""
    if not folder.is_dir():
        raise CommandError(msg("{file}: there is no such folder.", file=str(folder)))
    with output.progress(msg("Reading {file}", file=folder.name)):
        packed = make_pack(folder, place, wanted, now=dt.datetime.now(dt.UTC))
    findings = [output.finding_as_dict(each) for each in packed.warnings]
    held = [
        output.say_number("{n} organization", "{n} organizations", packed.organizations),
        output.say_number("{n} form", "{n} forms", packed.forms),
    ]
    output.print_result(
        {
            "ok": True,
            "id": wanted.id,
            "tier": "pack",
            "languages": packed.languages,
            "folder": str(packed.root),
            "files": packed.files,
            "organizations": packed.organizations,
            "forms": packed.forms,
            "findings": findings,
        },
        *(output.finding_line(each) for each in packed.warnings),
        f"[green]✓[/green] {escape(str(packed.root))}",
        *(f"    {escape(name)}" for name in packed.files),
        escape(output.say(msg("In the pack: {counts}.", counts=", ".join(held)))),
        escape(output.say(msg("Next: {command}", command=f"spheres plugin check {packed.root}"))),
    )
