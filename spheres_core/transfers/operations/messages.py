"""Writes what another region has sent. Each message may come again, or late: it is written once, or not at all.

Three messages make a transfer: the offer, the answer, and how it stands with the offer in the region that made it. That
last word decides, so an offer that was taken back before the answer came begins nothing anywhere.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.reader import as_system
from spheres_core.facts import AgeRange
from spheres_core.followups.operations.participations import begin_transferred
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.participants.operations.identity_links import add_link
from spheres_core.participants.queries import participants
from spheres_core.transfers.operations import answers, endings
from spheres_core.transfers.queries.brought import brought
from spheres_core.transfers.queries.received import BY_ID as RECEIVED
from spheres_core.transfers.queries.received import received
from spheres_core.transfers.queries.regions import exchanges_with
from spheres_core.transfers.queries.transfers import BY_ID as OFFERED
from spheres_core.transfers.schemas.brought import BroughtContent
from spheres_core.transfers.schemas.messages import Answer, Offer, Outcome
from spheres_core.transfers.schemas.received import ReceivedFound, ReceivedState

ADD: Final = prepare(
    insert(received).on_conflict_do_nothing(index_elements=["tenant_id", "id"]).returning(received.c.id)
)
ADD_BROUGHT: Final = prepare(insert(brought))
BANDS: Final = ((13, "12-13"), (17, "14-17"), (24, "18-24"))


async def take_offer(ctx: Context, *, offer: Offer, region: str) -> None:
    """Keeps an offer until it is answered, when files come from that region here; otherwise nothing is kept."""
    if not exchanges_with(ctx, region):
        return
    content = ctx.keys.seal("received_transfers", offer.id, "content", msgspec.json.encode(offer))
    if await _add(ctx, offer, region, "offered", content):
        subject = ("received_transfer", offer.id)
        await audit.record(ctx, "received_transfer.arrived", subject=subject, details={"region": region})


async def take_answer(ctx: Context, *, answer: Answer, region: str) -> None:
    """Ends the offer as the region answers to which it was made; anybody else's answer is none.

    One that comes after the offer was over is told so, and begins nothing.
    """
    async with as_system(ctx):
        found = await ctx.db.one_or_none(OFFERED, id=answer.id)
        if found is not None and found.region != region:
            return
        if found is not None:
            await ctx.db.lock("followup", found.participant_id)
            found = await ctx.db.one_or_none(OFFERED, id=answer.id)
        if found is not None and found.state == "offered":
            if answer.accepts:
                await add_link(ctx, found.participant_id, region=region, code=answer.code)
            await endings.end(ctx, found, "accepted" if answer.accepts else "refused", reason=answer.reason)
        elif answer.accepts and (found is None or found.state != "accepted"):
            details = {"transfer": str(answer.id), "region": region}
            await audit.record(ctx, "transfer.answered_late", details=details)


async def take_outcome(ctx: Context, *, outcome: Outcome, region: str) -> None:
    """Begins her file here, once it has closed there; or ends what was received, when the offer is over."""
    found = await ctx.db.one_or_none(RECEIVED, id=outcome.id)
    if found is None:
        if exchanges_with(ctx, region) and not outcome.goes_on:
            await _add_over(ctx, outcome, region)
        return
    if found.region != region:
        return
    if outcome.goes_on and found.state == "accepting":
        await _begin(ctx, found)
    elif not outcome.goes_on and found.state in ("offered", "accepting"):
        await answers.end(ctx, found, "withdrawn")


async def _begin(ctx: Context, found: ReceivedFound) -> None:
    offer, vault = answers.offer_of(ctx, found), await open_vault(ctx)
    assert found.code is not None
    code = vault.open("received_transfers", found.id, "code", found.code).decode()
    await begin_transferred(ctx, code, offer.agreement, AgeRange(offer.age, offer.age))
    await answers.end(ctx, found, "accepted")
    async with as_system(ctx):
        known = await participants.known_by(ctx, code)
        assert known is not None
        await add_link(ctx, known.id, region=found.region, code=offer.code)
        for entry in offer.entries:
            id = uuid7()
            content = BroughtContent(found.region, entry)
            sealed = ctx.keys.seal("brought_entries", id, "content", msgspec.json.encode(content))
            await ctx.db.run(
                ADD_BROUGHT, id=id, participant_id=known.id, information=entry.information, kind=entry.kind,
                onward=offer.onward, content=sealed, brought_on=ctx.today, dated_on=entry.on,
            )  # fmt: skip


async def _add(ctx: Context, offer: Offer, region: str, state: ReceivedState, content: bytes | None) -> int:
    ages = next((band for most, band in BANDS if offer.age <= most), "25+")
    return await ctx.db.run(
        ADD, id=offer.id, region=region, classes=offer.classes, onward=offer.onward, ages=ages,
        language=offer.language, state=state, reason=None, version=1, content=content, code=None,
        ends_at=offer.ends_at, answered_by=None, ended_on=None, dated_on=ctx.today,
    )  # fmt: skip


async def _add_over(ctx: Context, outcome: Outcome, region: str) -> None:
    """Notes that an offer is over before it came, so that it is not taken up when it does."""
    await ctx.db.run(
        ADD, id=outcome.id, region=region, classes=[], onward=False, ages="", language="", state="withdrawn",
        reason=None, version=1, content=None, code=None, ends_at=ctx.now, answered_by=None, ended_on=ctx.today,
        dated_on=ctx.today,
    )  # fmt: skip
