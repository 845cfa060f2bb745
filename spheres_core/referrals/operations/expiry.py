"""Forgets what was kept for a time only: answers kept for senders, and files that no referral claimed."""

from typing import Final

import structlog

from spheres_core.foundation.tenancy import idempotency, tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.referrals.operations import attachments

log: Final = structlog.get_logger("spheres.expiry")


async def forget_expired_everywhere(runtime: Runtime) -> None:
    """Deletes what has expired in every tenant. One that cannot be read keeps no other one waiting."""
    async with runtime.database.transaction(None) as db:
        stored = await db.all(tenants.ALL)
    for each in stored:
        try:
            loaded = await runtime.load(each.slug)
            if loaded is not None:
                async with runtime.context(loaded) as ctx:
                    await forget_expired(ctx)
        except Exception as error:  # the next hour tries again
            log.error("expiry.failed", tenant=each.slug, error=type(error).__name__)


async def forget_expired(ctx: Context) -> int:
    """Deletes what has expired and returns how many rows went."""
    return await idempotency.forget_expired(ctx) + await attachments.forget_expired(ctx)
