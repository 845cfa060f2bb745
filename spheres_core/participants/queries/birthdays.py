"""Reads what there is to look at because of birthdays, for whoever may know of her."""

from __future__ import annotations

from sqlalchemy import Uuid, bindparam, select

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.birthdays import CHECKS
from spheres_core.participants.models import BirthdayTaskRow
from spheres_core.participants.schemas.birthdays import BirthdayTask, BirthdayTasks, StoredBirthdayTask
from spheres_core.participants.schemas.files import ParticipantAccess

tasks = table(BirthdayTaskRow)
LIST = prepare(
    select(*(tasks.c[name] for name in StoredBirthdayTask.__struct_fields__))
    .where(
        scoped(tasks),
        permitted(tasks.c.participant_id, "participation", tasks.c.dated_on),
        tasks.c.participant_id == bindparam("participant", type_=Uuid()),
    )
    .order_by(tasks.c.id.desc()),
    into=StoredBirthdayTask,
)


async def tasks_of(ctx: Context, access: ParticipantAccess) -> BirthdayTasks:
    """Returns all of them, also those that are done."""
    return BirthdayTasks(
        [
            BirthdayTask(
                id=row.id,
                age=row.age,
                step=row.step,
                raised_on=row.dated_on,
                checks=[str(ctx.locale.say(each)) for each in CHECKS[row.age]],
                done_at=row.done_at,
                done_by=row.done_by,
            )
            for row in await ctx.db.all(LIST, participant=access.id, **access.reader)
        ]
    )
