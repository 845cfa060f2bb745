"""Records that a parent or tutor agreed too, where the legal profile asks for both. From then on it is in force."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam

from spheres_core.audit import operations as audit
from spheres_core.consents.operations.ledger import AgreedToo, NotTheirsToGive, consents, entries
from spheres_core.consents.queries.applied_authority import authority_for
from spheres_core.consents.queries.ledger import ConsentUnknown, consent_of
from spheres_core.consents.schemas import FOREVER
from spheres_core.facts import AgeRange
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context

AGREE = prepare(
    consents.update()
    .where(scoped(consents), consents.c.id == bindparam("consent"), consents.c.participant_id == bindparam("hers"))
    .where(consents.c.starts == FOREVER, consents.c.ends > bindparam("now"))
    .values(
        starts=bindparam("now"), also_giver=bindparam("giver"), also_given_on=bindparam("given_on"),
        also_how=bindparam("how"), also_recorded_by=bindparam("recorded_by"),
    )
)  # fmt: skip
START_ENTRIES = prepare(
    entries.update()
    .where(scoped(entries), entries.c.consent_id == bindparam("consent"), entries.c.starts == FOREVER)
    .values(starts=bindparam("now"))
)


async def agree_too(ctx: Context, participant: UUID, consent: UUID, agreed: AgreedToo, *, born: AgeRange) -> None:
    """Puts a consent that waits in force, from now on. `born`: her age on the day on which the second agreed.

    Once she may give it alone, she gives it anew. Raises `ConsentUnknown` for one that does not wait,
    `NotTheirsToGive`.
    """
    found = await consent_of(ctx, participant, consent)
    if found is None or found.starts < FOREVER or found.ends <= ctx.now:
        raise ConsentUnknown
    applied = await authority_for(ctx, found.kind, born, agreed.given_on, holder=found.holder)
    if agreed.giver not in applied.authority.also or agreed.given_on > ctx.today:
        raise NotTheirsToGive
    told = {"giver": agreed.giver, "given_on": agreed.given_on, "how": agreed.how, "recorded_by": ctx.actor.id}
    if not await ctx.db.run(AGREE, consent=consent, hers=participant, now=ctx.now, **told):
        raise ConsentUnknown
    await ctx.db.run(START_ENTRIES, consent=consent, now=ctx.now)
    details = {"consent": str(consent), "giver": agreed.giver}
    await audit.record(ctx, "consent.agreed_too", subject=("participant", participant), details=details)
