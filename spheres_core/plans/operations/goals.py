"""Writes goals. They are hers: none is preset, several stand at once, and none is weighed against another."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Date, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, Problem, msg
from spheres_core.followups.queries.participations import open_one
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.extra_answers import check_extra, may_write_hers, write_extra
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import goal_templates, listed
from spheres_core.plans.goal_states import LEADS_TO, refusal
from spheres_core.plans.operations.moves import moved
from spheres_core.plans.operations.texts import require_writing, write_words
from spheres_core.plans.queries import goals as queries
from spheres_core.plans.queries.goals import goals
from spheres_core.plans.queries.needs import CLASS
from spheres_core.plans.schemas.goals import Goal, GoalChanged, GoalFound, GoalPosted

KIND: Final = "goal"
"""The kind of record, on which extra questions may be asked."""
ADD = prepare(insert(goals))
CHANGE = prepare(
    goals.update()
    .where(scoped(goals), goals.c.id == bindparam("which"), goals.c.version == bindparam("seen"))
    .values(
        version=goals.c.version + 1, state=bindparam("to", type_=Text()), needs=bindparam("about", type_=ARRAY(Text())),
        hers=bindparam("her_own", type_=Boolean()), wanted_on=bindparam("wanted", type_=Date()),
        author=bindparam("who"), written_at=bindparam("now"),
    )
    .returning(goals.c.id)
)  # fmt: skip
ASK_HER: Message = msg("Only she can want it. Note that she has said so.")


class GoalStepForbidden(Conflict):
    """A goal cannot go there from where it is; `allowed` names where it can."""

    code = "step_forbidden"
    message = msg("This cannot be done from where the goal is now.")


class HerWishMissing(Invalid):
    """A goal that a worker proposed is under way only when she wants it."""

    code = "her_wish_missing"
    message = ASK_HER


async def record_goal(ctx: Context, file: ParticipantAccess, posted: GoalPosted) -> Goal:
    """Records a goal: hers is under way, a worker's waits for what she says to it.

    Raises `ParticipantUnknown`, `NotTakingPart`, `CodeUnknown`, `LimitsNotExplained`.
    """
    await require_writing(ctx, file, CLASS, on=ctx.today)
    require_codes([posted.template] if posted.template else [], goal_templates(ctx), path="template")
    require_codes(posted.needs, listed(ctx, "needs"), path="needs")
    extra = await check_extra(ctx, file, KIND, posted.extra, on=ctx.today)
    episode = await open_one(ctx, file.id)
    hers = posted.proposed_by == "herself"
    id = uuid7()
    found = GoalFound(
        id, file.id, "active" if hers else "proposed", posted.proposed_by, ctx.today if hers else None,
        posted.template, list(posted.needs), hers, 1, ctx.actor.id, ctx.now, ctx.today,
    )  # fmt: skip
    added = ADD.of(participation_id=episode.id, **msgspec.structs.asdict(found))
    details = {"goal": str(id), "state": found.state, "by": posted.proposed_by}
    doing = [added, moved(ctx, found, to=found.state)]
    await audit.record(ctx, "goal.recorded", subject=("participant", file.id), details=details, doing=doing)
    await write_words(
        ctx, file.id, id, {"what": posted.words}, information=CLASS, on=found.dated_on, hers=hers
    )  # fmt: skip
    await write_extra(ctx, file.id, id, CLASS, extra, on=found.dated_on)
    return (await queries.goals_with_words(ctx, file, [found]))[0]


async def change_goal(ctx: Context, file: ParticipantAccess, id: UUID, sent: GoalChanged) -> Goal:
    """Says how a goal is now; earlier words stay.

    Raises `GoalUnknown`, `ChangedMeanwhile`, `GoalStepForbidden`, `HerWishMissing`, `CodeUnknown`.
    """
    found = await queries.find_goal(ctx, file, id)
    await require_writing(ctx, file, CLASS, on=found.dated_on)
    before = (await queries.goals_with_words(ctx, file, [found]))[0]
    if found.version != sent.version:
        raise ChangedMeanwhile(extra={"yours": msgspec.to_builtins(sent), "theirs": msgspec.to_builtins(before)})
    wanted_on = found.wanted_on or (ctx.today if sent.she_wants_it else None)
    refused = refusal(found.state, sent.state, wanted=wanted_on is not None)
    if refused == "step_forbidden":
        raise GoalStepForbidden(extra={"state": found.state, "allowed": list(LEADS_TO[found.state])})
    if refused is not None:
        raise HerWishMissing(errors=[Problem(ASK_HER, path="she_wants_it")])
    require_codes(sent.needs, listed(ctx, "needs"), path="needs", kept=found.needs)
    extra = await check_extra(ctx, file, KIND, sent.extra, on=found.dated_on, before=before.extra)
    changed = await ctx.db.run(
        CHANGE, which=id, seen=sent.version, to=sent.state, about=list(sent.needs), her_own=sent.hers,
        wanted=wanted_on, who=ctx.actor.id, now=ctx.now,
    )  # fmt: skip
    newest = (await queries.goals_with_words(ctx, file, [await queries.find_goal(ctx, file, id)]))[0]
    if not changed:
        raise ChangedMeanwhile(extra={"yours": msgspec.to_builtins(sent), "theirs": msgspec.to_builtins(newest)})
    details = {"goal": str(id), "from": found.state, "to": sent.state, "version": newest.version}
    act = moved(ctx, found, to=sent.state, version=newest.version)
    await audit.record(ctx, "goal.changed", subject=("participant", file.id), details=details, doing=[act])
    await write_words(
        ctx, file.id, id, {"what": sent.words}, information=CLASS, on=found.dated_on, version=newest.version,
        hers=sent.hers, before={"what": before.words},
    )  # fmt: skip
    await write_extra(
        ctx, file.id, id, CLASS, extra, on=found.dated_on, version=newest.version, before=before.extra,
        hers=may_write_hers(ctx, file, on=found.dated_on, is_new=False),
    )  # fmt: skip
    return (await queries.goals_with_words(ctx, file, [await queries.find_goal(ctx, file, id)]))[0]
