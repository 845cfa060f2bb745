"""Forgets what was kept for a time only: answers kept for senders, and files that no referral claimed."""

from spheres_core.foundation.tenancy import idempotency
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations import attachments


async def forget_expired(ctx: Context) -> int:
    """Deletes what has expired and returns how many rows went."""
    return await idempotency.forget_expired(ctx) + await attachments.forget_expired(ctx)
