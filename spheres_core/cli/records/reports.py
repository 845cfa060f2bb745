"""`spheres report`: the reports that plugins of a tenant declare, as their pages show them."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
import rich_click as click
from msgspec import Struct
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.private_files import require_free, write_private_file
from spheres_core.facts import msg
from spheres_core.foundation.content.table_files import FileKind
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.api_schemas.reports import ReportListed
from spheres_core.site.operations.reports import TakenAs, take_report
from spheres_core.site.queries.reports import readable_report, usual_period
from spheres_core.site.report_periods import Period
from spheres_core.site.views import reports as views

Format = Literal["csv", "xlsx", "json"]


class TakenReport(Struct, frozen=True):
    """A report in one of its forms; the others are empty."""

    period: Period
    hidden: int
    content: bytes = b""
    columns: list[str] = []
    rows: list[list[str]] = []


@command("report list", examples=["spheres report list --tenant my-region"])
@tenant_option
def list_reports(output: Output, slug: str) -> None:
    found = environment.run_for_tenant(output, slug, _listed)
    output.print_result(
        [{"name": each.name, "title": str(each.title), "whole_periods": each.whole_periods} for each in found]
    )
    rows = [(each.name, escape(each.title)) for each in found]
    output.print_table([_("Name"), _("Title")], rows, unbroken=[_("Name")])


@command(
    "report run",
    examples=[
        "spheres report run night_bus.rides --tenant my-region --from 2026-10-01 --to 2026-10-31",
        "spheres report run night_bus.rides --tenant my-region --out rides.xlsx",
    ],
)
@click.argument("name", metavar="REPORT")
@tenant_option
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), default=None, help=_("The first day."))
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), default=None, help=_("The last day."))
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "json"]), default=None,
              help=_("A file's format instead of a table to read. A workbook (xlsx) needs --out."))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help=_("The file to write, which only its owner reads; its ending says the format."))  # fmt: skip
@click.option("--force", is_flag=True, help=_("Replace the file when it is there."))
def run_report(
    output: Output, name: str, slug: str, since: datetime | None, until: datetime | None, kind: Format | None,
    out: Path | None, force: bool,
) -> None:  # fmt: skip
    chosen = kind or _format_of(out) or ("json" if output.json else None)
    if chosen == "xlsx" and out is None:
        raise CommandError(msg("A workbook is written to a file: name it with --out."), code=2)
    if out is not None:
        require_free(out, force=force)
    asked = Period(since.date() if since else None, until.date() if until else None)
    taken: TakenReport = environment.run_for_tenant(output, slug, lambda ctx: _take(ctx, name, asked, chosen))
    if out is not None:
        write_private_file(out, taken.content, force=force)
        written = msg("Written to {file}.", file=str(out))
        output.print_result({"ok": True, "file": str(out), "hidden": taken.hidden},
                            f"[green]✓[/green] {escape(output.say(written))}")  # fmt: skip
    elif chosen:
        sys.stdout.write(taken.content.decode())
    else:
        _print(output, taken)


def _format_of(out: Path | None) -> Format | None:
    endings: dict[str, Format] = {".csv": "csv", ".xlsx": "xlsx", ".json": "json"}
    if out is None:
        return None
    if out.suffix.lower() not in endings:
        raise CommandError(msg("{file} ends neither with .csv nor with .xlsx nor with .json.", file=str(out)), code=2)
    return endings[out.suffix.lower()]


def _print(output: Output, taken: TakenReport) -> None:
    if taken.period != Period():
        output.print_notice(views.FROM_TO, since=taken.period.since or "…", until=taken.period.until or "…")
    output.print_table(taken.columns, [[escape(cell) for cell in row] for row in taken.rows])
    if not taken.rows:
        output.print_notice(_("Nothing to report"))
    if taken.hidden:
        hidden = output.say_number("{n} group of few persons is hidden.", "{n} groups of few persons are hidden.",
                                   taken.hidden)  # fmt: skip
        output.err.print(escape(hidden))


async def _listed(ctx: Context) -> list[ReportListed]:
    return views.listed(ctx)


async def _take(ctx: Context, name: str, asked: Period, kind: Format | None) -> TakenReport:
    plan = readable_report(ctx, name)
    as_file: dict[Format, FileKind] = {"csv": "csv", "xlsx": "xlsx"}
    taken_as: TakenAs = kind or "text"
    period = asked if asked != Period() or not plan.report.period else usual_period(ctx, plan)
    read = await take_report(ctx, name, period, taken_as=taken_as)
    if kind == "json":
        content = msgspec.json.format(msgspec.json.encode(views.answer(ctx, read), enc_hook=str)) + b"\n"
    elif kind is not None:
        content = views.written_file(ctx, read, as_file[kind]).content
    else:
        columns, rows = views.written_rows(ctx, read)
        return TakenReport(read.period, read.hidden, columns=columns, rows=rows)
    return TakenReport(read.period, read.hidden, content)
