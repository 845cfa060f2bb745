"""Opens and ends standings. A room above calls this in the transaction of the act that is the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import StandingRow
from spheres_core.consents.schemas import (
    ENDING,
    FOREVER,
    LIMITED,
    NO_PERSON,
    WITHOUT_CONSENT,
    Act,
    Purpose,
    StandingKind,
)
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context

standings = table(StandingRow)
ADD = prepare(insert(standings))
END = prepare(
    standings.update()
    .where(scoped(standings), standings.c.opened_by_kind == bindparam("kind_of_act"))
    .where(standings.c.opened_by_id == bindparam("act_id"), standings.c.ends > bindparam("now"))
    .values(ends=bindparam("now"))
    .returning(standings.c.id)
)
END_FOR = prepare(
    standings.update()
    .where(scoped(standings), standings.c.opened_by_kind == bindparam("kind_of_act"))
    .where(standings.c.opened_by_id == any_(bindparam("act_ids", type_=ARRAY(Uuid()))))
    .where(standings.c.ends > bindparam("now"))
    .where(or_(bindparam("who", type_=Uuid()) == NO_PERSON, standings.c.staff_id == bindparam("who")))
    .values(ends=bindparam("now"))
    .returning(standings.c.id, standings.c.participant_id)
)
END_OF = prepare(
    standings.update()
    .where(scoped(standings), standings.c.staff_id == bindparam("who"), standings.c.kind == bindparam("its_kind"))
    .where(standings.c.ends > bindparam("now"))
    .values(ends=bindparam("now"))
    .returning(standings.c.id, standings.c.participant_id)
)


class StandingInvalid(Invalid):
    """A standing that must end has no end, or reaches further than its kind may."""

    code = "standing_invalid"
    message = msg("This reason for access must have an end, and reach no further than what it is for.")


async def open_standing(
    ctx: Context,
    participant: UUID,
    kind: StandingKind,
    *,
    recipient: str,
    classes: Collection[str],
    acts: Collection[Act],
    purpose: Purpose,
    opened_by: tuple[str, UUID],
    staff: UUID = NO_PERSON,
    ends: dt.datetime = FOREVER,
    basis: str = "",
) -> UUID:
    """Opens a standing from now on. `opened_by`: kind and id of the act; `basis`: reason in words, sealed.

    Raises `StandingInvalid`.
    """
    beyond = set(classes) - LIMITED.get(kind, set(classes))
    unending = kind in ENDING and ends >= FOREVER
    if beyond or unending or not classes or not acts or (kind in WITHOUT_CONSENT and not basis.strip()):
        raise StandingInvalid
    id = uuid7()
    await audit.record(
        ctx,
        "standing.opened",
        subject=("participant", participant),
        details={"standing": str(id), "kind": kind, "purpose": purpose},
        doing=[
            ADD.of(
                id=id, participant_id=participant, kind=kind, staff_id=staff, recipient=recipient,
                classes=sorted(classes), acts=sorted(acts), purpose=purpose, starts=ctx.now, ends=ends,
                opened_by_kind=opened_by[0], opened_by_id=opened_by[1],
                basis=ctx.keys.seal("standings", id, "basis", basis) if basis else None,
            )
        ],
    )  # fmt: skip
    return id


async def end_standings(ctx: Context, participant: UUID, *, opened_by: tuple[str, UUID]) -> int:
    """Ends, from now on, what an act opened. Returns how many standings that were."""
    ended = await ctx.db.all(END, kind_of_act=opened_by[0], act_id=opened_by[1], now=ctx.now)
    if ended:
        details = {"standings": [str(row[0]) for row in ended]}
        await audit.record(ctx, "standing.ended", subject=("participant", participant), details=details)
    return len(ended)


async def end_standings_by(ctx: Context, acts: Collection[UUID], *, kind: str, staff: UUID = NO_PERSON) -> int:
    """Ends, from now on, what several acts of a kind opened, whoever they are about. Returns how many that were.

    `staff`: only what is somebody's by name. The transaction must be the system's.
    """
    ended = await ctx.db.all(END_FOR, kind_of_act=kind, act_ids=list(acts), who=staff, now=ctx.now) if acts else []
    of: dict[UUID, list[str]] = {}
    for id, participant in ended:
        of.setdefault(participant, []).append(str(id))
    for participant, ids in of.items():
        await audit.record(ctx, "standing.ended", subject=("participant", participant), details={"standings": ids})
    return len(ended)


async def end_standings_of(ctx: Context, staff: UUID, kind: StandingKind) -> int:
    """Ends, from now on, every standing of this kind that somebody has by name. Returns how many that were.

    The transaction must be the system's.
    """
    ended = await ctx.db.all(END_OF, who=staff, its_kind=kind, now=ctx.now)
    for id, participant in ended:
        await audit.record(
            ctx, "standing.ended", subject=("participant", participant), details={"standings": [str(id)]}
        )
    return len(ended)
