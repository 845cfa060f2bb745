"""Checks every rule on one plugin, and finds the level that it reaches."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import structlog
from msgspec import Struct

from spheres_core.conformance import bronze, gold, silver
from spheres_core.conformance.config import Config, read_config
from spheres_core.conformance.live_run import CheckEnvironment
from spheres_core.conformance.plugin_under_test import PluginUnderTest, Unusable
from spheres_core.conformance.rules import LEVELS, RULES, Level, NotApplicable, Rule, RuleResult
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.plugins.discovery import Machine

RULE_MODULES = (bronze, silver, gold)
"""The modules whose import declares the rules, in the order of the levels."""
log = structlog.get_logger("spheres.conformance")


class Assessment(Struct, frozen=True):
    """Holds the result of each rule for one plugin."""

    plugin: str
    results: tuple[RuleResult, ...]

    @property
    def level(self) -> Level | None:
        """Returns the highest level of which, and of all below it, every rule holds, is exempt or does not apply."""
        reached = None
        for level in LEVELS:
            mine = [each for each in self.results if each.rule.level == level]
            if not mine or any(each.state in ("failed", "not_looked_at") for each in mine):
                break
            reached = level
        return reached


def assess(
    root: Path,
    others: Machine,
    *,
    home: Path,
    today: dt.date,
    up_to: Level = "gold",
    only: Collection[str] = (),
    report: Callable[[Rule], None] = lambda _: None,
) -> Assessment:
    """Checks the plugin in a folder by every rule up to a level. `home` is where the database of the checks is kept.

    `beside` are the other plugins of the machine: those it requires, and those it must go together with. `only`: these
    rules alone, for tests of one rule.
    """
    config, wrong = read_config(root, today)
    plugin = PluginUnderTest(root, others, config)
    environment = CheckEnvironment(plugin, home)
    if plugin.is_readable and plugin.has_code and (not only or {"B3", "B4"} & {*only}):
        bronze.probe_import(plugin.root, plugin.id)  # as long as nothing of it is imported here, this is the quickest
    results = []
    with contextlib.closing(environment):
        for rule in rules_up_to(up_to):
            if only and rule.id not in only:
                continue
            report(rule)
            found = _check_rule(rule, plugin, environment)
            if rule.id == "B1" and wrong:
                found = RuleResult(rule, "failed", (*wrong, *found.findings))
            results.append(_exempt(found, config))
    return Assessment(plugin.id, _with_a_cause(results, plugin))


def rules_up_to(level: Level) -> Sequence[Rule]:
    """Returns the rules of a level and of those below it."""
    chosen = [rule for rule in RULES.values() if LEVELS.index(rule.level) <= LEVELS.index(level)]
    return sorted(chosen, key=lambda rule: LEVELS.index(rule.level))


def _check_rule(rule: Rule, plugin: PluginUnderTest, environment: CheckEnvironment) -> RuleResult:
    findings: list[Finding] = []
    try:
        if rule.code_only and plugin.is_readable and not plugin.has_code:
            return RuleResult(rule, "not_applicable", reason=msg("A pack has no code and no tables."))
        findings.extend(rule.check(plugin, environment))
    except NotApplicable as none:
        return RuleResult(rule, "not_applicable", reason=none.reason)
    except Unusable as unusable:
        return RuleResult(rule, "not_looked_at", reason=unusable.reason)
    except ContentInvalid as invalid:
        findings.extend(invalid.findings)
    except Exception as error:
        log.warning("conformance.rule_failed", rule=rule.id, error=type(error).__name__)
        sentence = msg("This rule could not be carried out: {reason}", reason=f"{type(error).__name__}: {error}"[:300])
        findings.append(plugin.manifest_finding(sentence))
    failed = any(each.severity == "error" for each in findings)
    return RuleResult(rule, "failed" if failed else "held", tuple(findings))


def _with_a_cause(results: list[RuleResult], plugin: PluginUnderTest) -> tuple[RuleResult, ...]:
    """One cause fails one rule: B2 says why a plugin cannot be loaded; where B2 was not asked, the first rule does."""
    if not any(each.state == "failed" for each in results):
        for number, each in enumerate(results):
            if each.state == "not_looked_at" and each.reason is not None:
                sentence = msg("This cannot be looked at: {reason}", reason=each.reason)
                results[number] = RuleResult(each.rule, "failed", (plugin.manifest_finding(sentence),))
                break
    return tuple(results)


def _exempt(found: RuleResult, config: Config) -> RuleResult:
    for each in config.exemptions:
        if each.rule == found.rule.id and found.state == "failed":
            sentence = msg("{reason} Until {day}.", reason=each.reason, day=each.until.isoformat())
            return RuleResult(found.rule, "exempt", found.findings, sentence)
    return found
