"""Agreements of the demo: what she agreed to, what she took back, and who is kept away from her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.committee.operations import meeting_names
from spheres_core.committee.schemas.meeting_names import MeetingNamePosted
from spheres_core.consents.api_schemas import (
    ConsentPosted,
    ExclusionPosted,
    ExplanationPosted,
    LinePosted,
    WithdrawalPosted,
)
from spheres_core.consents.queries.answers import list_consents
from spheres_core.consents.queries.applied_authority import authority_for
from spheres_core.consents.schemas import MEETING_NAME, TEAM, Giver
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import consents

CLASSES: Final = (
    "identity", "safe_contact", "needs_and_plan", "encounters", "own_words", "stages", "emergency_plan", "activities",
    "service_requests", "committee", "legal",
)  # fmt: skip
DISCUSSED: Final = ("committee", "participation", "own_words", "needs_and_plan")
"""Classes that those who let a partner think along let it discuss in a committee."""
CALLED: Final = {0: "Lune", 20: "Lune"}
"""By number, the name by which somebody lets that partner call her in a committee, where files are in French: of who is
on the agenda of the next meeting, where the first goes on in another region and where she stays."""
WITHOUT: Final[dict[int, tuple[str, ...]]] = {3: ("own_words",), 12: ("identity", "legal"), 21: ("own_words", "stages")}
"""By number, what somebody did not agree to."""
FOR_A_PARTNER: Final = 5
"""Every so many-th person lets a partner read what is asked of it."""
IN_EMERGENCY: Final = 2
"""Every so many-th person lets that partner open her plan in an emergency."""
TAKEN_BACK: Final = {10: "own_words", 24: "legal", 33: "activities"}
"""By number, the class of the line that was taken back."""
ALL_TAKEN_BACK: Final = 30
KEPT_AWAY: Final = (8, 20, 32, 42)
"""Numbers of those who do not want the other pivot worker."""
GIVERS: Final[tuple[Giver, ...]] = ("herself", "parent", "benefit")
DAY: Final = dt.timedelta(days=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields what she agreed to and what she refused."""
    person = file.person
    if person.course in ("proposed", "not_started"):
        return
    first = person.begun + DAY
    pivot = file.pivot(first)
    yield Act(first, pivot, _explain_limits)
    yield Act(first + dt.timedelta(hours=1), pivot, _agree)
    if person.number in KEPT_AWAY:
        yield Act(first + 2 * DAY, pivot, _keep_other_away)
    later = person.begun + (person.ended - person.begun) * 0.7
    if person.number in TAKEN_BACK or person.number == ALL_TAKEN_BACK:
        yield Act(later, file.pivot(later), _take_back)


async def _explain_limits(ctx: Context, file: DemoFile) -> None:
    await consents.explain_limits(ctx, await opened(ctx, file), ExplanationPosted())


async def _agree(ctx: Context, file: DemoFile) -> None:
    person = file.person
    age = person.age_on(ctx.today)
    holder = ctx.actor.organization
    found = await authority_for(ctx, "information", AgeRange(age, age), ctx.today, holder=holder)
    giver = next((each for each in GIVERS if each in found.authority.givers), None)
    if giver is None:  # the region's legal profile does not say who may consent: then nothing is open
        return
    lines = [LinePosted(TEAM, each, "follow_up") for each in CLASSES if each not in WITHOUT.get(person.number, ())]
    partner = file.region.employers.get("service")
    if partner and person.number % FOR_A_PARTNER == 0:
        lines += [LinePosted(partner, each, "service") for each in ("participation", "service_requests")]
        lines += [
            LinePosted(recipient, each, "committee", "discuss") for recipient in (TEAM, partner) for each in DISCUSSED
        ]
    called = CALLED.get(person.number, "") if partner and file.region.language == "fr" else ""
    if partner and called:
        lines += [
            LinePosted(TEAM, MEETING_NAME, "follow_up"),
            LinePosted(partner, MEETING_NAME, "committee", "discuss"),
        ]
    if partner and person.number % IN_EMERGENCY == 0:
        lines += [LinePosted(partner, each, "emergency") for each in ("emergency_plan", "safe_contact")]
    benefit = file.say(words.BENEFIT, 0) if giver == "benefit" else ""
    posted = ConsentPosted(
        "information", ctx.today, "spoken", giver, age, lines, holder, file.say(words.AGREEING, person.number), benefit
    )
    await consents.give_consent(ctx, await opened(ctx, file), posted)
    if called:
        await meeting_names.write_name(ctx, await opened(ctx, file), MeetingNamePosted(0, called))


async def _take_back(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    for consent in (await list_consents(ctx, access.decided, "")).items:
        if consent.kind == "information" and consent.state == "holds":
            hers = TAKEN_BACK.get(file.person.number)
            line = next((each.id for each in consent.lines if each.information == hers), None)
            await consents.take_back(ctx, access, consent.id, WithdrawalPosted(line))


async def _keep_other_away(ctx: Context, file: DemoFile) -> None:
    other = file.region.staff[file.other(ctx.now).address]
    await consents.exclude(ctx, await opened(ctx, file), ExclusionPosted("her_wish", other))
