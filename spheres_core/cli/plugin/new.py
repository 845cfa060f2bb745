"""`spheres plugin new`: makes a plugin that works at once, to begin with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import rich_click as click
from msgspec import Struct
from rich.markup import escape

from spheres_core.authoring import scaffold
from spheres_core.authoring.scaffold import CannotScaffold, NewPlugin
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.plugin import sheets
from spheres_core.cli.prompts import ask
from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import REGISTRY
from spheres_core.site.pack_sheets import to_pack

LANGUAGES = "fr-CA,en-CA"


@command(
    "plugin new",
    examples=[
        "spheres plugin new plugins/my_region",
        "spheres plugin new --tier pack --id my_region --languages fr-CA,en-CA --yes plugins/my_region",
        "spheres plugin new --tier code --id night_bus --yes plugins/night_bus",
        "spheres plugin new --from-folder my_sheets --id my_region --yes plugins",
    ],
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--tier", metavar="pack|code", default=None, help=_("pack: data only. code: with Python of its own."))
@click.option(
    "--id", "id_", metavar="ID", default=None, help=_("Small letters, digits and underscores. It never changes.")
)
@click.option("--title-fr", metavar="TEXT", default=None, help=_("What it is called in French."))
@click.option("--title-en", metavar="TEXT", default=None, help=_("What it is called in English."))
@click.option("--languages", metavar="TAGS", default=None, help=_("Languages it speaks, such as fr-CA,en-CA."))
@click.option("--yes", "-y", is_flag=True, help=_("Do not ask; take the defaults."))
@click.option("--from-folder", "source", metavar="FOLDER", type=click.Path(path_type=Path), default=None,
              help=_("Make a pack of the spreadsheets in this folder. See docs/bring-a-region.md."))  # fmt: skip
@click.option("--verified-on", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), default=None,
              help=_("With --from-folder: when somebody verified what an HSDS file does not date."))  # fmt: skip
@click.option("--time-zone", metavar="ZONE", default="America/Toronto", show_default=True,
              help=_("With --from-folder: the zone of an HSDS file's hours."))  # fmt: skip
def new(
    output: Output,
    folder: Path,
    tier: str | None,
    id_: str | None,
    title_fr: str | None,
    title_en: str | None,
    languages: str | None,
    yes: bool,
    source: Path | None,
    verified_on: dt.datetime | None,
    time_zone: str,
) -> None:
    if source is not None:
        given = {key: title for key, title in (("fr", title_fr), ("en", title_en)) if title}
        _from_sheets(output, source, folder, SheetPackOptions(tier, id_, given, languages, yes, verified_on, time_zone))
        return
    kind = ask(output, _("A pack (data only) or code?"), option="--tier", given=tier, default="pack", quiet=yes,
                 parse=_tier)  # fmt: skip
    name = folder.resolve().name
    known = ask(output, _("Its id, for ever:"), option="--id", given=id_,
                  default=None if scaffold.problem_with_id(name) else name, quiet=yes, parse=_id)  # fmt: skip
    tags = ask(output, _("Its languages:"), option="--languages", given=languages, default=LANGUAGES, quiet=yes,
                 parse=scaffold.languages_of)  # fmt: skip
    titles = {}
    for key, question, title in (
        ("fr", _("Its title in French:"), title_fr),
        ("en", _("Its title in English:"), title_en),
    ):
        if any(tag.partition("-")[0] == key for tag in tags):
            plain = title_en or title_fr or known.replace("_", " ").capitalize()
            titles[key] = ask(
                output, question, option=f"--title-{key}", given=title, default=plain, quiet=yes, parse=str
            )
    wanted = NewPlugin(kind, known, tags, scaffold.title_of(known, tags, titles))
    _print_made(output, wanted, scaffold.create_plugin(wanted, folder))


class SheetPackOptions(Struct, frozen=True):
    """Options for a pack that is made of sheets."""

    tier: str | None
    id: str | None
    title: dict[str, str]
    languages: str | None
    yes: bool
    verified_on: dt.datetime | None
    time_zone: str


def _from_sheets(output: Output, source: Path, folder: Path, options: SheetPackOptions) -> None:
    """Asks only for the id: the sheets say the rest."""
    if options.tier == "code":
        raise CannotScaffold(msg("Of sheets only a pack can be made."))
    name = folder.resolve().name
    known = ask(output, _("Its id, for ever:"), option="--id", given=options.id,
                  default=None if scaffold.problem_with_id(name) else name, quiet=options.yes, parse=_id)  # fmt: skip
    tags = scaffold.languages_of(options.languages) if options.languages else ()
    title = scaffold.title_of(known, tags or LANGUAGES.split(","), options.title) if options.title else {}
    day = options.verified_on.date() if options.verified_on else None
    sheets.new_from_folder(output, source, folder, to_pack.NewPack(known, tags, title, day, options.time_zone))


def _tier(text: str) -> scaffold.Tier:
    if text == "pack":
        return "pack"
    if text == "code":
        return "code"
    raise CannotScaffold(msg("{tier} is neither pack nor code.", tier=text or "—"))


def _id(text: str) -> str:
    if problem := scaffold.problem_with_id(text):
        raise CannotScaffold(problem)
    return text


def _print_made(output: Output, wanted: NewPlugin, place: Path) -> None:
    files = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    unknown = [tag for tag in wanted.languages if tag not in REGISTRY]
    if unknown and not output.json:
        names = ", ".join(unknown)
        output.print_notice(
            msg(
                "{tags}: not in the language registry of the core; a tenant can offer it once a plugin adds it.",
                tags=names,
            )
        )
    lines = [f"[green]✓[/green] {escape(str(place))}"]
    lines += [f"    {escape(path)}" for path in files]
    lines.append(
        escape(
            output.say(msg("Everything in it is an example. Next: {command}", command=f"spheres plugin check {place}"))
        )
    )
    output.print_result(
        {
            "ok": True,
            "id": wanted.id,
            "tier": wanted.tier,
            "languages": wanted.languages,
            "folder": str(place),
            "files": files,
        },
        *lines,
    )
