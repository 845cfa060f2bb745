"""Queries about links for recovering access. An account has one at most."""

import datetime as dt
from uuid import UUID

from sqlalchemy import DateTime, and_, bindparam, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import SECRET_LENGTH, hash_secret
from spheres_core.staff.models import AccountRecovery, StaffRow

recoveries = table(AccountRecovery)
_staff = table(StaffRow)
moment = DateTime(timezone=True)
is_open = recoveries.c.expires_at > bindparam("now", type_=moment)

BY_HASH = prepare(
    select(recoveries.c.staff_id)
    .join_from(
        recoveries, _staff, and_(_staff.c.tenant_id == recoveries.c.tenant_id, _staff.c.id == recoveries.c.staff_id)
    )
    .where(scoped(recoveries), scoped(_staff), is_open, recoveries.c.hash == bindparam("secret_hash"), _staff.c.active)
)
OPEN_UNTIL = prepare(
    select(recoveries.c.expires_at).where(scoped(recoveries), is_open, recoveries.c.staff_id == bindparam("staff_id"))
)


async def find_by_secret(ctx: Context, secret: str) -> UUID | None:
    """Returns the account to which a link gives access again, or None. A closed account is not recovered."""
    if len(secret) != SECRET_LENGTH:
        return None
    found: UUID | None = await ctx.db.scalar(BY_HASH, secret_hash=hash_secret(secret), now=ctx.now)
    return found


async def open_until(ctx: Context, staff_id: UUID) -> dt.datetime | None:
    """Returns until when an account's link is open; None when it has none."""
    found: dt.datetime | None = await ctx.db.scalar(OPEN_UNTIL, staff_id=staff_id, now=ctx.now)
    return found
