"""Decides whether two participants are the same person. Nothing is moved or joined: undoing it leaves no trace in a
file. What each reader may see of either file stays as her standings and consents say."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.compared_contacts import normalize_email, normalize_phone
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ContactMarkRow, DuplicateDecisionRow, ParticipantRow
from spheres_core.participants.operations.identity import ReasonTooShort
from spheres_core.participants.queries import duplicates as queries
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.duplicates import DecisionPosted, DuplicateDecision, StoredDecision
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.identity import LEAST_REASON
from spheres_core.participants.schemas.safe_contact import SafeContact

decisions, participants = table(DuplicateDecisionRow), table(ParticipantRow)
ADD: Final = prepare(insert(decisions).on_conflict_do_nothing())
UNDO: Final = prepare(
    decisions.update()
    .where(scoped(decisions), decisions.c.id == bindparam("which", type_=Uuid()), decisions.c.undone_at.is_(None))
    .values(undone_at=bindparam("now"), undone_by=bindparam("who"), undone_reason=bindparam("why"))
    .returning(decisions.c.other_id, decisions.c.same)
)
GOES_ON: Final = prepare(
    participants.update()
    .where(scoped(participants), participants.c.id == bindparam("whose", type_=Uuid()))
    .values(goes_on_elsewhere=bindparam("elsewhere", type_=Boolean()))
)
ADD_MARK: Final = prepare(
    insert(table(ContactMarkRow)).on_conflict_do_nothing(index_elements=["tenant_id", "participant_id", "kind", "mark"])
)


class SameParticipant(Invalid):
    """One code was given twice."""

    code = "same_participant"
    message = msg("These are one and the same file.")


class AlreadyDecided(Conflict):
    """It was decided before, or one of the two goes on under another code already."""

    code = "already_decided"
    message = msg("This was decided already, or one of them goes on under another code. Undo that first.")


class DecisionUnknown(NotFound):
    """There is no such decision that is in force, or none about two whom the caller may know of."""


async def decide(ctx: Context, posted: DecisionPosted) -> DuplicateDecision:
    """Notes whether two participants, whom the caller coordinates both, are the same person.

    Raises `ParticipantUnknown`, `SameParticipant`, `ReasonTooShort`, `AlreadyDecided`.
    """
    kept = await find_for_caller(ctx, posted.participant, queries.PURPOSE)
    other = await find_for_caller(ctx, posted.other, queries.PURPOSE)
    if kept.id == other.id:
        raise SameParticipant(errors=[Problem(SameParticipant.message, path="other")])
    _check_reason(posted.reason)
    await _require_undecided(ctx, kept, other, same=posted.same)
    id = uuid7()
    row = StoredDecision(
        id, kept.id, other.id, posted.same,
        ctx.keys.seal("duplicate_decisions", id, "reason", posted.reason.strip()), ctx.now, ctx.actor.id,
    )  # fmt: skip
    async with as_system(ctx):
        added = await ctx.db.run(
            ADD, id=id, participant_id=kept.id, other_id=other.id, same=posted.same, reason=row.reason,
            decided_at=ctx.now, decided_by=ctx.actor.id, undone_at=None, undone_by=None, undone_reason=None,
            dated_on=ctx.today,
        )  # fmt: skip
        if not added:
            raise AlreadyDecided
        if posted.same:
            await ctx.db.run(GOES_ON, whose=other.id, elsewhere=True)
    details = {"decision": str(id), "other": str(other.id), "same": posted.same}
    await audit.record(ctx, "duplicate.decided", subject=("participant", kept.id), details=details)
    return queries.shown(ctx, row, {kept.id: kept.code, other.id: other.code})


async def undo(ctx: Context, decision: UUID, *, reason: str) -> None:
    """Undoes a decision: where they were the same, each file goes on by itself again.

    Raises `DecisionUnknown`, `ReasonTooShort`.
    """
    told = {each.id for each in (await queries.list_duplicates(ctx)).decisions}
    if decision not in told:
        raise DecisionUnknown
    _check_reason(reason)
    why = ctx.keys.seal("duplicate_decisions", decision, "undone_reason", reason.strip())
    async with as_system(ctx):
        undone = await ctx.db.one_or_none(UNDO, which=decision, now=ctx.now, who=ctx.actor.id, why=why)
        if undone is None:
            raise DecisionUnknown
        other, were_same = undone
        if were_same:
            await ctx.db.run(GOES_ON, whose=other, elsewhere=False)
    await audit.record(ctx, "duplicate.undone", details={"decision": str(decision)})


async def add_contact_marks(ctx: Context, access: ParticipantAccess, record: SafeContact) -> None:
    """Adds what she could be known again by; what earlier versions said stays, for a number that was mended."""
    marks = {
        (kind, value)
        for each in record.channels
        for kind, value in (
            ("phone", normalize_phone(each.value) if each.channel in ("phone", "text") else ""),
            ("email", normalize_email(each.value) if each.channel == "email" else ""),
        )
        if value
    }
    rows = [
        {
            "id": uuid7(), "participant_id": access.id, "kind": kind, "dated_on": ctx.today,
            "mark": ctx.keys.blind(f"participant {kind}", value),
        }
        for kind, value in sorted(marks)
    ]  # fmt: skip
    if rows:
        await ctx.db.run_many(ADD_MARK, rows)


async def _require_undecided(ctx: Context, kept: ParticipantAccess, other: ParticipantAccess, *, same: bool) -> None:
    """Raises `AlreadyDecided` where something stands against it: the same pair either way round, or that one of them
    already goes on under a third code."""
    for row in await ctx.db.all(queries.OPEN, **kept.reader):
        is_pair = {row.participant_id, row.other_id} == {kept.id, other.id}
        goes_on = row.same and (row.other_id in (kept.id, other.id) or row.participant_id == other.id)
        if is_pair or (same and goes_on):
            raise AlreadyDecided


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(errors=[Problem(ReasonTooShort.message, path="reason")])
