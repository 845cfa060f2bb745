"""`spheres form try`: what a rule's value is, without a form; for authors, and for comparing with other programs."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import rich_click as click
from rich.markup import escape

from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.forms.expressions import Clock, clock_at
from spheres_core.forms.rule_trials import KINDS, TableInvalid, TriedRow, tried_rows
from spheres_core.forms.rule_trials import try_rule as rule_tried

SUITES_ZONE: Final = "America/Phoenix"
"""The zone in which the test suites of Enketo and ODK Web Forms run, so that dates are the same numbers."""


@command(
    "form try",
    examples=[
        'spheres form try "today() - ${born} < 18 * 365.25" --values \'{"born": "2010-03-15"}\'',
        'spheres form try ". > 3" --own 5 --json',
        "spheres form try --table rules.tsv",
    ],
)
@click.argument("expression", metavar="EXPRESSION", required=False)
@click.option("--values", "written", metavar="JSON", default="{}", help=_('Answers by name, such as {"age": 17}.'))
@click.option("--own", metavar="TEXT", default="", help=_("The answer that “.” stands for."))
@click.option("--zone", metavar="ZONE", default=SUITES_ZONE, show_default=True, help=_("Time zone of dates."))
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", default=None,
              help=_("Rules with tabs between expression, values, own, kind and expected."))  # fmt: skip
def try_rule(output: Output, expression: str | None, written: str, own: str, zone: str, table: Path | None) -> int:
    if (expression is None) == (table is None):
        raise CommandError(msg("Give a rule, or a table of them with --table."))
    clock = _clock(zone)
    if table is not None:
        return _try_table(output, table, clock)
    return _try_one(output, expression or "", _values(written), own, clock)


def _clock(zone: str) -> Clock:
    try:
        return clock_at(dt.datetime.now(ZoneInfo(zone)))
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandError(msg("{zone}: there is no such time zone.", zone=zone)) from None


def _values(written: str) -> dict[str, Any]:
    try:
        values = json.loads(written)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise CommandError(msg("The values are a JSON object, by the name of the question."))
    return values


def _try_one(output: Output, expression: str, values: dict[str, Any], own: str, clock: Clock) -> int:
    tried = rule_tried(expression, values, own, clock)
    if tried.refused is not None:
        said = output.say(tried.refused)
        output.print_result({"ok": False, "refused": said}, f"[red]✗[/red] {escape(said)}")
        return 1
    output.print_result(
        {
            "ok": True,
            "kind": tried.kind,
            "value": tried.as_kind(tried.kind if tried.kind in KINDS else "string"),
            "boolean": tried.boolean,
            "number": tried.number,
            "string": tried.string,
        },
        f"[bold]{escape(str(tried.string))}[/bold] [dim]({output.say(_KINDS[tried.kind])})[/dim]",
    )
    return 0


_KINDS: Final = {
    "boolean": msg("true or false"),
    "number": msg("number"),
    "string": msg("text"),
    "date": msg("date"),
    "list": msg("answers of several entries"),
}


def _try_table(output: Output, table: Path, clock: Clock) -> int:
    try:
        rows = list(tried_rows(table.read_bytes().decode(), clock))
    except OSError:
        raise CommandError(msg("{file}: there is no such file.", file=str(table))) from None
    except UnicodeDecodeError:
        raise CommandError(msg("{file}: this is no text in UTF-8.", file=str(table))) from None
    except TableInvalid as invalid:
        raise CommandError(invalid.message) from None
    counts = Counter(row.result for row in rows)
    different = [row for row in rows if row.result == "different"]
    sentence = msg(
        "{agree} agree, {refused} are refused, {different} differ.",
        agree=counts["agree"], refused=counts["refused"], different=counts["different"],
    )  # fmt: skip
    output.print_result(
        {
            "agree": counts["agree"],
            "refused": counts["refused"],
            "different": counts["different"],
            "differences": [_row(output, row) for row in different],
            "refusals": [_row(output, row) for row in rows if row.result == "refused"],
        },
        escape(output.say(sentence)),
    )
    titles = (_("Line"), _("Rule"), _("Expected"), _("Here"))
    if different:
        output.print_table(titles, [
            [str(row.line), escape(row.expression), escape(row.expected), escape(json.dumps(row.found))]
            for row in different
        ])  # fmt: skip
    return 1 if different else 0


def _row(output: Output, row: TriedRow) -> dict[str, Any]:
    told = {"line": row.line, "expression": row.expression, "values": row.values, "own": row.own}
    if row.reason is not None:
        return {**told, "reason": output.say(row.reason)}
    return {**told, "kind": row.kind, "expected": json.loads(row.expected), "found": row.found}
