"""`spheres plugin check`: what a plugin holds of what others may expect of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.plugin.plugin_folder import find_plugin_folder
from spheres_core.conformance import assessment
from spheres_core.conformance.rules import LEVELS, Level, Rule, RuleResult
from spheres_core.facts import msg
from spheres_core.foundation import deployment

STATES: Final = {"held": _("held"), "failed": _("failed"), "exempt": _("exempt"), "not_applicable": _("not applicable"),
                 "not_looked_at": _("not looked at")}  # fmt: skip
BESIDE: Final = ("not_applicable", "not_looked_at")
"""States that are said in one line for all rules with the same reason."""
MARKS: Final = {"held": "[green]✓[/green]", "failed": "[red]✗[/red]", "exempt": "[yellow]~[/yellow]"}
NAMES: Final = {None: _("no level"), "bronze": _("bronze level"), "silver": _("silver level"), "gold": _("gold level")}
QUIET: Final = 2.0
"""Seconds without a word; after that the rule that is being looked at is named."""


@command(
    "plugin check",
    examples=["spheres plugin check plugins/my_plugin", "spheres plugin check my_plugin --level bronze --json"],
)
@click.argument("place", metavar="DIR")
@click.option("--level", type=click.Choice(LEVELS), default="gold", help=_("Judge up to this level only."))
def check(output: Output, place: str, level: Level) -> int:
    root = find_plugin_folder(place)
    with output.progress(_("Checking {plugin}"), plugin=root.name) as report:
        assessed = assessment.assess(
            root, app.machine(), home=deployment.home() / "checking", today=dt.datetime.now(dt.UTC).date(),
            up_to=level, report=_patient(output, report),
        )  # fmt: skip
    rules = [_as_dict(output, each) for each in assessed.results]
    output.print_result(
        {"plugin": assessed.plugin, "level": assessed.level or "none", "rules": rules},
        *_lines(output, assessed.results),
        escape(output.say(msg("{plugin}: {level}", plugin=assessed.plugin, level=output.say(NAMES[assessed.level])))),
    )
    return 0 if assessed.level else 1


def _patient(output: Output, report: Callable[[str], None]) -> Callable[[Rule], None]:
    started = time.monotonic()

    def report_rule(rule: Rule) -> None:
        if output.err.is_terminal and time.monotonic() - started > QUIET:
            report(f"{rule.id} {output.say(rule.sentence)}")

    return report_rule


def _as_dict(output: Output, each: RuleResult) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": each.rule.id,
        "level": each.rule.level,
        "state": each.state,
        "rule": output.say(each.rule.sentence),
        "findings": [output.finding_as_dict(found) for found in each.findings],
    }
    return {**described, "reason": output.say(each.reason)} if each.reason else described


def _lines(output: Output, results: tuple[RuleResult, ...]) -> Iterator[str]:
    for each in results:
        if each.state in BESIDE:
            continue
        state = f" [dim]({escape(output.say(STATES[each.state]))})[/dim]" if each.state != "held" else ""
        yield f"{MARKS[each.state]} {each.rule.id:<3} {escape(output.say(each.rule.sentence))}{state}"
        if each.reason:
            yield f"      [dim]{escape(output.say(each.reason))}[/dim]"
        for found in each.findings:
            yield f"      {output.finding_line(found)}"
    beside: dict[tuple[str, str], list[str]] = {}
    for each in results:
        if each.state in BESIDE and each.reason:
            beside.setdefault((each.state, output.say(each.reason)), []).append(each.rule.id)
    for (state, reason), ids in beside.items():
        yield f"[dim]- {', '.join(ids)}: {escape(output.say(STATES[state]))}. {escape(reason)}[/dim]"
