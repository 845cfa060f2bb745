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
from spheres_core.cli.output import Speaker, _
from spheres_core.cli.plugin.folder import plugin_folder
from spheres_core.conformance import assessment
from spheres_core.conformance.rules import LEVELS, Judged, Level, Rule
from spheres_core.facts import msg
from spheres_core.foundation import deployment

STATES: Final = {"held": _("held"), "failed": _("failed"), "exempt": _("exempt"), "not_applicable": _("not applicable")}
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
def check(speaker: Speaker, place: str, level: Level) -> int:
    root = plugin_folder(place)
    with speaker.working(_("Checking {plugin}"), plugin=root.name) as report:
        verdict = assessment.judge(
            root, app.machine(), home=deployment.home() / "checking", today=dt.datetime.now(dt.UTC).date(),
            up_to=level, report=_patient(speaker, report),
        )  # fmt: skip
    rules = [_told(speaker, each) for each in verdict.judged]
    speaker.answer(
        {"plugin": verdict.plugin, "level": verdict.level or "none", "rules": rules},
        *_lines(speaker, verdict.judged),
        escape(speaker.say(msg("{plugin}: {level}", plugin=verdict.plugin, level=speaker.say(NAMES[verdict.level])))),
    )
    return 0 if verdict.level else 1


def _patient(speaker: Speaker, report: Callable[[str], None]) -> Callable[[Rule], None]:
    started = time.monotonic()

    def tell(rule: Rule) -> None:
        if speaker.err.is_terminal and time.monotonic() - started > QUIET:
            report(f"{rule.id} {speaker.say(rule.sentence)}")

    return tell


def _told(speaker: Speaker, each: Judged) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": each.rule.id,
        "level": each.rule.level,
        "state": each.state,
        "rule": speaker.say(each.rule.sentence),
        "findings": [speaker.finding(found) for found in each.findings],
    }
    return {**told, "reason": speaker.say(each.reason)} if each.reason else told


def _lines(speaker: Speaker, judged: tuple[Judged, ...]) -> Iterator[str]:
    for each in judged:
        if each.state == "not_applicable":
            continue
        state = f" [dim]({escape(speaker.say(STATES[each.state]))})[/dim]" if each.state != "held" else ""
        yield f"{MARKS[each.state]} {each.rule.id:<3} {escape(speaker.say(each.rule.sentence))}{state}"
        if each.reason:
            yield f"      [dim]{escape(speaker.say(each.reason))}[/dim]"
        for found in each.findings:
            yield f"      {speaker.finding_line(found)}"
    beside: dict[str, list[str]] = {}
    for each in judged:
        if each.state == "not_applicable" and each.reason:
            beside.setdefault(speaker.say(each.reason), []).append(each.rule.id)
    for reason, ids in beside.items():
        yield f"[dim]- {', '.join(ids)}: {escape(speaker.say(STATES['not_applicable']))}. {escape(reason)}[/dim]"
