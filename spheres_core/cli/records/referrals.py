"""`spheres referral`: hand over, or erase, all that is kept about the person of one referral."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option, yes_option
from spheres_core.cli.output import Output, _
from spheres_core.cli.private_files import print_written, require_free, write_private_file
from spheres_core.cli.prompts import confirm_erasure
from spheres_core.facts import msg
from spheres_core.forms.exports.answer_tables import Multiples, Say
from spheres_core.forms.meanings import REFERRAL
from spheres_core.privacy.operations.file_erasure import erase_referral
from spheres_core.referrals.operations import subject_data
from spheres_core.referrals.operations.answer_export import ExportedAnswers, ExportPosted, Purpose, export_answers
from spheres_core.referrals.states import STATES

id_argument = click.argument("id_", metavar="REFERRAL", type=click.UUID)


@command("referral export", examples=["spheres referral export --tenant my-region --to handed-over 0190b3c0-…"])
@tenant_option
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
              help=_("The folder for what is written out; only its owner reads it."))  # fmt: skip
@id_argument
def export(output: Output, slug: str, folder: Path, id_: UUID) -> None:
    written = environment.run_with_tenant(
        output, slug, lambda runtime, loaded: subject_data.export(runtime, loaded, id_, folder=folder)
    )
    print_written(output, written)


@command(
    "referral sheet",
    examples=[
        "spheres referral sheet --tenant my-region --purpose evaluation answers.xlsx",
        "spheres referral sheet --tenant my-region --purpose transfer --say codes --multiples columns answers.csv",
    ],
)
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@tenant_option
@click.option(
    "--purpose",
    type=click.Choice(get_args(Purpose)),
    required=True,
    help=_("The use that is made of the file. The trail keeps it."),
)
@click.option(
    "--form", "key", metavar="FORM", default=REFERRAL, show_default=True, help=_("The form that was answered.")
)
@click.option(
    "--state",
    type=click.Choice(("all", "open", *STATES)),
    default="all",
    show_default=True,
    help=_("Only referrals in this state."),
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default=None, help=_("Received on this day or later."))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help=_("Received on this day or earlier."))
@click.option(
    "--say",
    type=click.Choice(get_args(Say)),
    default="labels",
    show_default=True,
    help=_("Questions and choices in words, or by their names and codes."),
)
@click.option(
    "--multiples",
    type=click.Choice(get_args(Multiples)),
    default="joined",
    show_default=True,
    help=_("Several choices in one cell, or a column for each choice."),
)
@click.option("--language", metavar="TAG", default=None, help=_("The language of words, such as fr."))
@click.option("--force", is_flag=True, help=_("Replace the file when it is there."))
def sheet(output: Output, out: Path, slug: str, key: str, since: datetime | None, until: datetime | None,
          force: bool, **chosen: Any) -> None:  # fmt: skip
    require_free(out, force=force)
    kind = "xlsx" if out.suffix.lower() == ".xlsx" else "csv"
    days = {name: day.date() if day else None for name, day in (("since", since), ("until", until))}
    asked = msgspec.convert({"form": key, "file": kind, **days, **chosen}, ExportPosted)
    exported: ExportedAnswers = environment.run_for_tenant(output, slug, lambda ctx: export_answers(ctx, asked))
    path = out.with_suffix(exported.file.suffix)
    write_private_file(path, exported.file.content, force=force)
    said = output.say_number("{n} referral", "{n} referrals", exported.referrals)
    written = msg("Written to {file}: {counts}.", file=str(path), counts=said)
    output.print_result(
        {"ok": True, "file": str(path), "referrals": exported.referrals},
        f"[green]✓[/green] {escape(output.say(written))}",
    )


@command("referral erase", examples=["spheres referral erase --tenant my-region --reason asked_for --yes 0190b3c0-…"])
@tenant_option
@click.option("--reason", type=click.Choice(["schedule", "asked_for"]), required=True,
              help=_("Why: its time has come, or the person asked. The trail keeps it."))  # fmt: skip
@yes_option
@id_argument
def erase(output: Output, slug: str, reason: str, yes: bool, id_: UUID) -> None:
    confirm_erasure(output, yes)
    done = environment.run_with_tenant(
        output, slug, lambda runtime, loaded: erase_referral(runtime, loaded, id_, reason=reason)
    )
    output.print_result({"ok": True, **msgspec.to_builtins(done)})
    rows = [(name, str(number)) for name, number in (*done.rows.items(), *done.records.items())]
    output.print_table([_("Name"), _("Erased")], rows)
