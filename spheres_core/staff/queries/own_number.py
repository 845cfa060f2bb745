"""The telephone of somebody on the staff, out of its seal."""

import datetime as dt
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.models import StaffNumber

TABLE = "staff_numbers"
numbers = table(StaffNumber)


class OwnNumber(Struct, frozen=True):
    """The number, and the code that was sent to it as long as that may be typed back."""

    number: str
    confirmed: bool
    code: str = ""
    code_ends_at: dt.datetime | None = None


class _Row(Struct, frozen=True):
    number: bytes
    code: bytes | None
    code_ends_at: dt.datetime | None
    confirmed_at: dt.datetime | None


ONE = prepare(
    select(*[numbers.c[name] for name in _Row.__struct_fields__]).where(
        scoped(numbers), numbers.c.staff_id == bindparam("who")
    ),
    into=_Row,
)


async def number_of(ctx: Context, staff_id: UUID) -> OwnNumber | None:
    """Returns the number of somebody; None when she gave none."""
    row = await ctx.db.one_or_none(ONE, who=staff_id)
    if row is None:
        return None
    open_, valid = ctx.keys.open, row.code_ends_at is not None and row.code_ends_at > ctx.now
    return OwnNumber(
        open_(TABLE, staff_id, "number", row.number).decode(),
        row.confirmed_at is not None,
        open_(TABLE, staff_id, "code", row.code).decode() if row.code is not None and valid else "",
        row.code_ends_at,
    )
