"""`spheres tenant new`: the file of a region to begin with."""

from __future__ import annotations

import tempfile
from pathlib import Path

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring import scaffold, tenant_files
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.prompts import ask
from spheres_core.cli.tenant import apply_files
from spheres_core.facts import msg
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.tenancy.tenants import SLUG, Definition

TIME_ZONE = "America/Toronto"


@command(
    "tenant new",
    examples=[
        "spheres tenant new my-region",
        "spheres tenant new my-region --languages fr-CA,en-CA --plugins my_region,my_rules --yes",
    ],
)
@click.argument("slug", metavar="SLUG")
@click.option("--name-fr", metavar="TEXT", default=None, help=_("What it is called in French."))
@click.option("--name-en", metavar="TEXT", default=None, help=_("What it is called in English."))
@click.option(
    "--languages", metavar="TAGS", default=None, help=_("Its languages, such as fr-CA,en-CA; the first is the default.")
)
@click.option("--time-zone", metavar="ZONE", default=None, help=_("Its time zone, such as America/Toronto."))
@click.option("--plugins", metavar="IDS", default=None, help=_("Its plugins, such as my_region,my_rules."))
@click.option(
    "--host",
    "hosts",
    metavar="HOST",
    multiple=True,
    help=_("A host name that leads to it; may be given several times."),
)
@click.option("--yes", "-y", is_flag=True, help=_("Do not ask; take the defaults."))
def new(
    output: Output,
    slug: str,
    name_fr: str | None,
    name_en: str | None,
    languages: str | None,
    time_zone: str | None,
    plugins: str | None,
    hosts: tuple[str, ...],
    yes: bool,
) -> None:
    if not SLUG.fullmatch(slug):
        raise CommandError(msg("{slug}: a region's name in addresses is small letters, digits and hyphens.", slug=slug))
    path = Path("tenants") / f"{slug}.toml"
    if path.exists():
        raise CommandError(msg("{file} is there already. Nothing was changed.", file=str(path)))
    machine = app.machine()
    tags = ask(output, _("Its languages:"), option="--languages", given=languages, default="fr-CA,en-CA", quiet=yes,
                 parse=scaffold.languages_of)  # fmt: skip
    names = {}
    for key, question, name in (("fr", _("Its name in French:"), name_fr), ("en", _("Its name in English:"), name_en)):
        if any(tag.partition("-")[0] == key for tag in tags):
            plain = name_en or name_fr or slug.replace("-", " ").capitalize()
            names[key] = ask(output, question, option=f"--name-{key}", given=name, default=plain, quiet=yes, parse=str)
    zone = ask(
        output, _("Its time zone:"), option="--time-zone", given=time_zone, default=TIME_ZONE, quiet=yes, parse=str
    )
    known = ", ".join(sorted(machine.plugins)) or "—"
    chosen = ask(output, msg("Its plugins, with commas between them ({names}):", names=known), option="--plugins",
                   given=plugins, default="", quiet=yes, parse=_listed)  # fmt: skip
    wanted = Definition(slug, scaffold.title_of(slug.replace("-", "_"), tags, names), tags, zone, hosts, plugins=chosen)
    _write(output, path, wanted, machine)
    output.print_result(
        {"ok": True, "file": str(path), "tenant": slug},
        f"[green]✓[/green] {escape(str(path))}",
        escape(output.say(msg("Next: {command}", command=f"spheres tenant apply {path}"))),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))


def _write(output: Output, path: Path, wanted: Definition, machine: Machine) -> None:
    """Writes the file once nothing is wrong with it. Raises `ContentInvalid` with every finding."""
    made = build_set(machine, wanted.plugins, app.rooms(), app.catalog_folder())
    ids = sorted(machine.plugins)
    text = tenant_files.new_tenant_file(
        wanted, say=output.say, languages=tuple(made.languages), plugins=ids, settings=made.settings
    )
    with tempfile.TemporaryDirectory() as aside:
        draft = Path(aside) / path.name
        draft.write_text(text, encoding="utf-8")
        apply_files.read_file(draft, machine)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CommandError(msg("{file} is there already. Nothing was changed.", file=str(path))) from None
