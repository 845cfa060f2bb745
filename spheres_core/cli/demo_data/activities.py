"""Outings of a region and who comes along: two that were, one to come, each with her words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final
from uuid import UUID

from spheres_core.activities.operations import attendance, invitations, outings
from spheres_core.activities.queries import catalogue
from spheres_core.activities.queries import invitations as queries
from spheres_core.activities.queries import outings as outing_queries
from spheres_core.activities.schemas.invitations import (
    AttendancePosted,
    OutingInvitationChanged,
    OutingInvitationPosted,
)
from spheres_core.activities.schemas.outings import OutingBudget, OutingPosted
from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.partners.queries.catalogue import in_use
from spheres_core.plans.schemas.needs import StrengthPosted

DAY: Final = dt.timedelta(days=1)
AWAY: Final = (-40, -9, 6)
"""Days from now to each outing."""
EVERY: Final = 2
"""Every so many-th person comes along."""
SEATS: Final = 12
COST: Final = (0, 1250, 0)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields, for each outing while she takes part, that she is asked and, once it was, how it went."""
    person = file.person
    if person.course in ("proposed", "not_started") or person.number % EVERY:
        return
    for number, days in enumerate(AWAY):
        at = _moment(file, days)
        asked = min(at - 5 * DAY, file.region.now - 2 * DAY)
        ends = file.region.now + 30 * DAY if person.course == "followed" else person.ended
        if person.begun + 5 * DAY < asked and at + 2 * DAY < ends:
            yield Act(asked, file.pivot(asked), partial(_ask, number=number, at=at))
            yield Act(at + DAY, file.pivot(at + DAY), partial(_tell, number=number, at=at))


def _moment(file: DemoFile, days: int) -> dt.datetime:
    return (file.region.now + days * DAY).replace(hour=21, minute=30, second=0, microsecond=0)


async def _ask(ctx: Context, file: DemoFile, *, number: int, at: dt.datetime) -> None:
    access = await opened(ctx, file)
    if not reaches(ctx, access, "activities", act="write", on=at.astimezone(ctx.zone).date()):
        return
    outing = await _outing(ctx, file, number, at)
    if await outing_queries.taken(ctx, outing) >= SEATS:
        return
    hers = reaches(ctx, access, "own_words", act="write")
    expects = file.say(words.HOW_SHE_EXPECTS_IT, file.person.number) if hers else ""
    answer = "later" if file.person.number % 5 == 4 else "yes"
    posted = OutingInvitationPosted(outing, "encounter", answer, expects=expects)  # type: ignore[arg-type]
    await invitations.invite(ctx, access, posted)


async def _tell(ctx: Context, file: DemoFile, *, number: int, at: dt.datetime) -> None:
    """Notes that she came and what she said, of most of those who said yes."""
    access = await opened(ctx, file)
    if not reaches(ctx, access, "activities", act="write"):
        return
    found = [each for each in (await queries.list_invitations(ctx, access)).items if each.at == at]
    if not found or file.person.number % 5 == 4:
        return
    await attendance.note_attendance(ctx, found[0].outing, AttendancePosted([file.code]))
    noted = await queries.read_invitation(ctx, access, found[0].id)
    if noted.felt is not None:
        felt = file.say(words.HOW_IT_FELT, file.person.number + number)
        said = OutingInvitationChanged(noted.version, noted.answer, noted.need, noted.expects or "", felt)
        await invitations.change_invitation(ctx, access, noted.id, said)
    if number == 0 and reaches(ctx, access, "needs_and_plan", act="write"):
        strength = StrengthPosted(file.say(words.FOUND_THERE, file.person.number), "both")
        await invitations.record_found(ctx, access, noted.id, strength)


async def _outing(ctx: Context, file: DemoFile, number: int, at: dt.datetime) -> UUID:
    """Returns the outing at that moment, which the first who is asked lets be planned."""
    for each in (await outing_queries.list_outings(ctx)).items:
        if each.at == at:
            return each.id
    offered = list(in_use(catalogue.activities(ctx)))
    posted = OutingPosted(
        offered[number % len(offered)], at, file.say(words.WHERE_ONE_MEETS, number), SEATS, cost_cents=COST[number],
        transport=file.say(words.HOW_ONE_GETS_THERE, number),
        organization=file.region.employers.get("service", "") if number % 2 else "",
    )  # fmt: skip
    made = (await outings.plan_outing(ctx, posted)).items[0].id
    await outings.set_budget(ctx, made, OutingBudget(1, planned_cents=18_000 + 2_500 * number))
    return made
