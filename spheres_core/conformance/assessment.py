"""Every rule over one plugin, and the level that it reaches."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import structlog
from msgspec import Struct

from spheres_core.conformance import bronze, gold, silver
from spheres_core.conformance.config import Trial, read_trial
from spheres_core.conformance.live_run import Ground
from spheres_core.conformance.plugin_under_test import Subject, Unusable
from spheres_core.conformance.rules import LEVELS, RULES, Judged, Level, NotApplicable, Rule
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.plugins.plugin_set import Machine

TOPICS = (bronze, silver, gold)
"""The modules whose import declares the rules, in the order of the levels."""
log = structlog.get_logger("spheres.conformance")


class Verdict(Struct, frozen=True):
    """A plugin and what became of each rule."""

    plugin: str
    judged: tuple[Judged, ...]

    @property
    def level(self) -> Level | None:
        """The highest level of which, and of all below it, every rule holds, is exempt or does not apply."""
        reached = None
        for level in LEVELS:
            mine = [each for each in self.judged if each.rule.level == level]
            if not mine or any(each.state == "failed" for each in mine):
                break
            reached = level
        return reached


def judge(
    root: Path,
    beside: Machine,
    *,
    home: Path,
    today: dt.date,
    up_to: Level = "gold",
    only: Collection[str] = (),
    report: Callable[[Rule], None] = lambda _: None,
) -> Verdict:
    """Judge the plugin in a folder by every rule up to a level. `home` is where the database of the checks is kept.

    `beside` are the other plugins of the machine: those it requires, and those it must go together with. `only`: these
    rules alone, for tests of one rule.
    """
    trial, wrong = read_trial(root, today)
    subject = Subject(root, beside, trial)
    ground = Ground(subject, home)
    judged = []
    with contextlib.closing(ground):
        for rule in rules_up_to(up_to):
            if only and rule.id not in only:
                continue
            report(rule)
            found = _judge(rule, subject, ground)
            if rule.id == "B1" and wrong:
                found = Judged(rule, "failed", (*wrong, *found.findings))
            judged.append(_exempt(found, trial))
    return Verdict(subject.id, tuple(judged))


def rules_up_to(level: Level) -> Sequence[Rule]:
    """The rules of a level and of those below it."""
    chosen = [rule for rule in RULES.values() if LEVELS.index(rule.level) <= LEVELS.index(level)]
    return sorted(chosen, key=lambda rule: LEVELS.index(rule.level))


def _judge(rule: Rule, subject: Subject, ground: Ground) -> Judged:
    findings: list[Finding] = []
    try:
        if rule.code_only and subject.readable and not subject.code:
            return Judged(rule, "not_applicable", reason=msg("A pack has no code and no tables."))
        findings.extend(rule.judge(subject, ground))
    except NotApplicable as none:
        return Judged(rule, "not_applicable", reason=none.reason)
    except Unusable as unusable:
        sentence = msg("This cannot be looked at: {reason}", reason=unusable.reason)
        findings.append(subject.in_manifest(sentence))
    except ContentInvalid as invalid:
        findings.extend(invalid.findings)
    except Exception as error:
        log.warning("conformance.rule_failed", rule=rule.id, error=type(error).__name__)
        sentence = msg("This rule could not be carried out: {reason}", reason=f"{type(error).__name__}: {error}"[:300])
        findings.append(subject.in_manifest(sentence))
    return Judged(rule, "failed" if findings else "held", tuple(findings))


def _exempt(found: Judged, trial: Trial) -> Judged:
    for each in trial.exemptions:
        if each.rule == found.rule.id and found.state == "failed":
            sentence = msg("{reason} Until {day}.", reason=each.reason, day=each.until.isoformat())
            return Judged(found.rule, "exempt", found.findings, sentence)
    return found
