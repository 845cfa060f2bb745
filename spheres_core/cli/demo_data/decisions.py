"""Reporting decisions of a few files: what a worker decided and why, after talking with her. Nobody is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.followups.operations import reporting_decisions
from spheres_core.followups.schemas.reporting_decisions import DecisionCode, ReportingDecisionPosted
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches

DECIDED: Final[Mapping[int, DecisionCode]] = {
    5: "consulted", 10: "not_reported", 13: "already_known", 27: "consulted", 55: "not_reported"
}  # fmt: skip
"""By number of the person."""
REASONS: Final[Mapping[DecisionCode, int]] = {"consulted": 0, "not_reported": 1, "already_known": 2}


def part(file: DemoFile) -> Iterator[Act]:
    """Yields a decision of her pivot worker."""
    person = file.person
    if person.number in DECIDED and person.course not in ("proposed", "not_started"):
        at = person.begun + (person.ended - person.begun) * 0.4
        yield Act(at, file.pivot(at), _decide)


async def _decide(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if not reaches(ctx, access, "legal", act="write"):
        return
    decision = DECIDED[file.person.number]
    await reporting_decisions.record_decision(
        ctx,
        access,
        ReportingDecisionPosted(
            decision,
            "youth_protection" if file.person.age_on(ctx.today) < 18 else "police",
            ctx.today,
            "before",
            file.say(words.DECIDED, REASONS[decision]),
            "phone" if decision == "consulted" else None,
        ),
    )
