"""What a rule is, and what becomes of it when a plugin is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, TypeVar

from msgspec import Struct

from spheres_core.facts import Message
from spheres_core.foundation.content.packs import Finding

Level = Literal["bronze", "silver", "gold"]
LEVELS: Final[tuple[Level, ...]] = ("bronze", "silver", "gold")
State = Literal["held", "failed", "exempt", "not_applicable"]

Judge = Callable[[Any, Any], Iterable[Finding]]
"""`judge(subject, ground)` gives what stands against the rule; it may raise `NotApplicable`."""
J = TypeVar("J", bound=Judge)


class NotApplicable(Exception):
    """There is nothing in this plugin, or on this machine, to judge the rule by; `reason` says what is missing."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(reason.msgid)


class Rule(Struct, frozen=True):
    """One promise of a plugin. Its id is never used again for another."""

    id: str
    sentence: Message
    judge: Judge
    code_only: bool
    """A pack has nothing that this rule is about."""

    @property
    def level(self) -> Level:
        """The level that needs it, by the letter of its id."""
        return {"B": LEVELS[0], "S": LEVELS[1], "G": LEVELS[2]}[self.id[0]]


class Judged(Struct, frozen=True):
    """A rule and what became of it. `reason`: why it is exempt, or why it does not apply."""

    rule: Rule
    state: State
    findings: tuple[Finding, ...] = ()
    reason: Message | None = None


RULES: Final[dict[str, Rule]] = {}
"""Every rule by its id, in the order in which they are judged."""


def rule(id_: str, sentence: Message, *, code_only: bool = False) -> Callable[[J], J]:
    """Make a judge the judge of a rule."""

    def declare(judge: J) -> J:
        if id_ in RULES:
            raise ValueError(f"the rule {id_} is there already")
        RULES[id_] = Rule(id_, sentence, judge, code_only)
        return judge

    return declare
