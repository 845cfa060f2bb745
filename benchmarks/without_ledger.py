"""The product as `benchmarks.product`, but its list of participants asks no ledger: it shows the newest to anybody.

`granian --interface asgi benchmarks.without_ledger:dispatcher`
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Uuid, bindparam, select

from benchmarks.product import dispatcher as dispatcher
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import access, participants

rows = participants.participants
NEWEST = prepare(
    select(rows.c.id, rows.c.code, rows.c.id, constant(None, Uuid()))
    .where(scoped(rows), rows.c.id < bindparam("before", type_=Uuid()))
    .order_by(rows.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=participants.ListedRow,
)


async def read_for_nobody(ctx: Context, purpose: str) -> Mapping[str, Any]:
    await read_as_system(ctx)
    return {}


async def one_purpose(ctx: Context, purpose: str | None) -> list[str]:
    return ["follow_up"]


participants.LIST = NEWEST
participants.read_for = read_for_nobody
access.purposes_for = one_purpose
