"""Ends a transfer in the region that offered it: accepted, refused, taken back, or not answered in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import structs
from sqlalchemy import Text, Uuid, bindparam, null

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import standings
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.rule import covers
from spheres_core.consents.schemas import NO_PERSON, REGION, TEAM, Act, Question
from spheres_core.followups.operations import assignments
from spheres_core.followups.operations.steps import write_step
from spheres_core.followups.queries import assignments as assignment_queries
from spheres_core.followups.queries.participations import latest, still_agrees
from spheres_core.followups.states import BY_TRANSFER
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.transfers.queries.transfers import OFFERED, transfers
from spheres_core.transfers.schemas.messages import RefusalReason
from spheres_core.transfers.schemas.transfers import TransferFound, TransferState
from spheres_core.transfers.settings import Settings

ACT: Final = "transfer"
"""The act by which the other region's standing is opened, and by which information leaves."""
TOLD: Final = "telling_of_transfer"
"""The act by which whoever tells her how it ended still finds how to reach her."""
READING: Final[tuple[Act, ...]] = ("read",)
END: Final = prepare(
    transfers.update()
    .where(scoped(transfers), transfers.c.id == bindparam("which"), transfers.c.state == "offered")
    .values(
        state=bindparam("to", type_=Text()), reason=bindparam("why", type_=Text()), content=null(),
        teller=bindparam("who", type_=Uuid()), version=transfers.c.version + 1, ended_at=bindparam("now"),
    )
)  # fmt: skip
NOTE_TOLD: Final = prepare(
    transfers.update()
    .where(scoped(transfers), transfers.c.id == bindparam("which"))
    .values(told_at=bindparam("now"), version=transfers.c.version + 1)
)


async def end(
    ctx: Context, found: TransferFound, to: TransferState, *, reason: RefusalReason | None = None
) -> TransferFound:
    """Ends an offer. Accepted, her participation closes as transferred; otherwise it is as it was before.

    Nothing happens, and `found` comes back, when it has ended since it was read. The transaction must be the system's,
    and hold the lock of her follow-up.
    """
    teller = None if to == "withdrawn" else await _teller(ctx, found)
    if not await ctx.db.run(END, which=found.id, to=to, why=reason, who=teller, now=ctx.now):
        return found
    details = {"transfer": str(found.id), "region": found.region} | ({"reason": reason} if reason else {})
    await audit.record(ctx, f"transfer.{to}", subject=("participant", found.participant_id), details=details)
    await standings.end_standings(ctx, found.participant_id, opened_by=(ACT, found.id))
    episode = await latest(ctx, found.participant_id)
    if episode is not None and episode.id == found.participation_id and episode.state == BY_TRANSFER:
        if to == "accepted":
            await write_step(ctx, episode, "closed", reason="transferred")
            await assignments.end_all(ctx, found.participant_id)
            await _let_tell(ctx, found, teller)
        else:
            await write_step(ctx, episode, found.from_state)
    return structs.replace(
        found, state=to, reason=reason, content=None, teller=teller, version=found.version + 1, ended_at=ctx.now
    )


async def note_told(ctx: Context, found: TransferFound) -> TransferFound:
    """Notes that she was told how it ended. The transaction must be the system's."""
    noted = NOTE_TOLD.of(which=found.id, now=ctx.now)
    details = {"transfer": str(found.id)}
    subject = ("participant", found.participant_id)
    await audit.record(ctx, "transfer.told", subject=subject, details=details, doing=[noted])
    return structs.replace(found, told_at=ctx.now, version=found.version + 1)


async def end_with_agreement(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> None:
    """Takes an offer back when she has taken back something that it rests on."""
    async with as_system(ctx):
        for each in await ctx.db.all(OFFERED, participant=participant):
            await ctx.db.lock("followup", participant)
            if not await _still_agreed(ctx, each):
                await end(ctx, each, "withdrawn")


async def _still_agreed(ctx: Context, found: TransferFound) -> bool:
    """Returns whether all that the offer rests on still holds: that she takes part, and each class that goes along."""
    episode = await latest(ctx, found.participant_id)
    if episode is None or not await still_agrees(ctx, episode):
        return False
    _, entries, exclusions = await rows_of(ctx, found.participant_id)
    asked = Question(
        ctx.tenant.id, found.participant_id, NO_PERSON, f"{REGION}{found.region}", "read", "participation",
        "transfer", ctx.today,
    )  # fmt: skip
    return all(
        covers(structs.replace(asked, information=each), entries, exclusions, ctx.now) is not None
        for each in ("participation", *found.classes)
    )


async def _teller(ctx: Context, found: TransferFound) -> UUID | None:
    """Returns who tells her: her pivot worker, or whoever offered it while she has none."""
    following = await assignment_queries.current(ctx, found.participant_id)
    return next((each.staff_id for each in following if each.part == "pivot"), found.offered_by)


async def _let_tell(ctx: Context, found: TransferFound, teller: UUID | None) -> None:
    if teller is None:
        return
    days = ctx.settings("transfers", Settings).tell_days
    await standings.open_standing(
        ctx, found.participant_id, "transfer", recipient=TEAM, classes=("participation", "safe_contact"),
        acts=READING, purpose="follow_up", opened_by=(TOLD, found.id), staff=teller,
        ends=ctx.now + dt.timedelta(days=days),
    )  # fmt: skip
