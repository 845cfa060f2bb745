"""Declares the rules, and what the result of one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, TypeVar

from msgspec import Struct

from spheres_core.facts import Message
from spheres_core.foundation.content.packs import Finding

Level = Literal["bronze", "silver", "gold"]
LEVELS: Final[tuple[Level, ...]] = ("bronze", "silver", "gold")
State = Literal["held", "failed", "exempt", "not_applicable", "not_looked_at"]

RuleCheck = Callable[[Any, Any], Iterable[Finding]]
"""`check(plugin, environment)` yields what breaks the rule; it may raise `NotApplicable`."""
C = TypeVar("C", bound=RuleCheck)


class NotApplicable(Exception):
    """There is nothing in this plugin, or on this machine, to check the rule with; `reason` says what is missing."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(reason.msgid)


class Rule(Struct, frozen=True):
    """One promise of a plugin. Its id is never used again for another."""

    id: str
    sentence: Message
    check: RuleCheck
    code_only: bool
    """A pack has nothing that this rule is about."""

    @property
    def level(self) -> Level:
        """Returns the level that needs it, by the letter of its id."""
        return {"B": LEVELS[0], "S": LEVELS[1], "G": LEVELS[2]}[self.id[0]]


class RuleResult(Struct, frozen=True):
    """The result of one rule, which warnings among the findings leave held.

    `reason`: why it is exempt, does not apply, or could not be looked at because another rule failed.
    """

    rule: Rule
    state: State
    findings: tuple[Finding, ...] = ()
    reason: Message | None = None


RULES: Final[dict[str, Rule]] = {}
"""Every rule by its id, in the order in which they are checked."""


def rule(id_: str, sentence: Message, *, code_only: bool = False) -> Callable[[C], C]:
    """Declares a function as the check of a rule."""

    def declare(check: C) -> C:
        if id_ in RULES:
            raise ValueError(f"the rule {id_} is there already")
        RULES[id_] = Rule(id_, sentence, check, code_only)
        return check

    return declare
