"""Hands files over: one worker offers, another accepts or declines, and she is told in between and may say no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from sqlalchemy import Date, Text, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.schemas import FOREVER, TEAM, Act
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations import assignments
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import assignments as assignment_queries
from spheres_core.followups.queries import hand_overs as queries
from spheres_core.followups.queries.carried import CLASSES, carried_with
from spheres_core.followups.queries.hand_overs import hand_overs
from spheres_core.followups.queries.participations import open_one
from spheres_core.followups.schemas.hand_overs import (
    Carried,
    HandOver,
    HandOverFound,
    HandOverPosted,
    HandOvers,
    HandOverState,
    HerAnswer,
)
from spheres_core.followups.states import ENDED
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import drafts
from spheres_core.participants.queries.access import find_for_caller

KNOW: tuple[Act, ...] = ("read",)
ADD = prepare(insert(hand_overs).on_conflict_do_nothing().returning(hand_overs.c.id))
END = prepare(
    hand_overs.update()
    .where(scoped(hand_overs), hand_overs.c.id == bindparam("which"), hand_overs.c.state == "offered")
    .values(state=bindparam("to", type_=Text()), ended_at=bindparam("now"))
)
ANSWER = prepare(
    hand_overs.update()
    .where(scoped(hand_overs), hand_overs.c.id == bindparam("which"), hand_overs.c.state == "offered")
    .values(her_answer=bindparam("said", type_=Text()), answered_on=bindparam("today", type_=Date()))
)


class HandOverUnknown(NotFound):
    """There is no such hand-over that waits, or none that the caller may know of."""


class NothingToHandOver(Invalid):
    """No file is named, or one is not the caller's to hand over."""

    code = "nothing_to_hand_over"
    message = msg("Choose files that are yours to hand over, by their codes.")


class AlreadyOffered(Conflict):
    """This file is being offered to somebody."""

    code = "already_offered"
    message = msg("One of these files is being handed over already.")


class SheRefuses(Conflict):
    """She does not wish it, and that settles it."""

    code = "she_refuses"
    message = msg("She does not wish to be followed by this person.")


class SheWasNotTold(Conflict):
    """Nobody has told her yet."""

    code = "she_was_not_told"
    message = msg("She has to be told first. Note what she said, or that she could not be reached.")


async def offer(ctx: Context, posted: HandOverPosted) -> HandOvers:
    """Offers files to another worker, who answers for each. Whoever follows her goes on until then.

    Raises `NothingToHandOver`, `WorkerInvalid`, `AlreadyOffered`, `SheRefuses`.
    """
    if posted.her_answer == "refuses":
        raise SheRefuses
    files = await _files(ctx, posted)
    reader = await read_for(ctx, "follow_up")
    carried = await carried_with(ctx, reader, [participant for participant, _ in files])
    made = []
    async with as_system(ctx):
        for participant, code in files:
            made.append(await _offer(ctx, participant, code, posted, carried[participant]))
    return HandOvers(made)


async def note_her_answer(ctx: Context, id: UUID, said: HerAnswer) -> None:
    """Notes what she said to the next worker. When she refuses, the offer is taken back.

    Raises `HandOverUnknown`.
    """
    found = await _found(ctx, id)
    async with as_system(ctx):
        noted = ANSWER.of(which=id, said=said, today=ctx.today)
        details = {"hand_over": str(id), "her_answer": said}
        subject = ("participant", found.participant_id)
        await audit.record(ctx, "hand_over.told", subject=subject, details=details, doing=[noted])
        if said == "refuses":
            await _end(ctx, found, "withdrawn")


async def accept(ctx: Context, id: UUID) -> None:
    """Takes a file over: from now on the actor follows her, and who did so no longer does.

    Raises `HandOverUnknown` also for somebody else's, `SheWasNotTold`, `WorkerInvalid`, `AlreadyAssigned`.
    """
    found = await _offered_to_actor(ctx, id)
    if found.her_answer is None:
        raise SheWasNotTold
    async with as_system(ctx):
        await _end(ctx, found, "accepted")
        await assignments.assign(ctx, found.participant_id, found.to_staff, found.part)
        if found.from_staff is not None:
            await drafts.hand_on(ctx, found.participant_id, giver=found.from_staff, taker=found.to_staff)


async def decline(ctx: Context, id: UUID) -> None:
    """Leaves a file with who has it. Raises `HandOverUnknown` also for somebody else's."""
    found = await _offered_to_actor(ctx, id)
    async with as_system(ctx):
        await _end(ctx, found, "declined")


async def withdraw(ctx: Context, id: UUID) -> None:
    """Takes an offer back. Raises `HandOverUnknown` for one that is not the actor's to take back."""
    found = await _found(ctx, id)
    if ctx.actor.id not in (found.from_staff, found.offered_by) and not ctx.may(ASSIGN):
        raise HandOverUnknown
    async with as_system(ctx):
        await _end(ctx, found, "withdrawn")


async def end_with_participation(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> None:
    """Takes back what is offered of a participation that has just ended."""
    if details.get("to") not in ENDED:
        return
    async with as_system(ctx):
        for each in await ctx.db.all(queries.OFFERED_OF, participant=participant):
            await _end(ctx, each, "withdrawn")


async def _files(ctx: Context, posted: HandOverPosted) -> list[tuple[UUID, str]]:
    """Returns the files that the actor may hand over: her own, and a coordinator's every one she knows of."""
    if not posted.participants:
        files = await assignment_queries.files_of(ctx, ctx.actor.id, posted.part)
    else:
        found = [await find_for_caller(ctx, code) for code in dict.fromkeys(posted.participants)]
        files = [(each.id, each.code) for each in found]
    if not files:
        raise NothingToHandOver(errors=[Problem(NothingToHandOver.message, path="participants")])
    return files


async def _offer(ctx: Context, participant: UUID, code: str, posted: HandOverPosted, carried: Carried) -> HandOver:
    await ctx.db.lock("followup", participant)
    episode = await open_one(ctx, participant)
    following = {each.part: each.staff_id for each in await assignment_queries.current(ctx, participant)}
    if following.get(posted.part) != ctx.actor.id and not ctx.may(ASSIGN):
        raise NothingToHandOver(errors=[Problem(NothingToHandOver.message, path="participants")])
    if following.get(posted.part) == posted.to:
        raise assignments.AlreadyAssigned
    await assignments.check_worker(ctx, participant, posted.to, path="to")
    id = uuid7()
    word = posted.word.strip()
    made = HandOverFound(
        id, participant, episode.id, posted.part, following.get(posted.part), posted.to, "offered",
        ctx.keys.seal("hand_overs", id, "word", word) if word else None,
        ctx.keys.seal("hand_overs", id, "carried", msgspec.json.encode(carried)),
        posted.her_answer, ctx.now, ctx.actor.id,
    )  # fmt: skip
    answered = ctx.today if posted.her_answer else None
    if not await ctx.db.run(ADD, dated_on=ctx.today, answered_on=answered, ended_at=None, **asdict(made)):
        raise AlreadyOffered
    details = {"hand_over": str(id), "to": str(posted.to), "part": posted.part}
    await audit.record(ctx, "hand_over.offered", subject=("participant", participant), details=details)
    await standings.open_standing(
        ctx, participant, "assignment", recipient=TEAM, classes=("participation",), acts=KNOW,
        purpose="follow_up", opened_by=("hand_over", id), staff=posted.to, ends=FOREVER,
    )  # fmt: skip
    return queries.shown(ctx, made, code, frozenset(CLASSES))


async def _end(ctx: Context, found: HandOverFound, to: HandOverState) -> None:
    subject, details = ("participant", found.participant_id), {"hand_over": str(found.id), "part": found.part}
    ended = END.of(which=found.id, to=to, now=ctx.now)
    await audit.record(ctx, f"hand_over.{to}", subject=subject, details=details, doing=[ended])
    await standings.end_standings(ctx, found.participant_id, opened_by=("hand_over", found.id))


async def _offered_to_actor(ctx: Context, id: UUID) -> HandOverFound:
    found = await _found(ctx, id)
    if found.to_staff != ctx.actor.id:
        raise HandOverUnknown
    return found


async def _found(ctx: Context, id: UUID) -> HandOverFound:
    found = await queries.offered_to(ctx, id)
    if found is None or found.state != "offered":
        raise HandOverUnknown
    return found
