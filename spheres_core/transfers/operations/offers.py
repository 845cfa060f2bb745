"""Offers her file to another region with what she agreed to, takes the offer back, and notes that she was told."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import ledger, standings
from spheres_core.consents.operations.ledger import AgreedToo, ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import FOREVER, REGION
from spheres_core.facts import AgeRange, Problem, msg
from spheres_core.followups.operations.participations import AgreementInFuture, ParentAgreementMissing
from spheres_core.followups.operations.steps import ChangedMeanwhile, write_step
from spheres_core.followups.queries.participations import open_one
from spheres_core.followups.states import BY_TRANSFER, LEADS_TO
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.transfers.operations.endings import ACT, READING, TOLD, end, note_told
from spheres_core.transfers.queries import content, regions
from spheres_core.transfers.queries.transfers import find_transfer, shown, transfers
from spheres_core.transfers.schemas.messages import CarriedEntry, Offer
from spheres_core.transfers.schemas.transfers import (
    Transfer,
    TransferAsked,
    TransferFound,
    TransferPosted,
    TransferPreview,
    TransferSeen,
)
from spheres_core.transfers.settings import Settings

ADD: Final = prepare(insert(transfers).on_conflict_do_nothing())


class RegionUnknown(Invalid):
    """Files don't go to this region from here."""

    code = "region_unknown"
    message = msg("Choose one of the regions to which files go from here.")


class NotCarried(Invalid):
    """A class of information that does not go along, or that the caller may not read."""

    code = "not_carried"
    message = msg("Choose what goes along from the list.")


class TransferImpossible(Conflict):
    """Only somebody whose participation is under way or paused can go on elsewhere."""

    code = "transfer_impossible"
    message = msg("Her file can be offered while her participation is under way or paused.")


class TransferOffered(Conflict):
    """Her file is being offered to a region."""

    code = "transfer_offered"
    message = msg("Her file is being offered to a region already.")


class TransferOver(Conflict):
    """This transfer has ended, or was answered in the meantime."""

    code = "transfer_over"
    message = msg("This transfer is over already.")


async def preview(ctx: Context, file: ParticipantAccess, asked: TransferAsked) -> TransferPreview:
    """Returns exactly what would go along; nothing is recorded but that it was looked at.

    Raises `ParticipantUnknown`, `RegionUnknown`, `NotCarried`, `AgreementInFuture`, `ParentAgreementMissing` and what
    `ledger.give_consent` raises.
    """
    await _check(ctx, file, asked)
    async with ctx.db.savepoint(undo=True):
        _, found = await _agreed(ctx, file, asked, uuid7())
    details = {"region": asked.region, "classes": sorted(asked.classes)}
    await audit.record(ctx, "transfer.previewed", subject=("participant", file.id), details=details)
    return _previewed(asked, found)


async def offer(ctx: Context, file: ParticipantAccess, posted: TransferPosted) -> Transfer:
    """Records what she agreed to, and offers her file to another region with that and nothing else.

    Raises what `preview` raises, `TransferImpossible`, `TransferOffered`, and `ChangedMeanwhile` with a new preview
    when something else would go along now than was looked at.
    """
    await _check(ctx, file, posted)
    await ctx.db.lock("followup", file.id)
    episode = await open_one(ctx, file.id)
    if episode.state == BY_TRANSFER:
        raise TransferOffered
    if BY_TRANSFER not in LEADS_TO[episode.state]:
        raise TransferImpossible
    id = uuid7()
    consent, entries = await _agreed(ctx, file, posted, id)
    now = _previewed(posted, entries)
    if posted.seen != now.digest:
        raise ChangedMeanwhile(extra={"preview": msgspec.to_builtins(now)})
    ends_at = _ends_at(ctx)
    agreement = structs.replace(posted.agreement, words="")
    leaving = Offer(
        id, file.code, now.classes, posted.onward, posted.age, posted.language, agreement, ends_at, entries
    )  # fmt: skip
    made = TransferFound(
        id, file.id, episode.id, posted.region, now.classes, posted.onward, posted.names, consent, "offered", None,
        "paused" if episode.state == "paused" else "active", 1,
        ctx.keys.seal("transfers", id, "content", msgspec.json.encode(leaving)), None, None, ends_at, ctx.now,
        ctx.actor.id, None, ctx.today,
    )  # fmt: skip
    async with as_system(ctx):
        if not await ctx.db.run(ADD, **structs.asdict(made)):
            raise TransferOffered
        details = {"transfer": str(id), "region": posted.region}
        await audit.record(ctx, "transfer.offered", subject=("participant", file.id), details=details)
        await write_step(ctx, episode, BY_TRANSFER)
    return shown(made)


async def withdraw(ctx: Context, file: ParticipantAccess, id: UUID, posted: TransferSeen) -> Transfer:
    """Takes an offer back: her file is as it was before. When both happen at once, this comes before an acceptance.

    Raises `ParticipantUnknown`, `TransferUnknown`, `TransferOver`, `ChangedMeanwhile`.
    """
    require_class(ctx, file, "participation", act="write")
    await ctx.db.lock("followup", file.id)
    found = await find_transfer(ctx, file, id)
    _check_seen(found, posted)
    if found.state != "offered":
        raise TransferOver
    async with as_system(ctx):
        return shown(await end(ctx, found, "withdrawn"))


async def tell(ctx: Context, file: ParticipantAccess, id: UUID, posted: TransferSeen) -> Transfer:
    """Notes that she was told how the transfer ended; whoever told her needs to reach her no longer.

    Raises `TransferUnknown` also for anybody else, `TransferOver`, `ChangedMeanwhile`.
    """
    found = await find_transfer(ctx, file, id)
    _check_seen(found, posted)
    if found.teller != ctx.actor.id or found.told_at is not None:
        raise TransferOver
    async with as_system(ctx):
        told = await note_told(ctx, found)
        await standings.end_standings(ctx, file.id, opened_by=(TOLD, id))
    return shown(told)


def _check_seen(found: TransferFound, posted: TransferSeen) -> None:
    if found.version != posted.version:
        raise ChangedMeanwhile(extra={"version": found.version, "state": found.state})


async def _check(ctx: Context, file: ParticipantAccess, asked: TransferAsked) -> None:
    require_class(ctx, file, "participation", act="write")
    if asked.region not in await regions.regions(ctx):
        raise RegionUnknown(errors=[Problem(RegionUnknown.message, path="region")])
    if any(each not in content.CARRIED or not reaches(ctx, file, each) for each in asked.classes):
        raise NotCarried(errors=[Problem(NotCarried.message, path="classes")])
    if asked.agreement.on > ctx.today:
        raise AgreementInFuture(errors=[Problem(AgreementInFuture.message, path="agreement.on")])


async def _agreed(
    ctx: Context, file: ParticipantAccess, asked: TransferAsked, id: UUID
) -> tuple[UUID, list[CarriedEntry]]:
    """Records what she agreed to, and returns the consent with what the other region may read by it."""
    recipient, ends_at = f"{REGION}{asked.region}", _ends_at(ctx)
    classes = ["participation", *_in_order(asked)]
    lines = tuple(ConsentLine(recipient, each, "transfer", ends=ends_at, onward=asked.onward) for each in classes)
    agreement = asked.agreement
    also = None if agreement.also is None else AgreedToo(*structs.astuple(agreement.also))
    given = ConsentGiven(
        "information", agreement.on, agreement.how, asked.giver, AgeRange(asked.age, asked.age), lines,
        agreement.words, asked.holder, asked.benefit, ends_at, also=also, region=recipient,
    )  # fmt: skip
    consent = await ledger.give_consent(ctx, file.id, given)
    if consent.starts >= FOREVER:
        raise ParentAgreementMissing(errors=[Problem(ParentAgreementMissing.message, path="agreement.also")])
    await standings.open_standing(
        ctx, file.id, "transfer", recipient=recipient, classes=classes, acts=READING, purpose="transfer",
        opened_by=(ACT, id), ends=ends_at,
    )  # fmt: skip
    found = await content.entries_for(ctx, file.id, file.code, recipient=recipient, names=asked.names)
    return consent.id, found


def _in_order(asked: TransferAsked) -> list[str]:
    return [each for each in content.CARRIED if each in asked.classes]


def _ends_at(ctx: Context) -> dt.datetime:
    return ctx.now + dt.timedelta(days=ctx.settings("transfers", Settings).answer_days)


def _previewed(asked: TransferAsked, entries: list[CarriedEntry]) -> TransferPreview:
    said = (asked.region, _in_order(asked), asked.onward, asked.names, entries)
    return TransferPreview(*said, digest=hashlib.sha256(msgspec.json.encode(said)).hexdigest())
