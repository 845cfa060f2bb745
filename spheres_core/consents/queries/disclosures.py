"""Answers what has left about a participant, so that she can be told when she takes a consent back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from spheres_core.consents.models import ConsentEntryRow, DisclosureRow
from spheres_core.consents.schemas import Disclosure
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

disclosures, entries = table(DisclosureRow), table(ConsentEntryRow)
_hers = (
    select(
        disclosures.c.id, disclosures.c.recipient, disclosures.c.information, disclosures.c.purpose,
        disclosures.c.dated_on, disclosures.c.entry_id,
    )
    .where(scoped(disclosures), disclosures.c.participant_id == bindparam("hers"))
    .order_by(disclosures.c.id)
)  # fmt: skip
_of_consent = select(entries.c.id).where(scoped(entries), entries.c.consent_id == bindparam("consent"))
ALL = prepare(_hers, into=Disclosure)
BY_CONSENT = prepare(_hers.where(disclosures.c.entry_id.in_(_of_consent)), into=Disclosure)
BY_ENTRY = prepare(_hers.where(disclosures.c.entry_id == bindparam("entry")), into=Disclosure)


async def of_participant(ctx: Context, participant: UUID) -> Sequence[Disclosure]:
    """Returns everything that has left about her, the oldest first."""
    return await ctx.db.all(ALL, hers=participant)


async def of_consent(ctx: Context, participant: UUID, consent: UUID) -> Sequence[Disclosure]:
    """Returns what has left with one consent of hers, the oldest first."""
    return await ctx.db.all(BY_CONSENT, hers=participant, consent=consent)


async def of_entry(ctx: Context, participant: UUID, entry: UUID) -> Sequence[Disclosure]:
    """Returns what has left with one line of a consent of hers, the oldest first."""
    return await ctx.db.all(BY_ENTRY, hers=participant, entry=entry)
