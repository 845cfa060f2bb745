"""The product as `benchmarks.product`, but its list of participants asks no ledger: it shows those in `BENCH_LISTED`.

They are those whom the ledger lets the reader know of, so that both answer the same.
`granian --interface asgi benchmarks.without_ledger:dispatcher`
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from benchmarks.product import dispatcher as dispatcher
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import access, participants

LISTED: Final = [UUID(each) for each in os.environ["BENCH_LISTED"].split()]
rows = participants.participants
NEWEST = prepare(
    select(rows.c.id, rows.c.code, rows.c.id, constant(None, Uuid()), rows.c.goes_on_elsewhere)
    .where(scoped(rows), rows.c.id < bindparam("before", type_=Uuid()))
    .where(rows.c.id == any_(bindparam("listed", type_=ARRAY(Uuid()))))
    .order_by(rows.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=participants.ListedRow,
)


async def read_for_nobody(ctx: Context, purpose: str) -> Mapping[str, Any]:
    await read_as_system(ctx)
    return {"listed": LISTED}


async def one_purpose(ctx: Context, purpose: str | None) -> Sequence[str]:
    return ["follow_up"]


vars(participants).update(LIST=NEWEST, read_for=read_for_nobody)
vars(access).update(purposes_for=one_purpose)
