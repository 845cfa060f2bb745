"""`spheres participant`: hand over, or erase, all that is kept about somebody who takes part."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import rich_click as click

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option, yes_option
from spheres_core.cli.output import Output, _
from spheres_core.cli.private_files import print_written
from spheres_core.cli.prompts import confirm_erasure
from spheres_core.privacy.operations.file_erasure import Reason, erase_file
from spheres_core.privacy.operations.file_export import export_file

code_argument = click.argument("code", metavar="CODE")


@command("participant export", examples=["spheres participant export --tenant my-region --to handed-over KH4T-7R3X-…"])
@tenant_option
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
              help=_("The folder for what is written out; only its owner reads it."))  # fmt: skip
@code_argument
def export(output: Output, slug: str, folder: Path, code: str) -> None:
    written = environment.run_with_tenant(
        output, slug, lambda runtime, loaded: export_file(runtime, loaded, code, folder=folder)
    )
    print_written(output, written)


@command(
    "participant erase", examples=["spheres participant erase --tenant my-region --reason asked_for --yes KH4T-7R3X-…"]
)
@tenant_option
@click.option("--reason", type=click.Choice(get_args(Reason)), required=True,
              help=_("Why: its time has come, or the person asked. The trail keeps it."))  # fmt: skip
@yes_option
@code_argument
def erase(output: Output, slug: str, reason: Reason, yes: bool, code: str) -> None:
    confirm_erasure(output, yes)
    done = environment.run_with_tenant(
        output, slug, lambda runtime, loaded: erase_file(runtime, loaded, code, reason=reason)
    )
    output.print_result({"ok": True, "files": msgspec.to_builtins(done)})
    rows = [
        (each.participant, name, str(number))
        for each in done
        for name, number in (*each.rows.items(), *each.records.items())
    ]
    output.print_table([_("File"), _("Name"), _("Erased")], rows)
