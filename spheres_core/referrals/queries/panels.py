"""Facts that plugins are told for a panel on a referral, and the trail's note of whose panels were shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.queries import referral as referral_queries

SHOWN = "referral.panels_shown"


async def panel_facts(ctx: Context, *, id: UUID) -> dict[str, Any]:
    """Returns what plugins are told for a panel on this referral, which the caller has just read."""
    found = await referral_queries.row(ctx, id)
    return {"referral": await referral_queries.facts_for_questions(ctx, found)}


async def record_panels(ctx: Context, id: UUID, plugins: Sequence[str]) -> None:
    """Writes into the trail whose panels were shown on a referral; nothing where none was."""
    if plugins:
        await audit.record(ctx, SHOWN, subject=("referral", id), details={"plugins": list(plugins)})
