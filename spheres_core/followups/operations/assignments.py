"""Says who follows her. An assignment opens its worker's standing and ends it, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import standings
from spheres_core.consents.queries import why
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.rule import excludes
from spheres_core.consents.schemas import CLASSES, FOREVER, TEAM, Exclusion, Question
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.steps import write_step
from spheres_core.followups.permissions import FOLLOW
from spheres_core.followups.queries import assignments as assignment_queries
from spheres_core.followups.queries.assignments import assignments
from spheres_core.followups.queries.participations import open_one, still_agrees
from spheres_core.followups.schemas.assignments import AssignmentFound, AssignmentPosted, Assignments, Part
from spheres_core.followups.schemas.participations import ParticipationFound
from spheres_core.followups.states import FOLLOWED
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.staff.queries import members

ADD = prepare(insert(assignments))
END = prepare(
    assignments.update()
    .where(scoped(assignments), assignments.c.id == bindparam("which"), assignments.c.ends > bindparam("now"))
    .values(ends=bindparam("now"))
)


class WorkerInvalid(Invalid):
    """Nobody who can follow her is meant: no open account, no right to follow, or kept away from her."""

    code = "worker_invalid"
    message = msg("This person cannot follow her. Please choose another one.")


class AlreadyAssigned(Conflict):
    """The same person follows her already."""

    code = "already_assigned"
    message = msg("This person follows her already.")


class AgreementTakenBack(Conflict):
    """She agreed to take part and has taken that back: nobody begins to follow her."""

    code = "agreement_taken_back"
    message = msg("She has taken back that she takes part. Nobody begins to follow her before she agrees again.")


class AssignmentUnknown(NotFound):
    """There is no such assignment of hers that still lasts."""


async def assign_to(ctx: Context, file: ParticipantAccess, posted: AssignmentPosted) -> Assignments:
    """Has somebody follow her, for a coordinator who may know of her; see `assign`. Returns who follows her."""
    async with as_system(ctx):
        await assign(ctx, file.id, posted.staff, posted.part)
    return await assignment_queries.list_assignments(ctx, file.reader, file.id)


async def end_hers(ctx: Context, file: ParticipantAccess, assignment: UUID) -> Assignments:
    """Ends an assignment, for a coordinator who may know of her; see `end_assignment`. Returns who follows her."""
    async with as_system(ctx):
        await end_assignment(ctx, file.id, assignment)
    return await assignment_queries.list_assignments(ctx, file.reader, file.id)


async def assign(ctx: Context, participant: UUID, staff: UUID, part: Part) -> UUID:
    """Has somebody follow her from now on, in place of whoever did so in this part. Returns the assignment.

    A proposed participation becomes active with its first pivot worker, since she has agreed to it.
    The transaction must be the system's. Raises `NotTakingPart`, `AgreementTakenBack`, `WorkerInvalid`,
    `AlreadyAssigned`.
    """
    await ctx.db.lock("followup", participant)
    episode = await open_one(ctx, participant)
    if not await still_agrees(ctx, episode):
        raise AgreementTakenBack
    await check_worker(ctx, participant, staff)
    now_following = await assignment_queries.current(ctx, participant)
    if any(each.staff_id == staff and each.part == part for each in now_following):
        raise AlreadyAssigned
    for each in now_following:
        if each.part == part or each.staff_id == staff:  # who was backup and becomes pivot is backup no more
            await _end(ctx, participant, each)
    id = await _add(ctx, episode, staff, part)
    if part == "pivot" and episode.state == "proposed":
        await write_step(ctx, episode, "active")
    await _note_gap(ctx, episode)
    return id


async def end_assignment(ctx: Context, participant: UUID, assignment: UUID) -> None:
    """Ends an assignment, from now on. Without a pivot worker she goes on taking part, and coordinators are told.

    The transaction must be the system's. Raises `NotTakingPart`, `AssignmentUnknown`.
    """
    await ctx.db.lock("followup", participant)
    episode = await open_one(ctx, participant)
    found = [each for each in await assignment_queries.current(ctx, participant) if each.id == assignment]
    if not found:
        raise AssignmentUnknown
    await _end(ctx, participant, found[0])
    await _note_gap(ctx, episode)


async def end_all(ctx: Context, participant: UUID) -> None:
    """Ends every assignment of a participation that has ended. The transaction must be the system's."""
    for each in await assignment_queries.current(ctx, participant):
        await _end(ctx, participant, each)


async def tell_gap(ctx: Context, participant: UUID, participation: UUID) -> None:
    """Has coordinators told, without a word about whom, that somebody has no pivot worker. Nothing closes by it."""
    details = {"participation": str(participation)}
    await audit.record(ctx, "pivot.missing", subject=("participant", participant), details=details)


async def check_worker(ctx: Context, participant: UUID, staff: UUID, *, path: str = "staff") -> None:
    """Makes sure that somebody may follow her, and that the account stays open until the transaction ends.

    The refusal does not say why: whom she does not want is hers. Raises `WorkerInvalid` at this path.
    """
    refused = WorkerInvalid(errors=[Problem(WorkerInvalid.message, path=path)])
    member = await members.hold_active(ctx, staff)
    if member is None or not ctx.plugins.permits(frozenset(member.roles), FOLLOW):
        raise refused
    _, _, exclusions = await why.rows_of(ctx, participant)
    if _is_kept_away(ctx, participant, staff, member.organization, exclusions):
        raise refused


async def end_excluded(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> None:
    """Ends the assignments of those who are kept away from her, after an exclusion was recorded.

    Without a pivot worker she goes on taking part, and coordinators are told.
    """
    async with as_system(ctx):
        await ctx.db.lock("followup", participant)
        following = await assignment_queries.current(ctx, participant)
        _, _, exclusions = await why.rows_of(ctx, participant)
        members_following = [(each, await members.find_member(ctx, each.staff_id)) for each in following]
        kept_away = [
            each
            for each, member in members_following
            if _is_kept_away(ctx, participant, each.staff_id, member.organization if member else None, exclusions)
        ]
        for each in kept_away:
            await _end(ctx, participant, each)
        if kept_away:
            await _note_gap(ctx, await open_one(ctx, participant))


def _is_kept_away(
    ctx: Context, participant: UUID, staff: UUID, organization: str | None, exclusions: Sequence[Exclusion]
) -> bool:
    asked = Question(
        ctx.tenant.id, participant, staff, organization or "", "read", "participation", "follow_up", ctx.today
    )
    return any(excludes(asked, each, ctx.now) for each in exclusions)


async def _add(ctx: Context, episode: ParticipationFound, staff: UUID, part: Part) -> UUID:
    id = uuid7()
    added = ADD.of(
        id=id, participant_id=episode.participant_id, participation_id=episode.id, staff_id=staff, part=part,
        starts=ctx.now, ends=FOREVER, dated_on=ctx.today, recorded_by=ctx.actor.id,
    )  # fmt: skip
    details = {"assignment": str(id), "staff": str(staff), "part": part}
    subject = ("participant", episode.participant_id)
    await audit.record(ctx, "assignment.begun", subject=subject, details=details, doing=[added])
    await standings.open_standing(
        ctx, episode.participant_id, "assignment", recipient=TEAM, classes=CLASSES, acts=("read", "write"),
        purpose="follow_up", opened_by=("assignment", id), staff=staff,
    )  # fmt: skip
    return id


async def _end(ctx: Context, participant: UUID, found: AssignmentFound) -> None:
    details = {"assignment": str(found.id), "staff": str(found.staff_id), "part": found.part}
    ended = END.of(which=found.id, now=ctx.now)
    subject = ("participant", participant)
    await audit.record(ctx, "assignment.ended", subject=subject, details=details, doing=[ended])
    await standings.end_standings(ctx, participant, opened_by=("assignment", found.id))


async def _note_gap(ctx: Context, episode: ParticipationFound) -> None:
    following = await assignment_queries.current(ctx, episode.participant_id)
    if episode.state in FOLLOWED and not any(each.part == "pivot" for each in following):
        await tell_gap(ctx, episode.participant_id, episode.id)
