"""Raises what is to be prepared before a birthday and decided on it. It ends, closes and changes nothing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.birthdays import due_steps
from spheres_core.participants.models import BirthdayTaskRow
from spheres_core.participants.queries import identity
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.settings import Settings
from spheres_core.referrals.settings import Settings as ReferralSettings

tasks = table(BirthdayTaskRow)
ADD: Final = prepare(
    insert(tasks)
    .on_conflict_do_nothing(index_elements=["tenant_id", "participant_id", "age", "step"])
    .returning(tasks.c.id)
)
FINISH: Final = prepare(
    tasks.update()
    .where(
        scoped(tasks),
        tasks.c.id == bindparam("task", type_=Uuid()),
        tasks.c.participant_id == bindparam("hers", type_=Uuid()),
        tasks.c.done_at.is_(None),
    )
    .values(done_at=bindparam("now"), done_by=bindparam("who"))
)


class BirthdayTaskUnknown(NotFound):
    """There is no such task about her that is still open."""


async def raise_due(ctx: Context) -> int:
    """Raises what is due today and was not raised before. Returns how many tasks that were."""
    await read_as_system(ctx)
    settings = ctx.settings("participants", Settings)
    leap_day_birthday = ctx.settings("referrals", ReferralSettings).leap_day_birthday
    raised = 0
    for participant, born in await identity.birthdays(ctx):
        for due in due_steps(
            born, ctx.today, months_ahead=settings.months_ahead(), leap_day_birthday=leap_day_birthday
        ):
            raised += await _raise(ctx, participant, due.age, due.step)
    return raised


async def _raise(ctx: Context, participant: UUID, age: int, step: str) -> int:
    id = uuid7()
    added = await ctx.db.run(
        ADD, id=id, participant_id=participant, age=age, step=step, dated_on=ctx.today, done_at=None, done_by=None
    )
    if added:
        verb = "birthday.prepared" if step == "prepare" else "birthday.reached"
        await audit.record(ctx, verb, subject=("participant", participant), details={"task": str(id)})
    return added


async def finish_task(ctx: Context, access: ParticipantAccess, task: UUID) -> None:
    """Notes that it was looked at with her. Raises `BirthdayTaskUnknown`, `ParticipantUnknown`."""
    require_class(ctx, access, "participation", act="write")
    if not await ctx.db.run(FINISH, task=task, hers=access.id, now=ctx.now, who=ctx.actor.id):
        raise BirthdayTaskUnknown
    await audit.record(ctx, "birthday.task_done", subject=("participant", access.id), details={"task": str(task)})
