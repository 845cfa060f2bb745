"""`spheres partner`: the partner directory of a tenant, taken from and given to other directories."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.operations.import_directory import ImportResult, import_file, try_file
from spheres_core.partners.hsds.queries.directory import whole_directory
from spheres_core.partners.hsds.views.import_report import KINDS

STYLES = {"add": "green", "change": "green", "conflict": "yellow", "absent": "yellow", "clash": "red"}


@command("partner import", examples=["spheres partner import --tenant my-region services.json --dry-run",
                   "spheres partner import --tenant my-region services.json --source 211"])  # fmt: skip
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@tenant_option
@click.option("--dry-run", is_flag=True, help=_("Show what would change, and change nothing."))
@click.option("--source", metavar="NAME", default="file", show_default=True,
              help=_("Where the file comes from: a later one of the same source updates it."))  # fmt: skip
@click.option("--verified-on", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), default=None,
              help=_("The day on which someone verified what does not say so itself."))  # fmt: skip
@click.option("--text-language", metavar="TAG", default="",
              help=_("The language of the file's texts; the tenant's first when left out."))  # fmt: skip
def import_(
    output: Output,
    slug: str,
    file: Path,
    dry_run: bool,
    source: str,
    verified_on: dt.datetime | None,
    text_language: str,
) -> None:
    if not file.is_file():
        raise CommandError(msg("{file}: there is no such file.", file=str(file)))
    act = try_file if dry_run else import_file
    day = verified_on.date() if verified_on else None

    async def importing(ctx: Context) -> ImportResult:
        return await act(ctx, file, source=source, verified_on=day, language=text_language)

    _print_import(output, environment.run_for_tenant(output, slug, importing), dry_run=dry_run)


def _print_import(output: Output, done: ImportResult, *, dry_run: bool) -> None:
    findings = [output.finding_as_dict(each) for each in done.findings]
    value = {
        "ok": True,
        "dry_run": dry_run,
        "organizations": done.organizations,
        "services": done.services,
        "contacts": done.contacts,
        "changes": done.differences,
        "findings": findings,
    }
    read = [
        output.say_number("{n} organization", "{n} organizations", done.organizations),
        output.say_number("{n} service offered", "{n} services offered", done.services),
        output.say_number("{n} contact", "{n} contacts", done.contacts),
    ]
    end = _("Nothing was changed: this was a trial.") if dry_run else _("The directory is up to date.")
    output.print_result(
        value,
        *(output.finding_line(each) for each in done.findings),
        *(_line(output, each) for each in done.differences),
        escape(output.say(msg("In the file: {counts}.", counts=", ".join(read)))),
        f"[green]✓[/green] {escape(output.say(end))}",
    )


def _line(output: Output, each: ContentChange) -> str:
    style, sentence = STYLES[each.kind], KINDS[each.kind]
    fields = f" ({', '.join(each.fields)})" if each.fields else ""
    return f"[{style}]{escape(output.say(sentence))}[/{style}]: {each.what} {escape(each.key + fields)}"


@command("partner export",
         examples=["spheres partner export --tenant my-region directory.json"])  # fmt: skip
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@tenant_option
@click.option("--force", is_flag=True, help=_("Replace the file when it is there."))
def export(output: Output, slug: str, out: Path, force: bool) -> None:
    if out.exists() and not force:
        raise CommandError(msg("{file} is there already. --force replaces it.", file=str(out)))
    whole = environment.run_for_tenant(output, slug, whole_directory)
    try:
        replace_file(out, msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n")
    except OSError as error:
        raise CommandError(msg("{file} cannot be written: {reason}.", file=str(out), reason=error.strerror)) from None
    services = sum(len(each.get("services", ())) for each in whole["organizations"])
    counted = [
        output.say_number("{n} organization", "{n} organizations", len(whole["organizations"])),
        output.say_number("{n} service offered", "{n} services offered", services),
    ]
    written = msg("Written to {file}: {counts}.", file=str(out), counts=", ".join(counted))
    output.print_result(
        {"ok": True, "file": str(out), "organizations": len(whole["organizations"]), "services": services},
        f"[green]✓[/green] {escape(output.say(written))}",
    )
