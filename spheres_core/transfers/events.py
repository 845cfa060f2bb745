"""Events after commit: messages leave for the other region, and those who answer hear that something waits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy import Text, bindparam, null
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.operations.disclosures import DisclosureNotCovered, record_disclosure
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import REGION
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.registrations import Crossing, Notification
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.notifications.notices import SOMETHING_WAITS
from spheres_core.notifications.operations import messages as notifications
from spheres_core.staff.queries import members
from spheres_core.transfers.operations import endings, messages
from spheres_core.transfers.permissions import ANSWER
from spheres_core.transfers.queries.received import BY_ID as RECEIVED
from spheres_core.transfers.queries.transfers import BY_ID as OFFERED
from spheres_core.transfers.queries.transfers import transfers
from spheres_core.transfers.schemas.messages import Answer, Offer, Outcome
from spheres_core.transfers.schemas.transfers import TransferFound

LEFT: Final = prepare(
    transfers.update()
    .where(scoped(transfers), transfers.c.id == bindparam("which"))
    .values(content=null(), classes=bindparam("went", type_=ARRAY(Text())))
)


async def send_offer(ctx: Context, participant: UUID, details: Mapping[str, Any]) -> Crossing | None:
    """Returns the offer with what she still agrees to at this moment; what has left is told when she takes it back."""
    async with as_system(ctx):
        await ctx.db.lock("followup", participant)
        found = await ctx.db.one_or_none(OFFERED, id=UUID(details["transfer"]))
        if found is None or found.state != "offered" or found.content is None:
            return None
        covered = [each for each in ("participation", *found.classes) if await _leaves(ctx, found, each)]
        if "participation" not in covered:
            await endings.end(ctx, found, "withdrawn")
            return None
        went = [each for each in found.classes if each in covered]
        kept = msgspec.json.decode(ctx.keys.open("transfers", found.id, "content", found.content), type=Offer)
        entries = [each for each in kept.entries if each.information in went]
        offer = structs.replace(kept, classes=went, entries=entries)
        await ctx.db.run(LEFT, which=found.id, went=went)
    return Crossing(found.region, partial(messages.take_offer, offer=offer, region=ctx.tenant.slug))


async def send_answer(ctx: Context, id: UUID, details: Mapping[str, Any]) -> Crossing | None:
    """Returns what this region has answered; the code that she gets goes to the other region's vault."""
    found = await ctx.db.one_or_none(RECEIVED, id=id)
    if found is None or found.state not in ("accepting", "refused"):
        return None
    code = ""
    if found.code is not None:
        code = (await open_vault(ctx)).open("received_transfers", id, "code", found.code).decode()
    answer = Answer(id, accepts=found.state == "accepting", reason=found.reason, code=code)
    return Crossing(found.region, partial(messages.take_answer, answer=answer, region=ctx.tenant.slug))


async def send_outcome(ctx: Context, participant: UUID | None, details: Mapping[str, Any]) -> Crossing:
    """Returns how it stands with an offer here: the last word."""
    id = UUID(details["transfer"])
    async with as_system(ctx):
        found = await ctx.db.one_or_none(OFFERED, id=id)
    outcome = Outcome(id, goes_on=found is not None and found.state == "accepted")
    return Crossing(details["region"], partial(messages.take_outcome, outcome=outcome, region=ctx.tenant.slug))


async def notify_answering(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
    """Returns a message without words of the case for those who answer, and chose to get one."""
    cause = UUID(details["entry"])
    return [
        Notification(each.id, partial(notifications.send, to=each, notice=SOMETHING_WAITS, cause=cause))
        for each in await members.holders_who_want_mail(ctx, ANSWER)
    ]


async def _leaves(ctx: Context, found: TransferFound, information: str) -> bool:
    """Records that a class leaves, and returns whether it may."""
    recipient = f"{REGION}{found.region}"
    try:
        await record_disclosure(
            ctx, found.participant_id, recipient, information, "transfer", left_by=(endings.ACT, found.id)
        )
    except DisclosureNotCovered:
        return False
    return True
