"""Referrals as records that extra questions are asked on."""

from typing import Final
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import FoundRecord, RecordKind
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.permissions import READ, TRIAGE
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.references import reference_of

ANSWERED: Final = "referral.extra_answered"
SHOWN: Final = "referral.extra_answers_read"
REFERRAL: Final = "referral"


def record_of(id: UUID) -> FoundRecord:
    """Returns a referral that is there as a record."""
    title = msg("Referral {reference}", reference=reference_of(id))
    return FoundRecord(id, title, page="referral", place={"id": id}, subject="referral")


async def _find(ctx: Context, id: UUID) -> FoundRecord:
    await referral_queries.row(ctx, id)
    return record_of(id)


RECORD_KIND: Final = RecordKind(REFERRAL, msg("a referral"), READ, TRIAGE, ANSWERED, find=_find, shown=SHOWN)
