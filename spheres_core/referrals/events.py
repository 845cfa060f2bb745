"""Events after commit: the facts for plugins, and the message for coordinators who chose to get one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from spheres_core.facts import ReferralMove as MoveFacts
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.registrations import Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import ReferralMove
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.staff.operations import staff_messages
from spheres_core.staff.queries import members as member_queries

moves = table(ReferralMove)
ONE_MOVE = prepare(select(moves.c.at).where(scoped(moves), moves.c.id == bindparam("id")))


async def load_received(ctx: Context, id: UUID, details: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns the facts for `on_referral_received`; None when the referral is gone."""
    found = await ctx.db.one_or_none(referral_queries.ONE, id=id)
    return None if found is None else {"referral": referral_queries.facts_of(found)}


async def load_moved(ctx: Context, id: UUID, details: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns the facts for `on_referral_moved`; None when the referral is gone."""
    found = await ctx.db.one_or_none(referral_queries.ONE, id=id)
    at: dt.datetime | None = await ctx.db.scalar(ONE_MOVE, id=UUID(details["move"]))
    if found is None or at is None:
        return None
    return {"referral": referral_queries.facts_of(found), "move": MoveFacts(details["from"], details["to"], at)}


async def notify_coordinators(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message without words of the case for the coordinators who chose to get one."""
    if await ctx.db.one_or_none(referral_queries.ONE, id=id) is None:
        return []
    chosen = await member_queries.who_wants_mail(ctx, "referral.received", role="coordinator")
    return staff_messages.notifications(chosen, details)
