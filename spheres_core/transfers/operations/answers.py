"""Answers a transfer that another region offers. Nothing begins here before the other region has closed its file."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy import LargeBinary, Text, bindparam, null

from spheres_core.audit import operations as audit
from spheres_core.facts import AgeRange, msg
from spheres_core.followups.operations.participations import begin_transferred
from spheres_core.followups.operations.steps import ChangedMeanwhile
from spheres_core.foundation.content.readable_codes import new_readable_code
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.transfers.queries.received import find_received, received, shown
from spheres_core.transfers.schemas.messages import Offer
from spheres_core.transfers.schemas.received import (
    ReceivedAccepted,
    ReceivedFound,
    ReceivedRefused,
    ReceivedState,
    ReceivedTransfer,
)

_one: Any = (scoped(received), received.c.id == bindparam("which"))
_answered: Any = {"version": received.c.version + 1, "answered_by": bindparam("who")}
ACCEPT: Final = prepare(
    received.update().where(*_one).values(state="accepting", code=bindparam("sealed", type_=LargeBinary()), **_answered)
)
REFUSE: Final = prepare(
    received.update()
    .where(*_one)
    .values(
        state="refused", reason=bindparam("why", type_=Text()), content=null(), ended_on=bindparam("today"), **_answered
    )
)
END: Final = prepare(
    received.update()
    .where(*_one)
    .values(
        state=bindparam("to", type_=Text()), content=null(), code=null(), version=received.c.version + 1,
        ended_on=bindparam("today"),
    )
)  # fmt: skip


class TransferNotWaiting(Conflict):
    """It was answered, taken back, or waited too long."""

    code = "transfer_not_waiting"
    message = msg("This does not wait for an answer any more.")


async def accept(ctx: Context, id: UUID, posted: ReceivedAccepted) -> ReceivedTransfer:
    """Accepts that she goes on here, and returns the code that she gets. Her file begins once the other has closed.

    Raises `ReceivedTransferUnknown`, `TransferNotWaiting`, `ChangedMeanwhile`, and `ParentAgreementMissing` or
    `NotTheirsToGive` where the legal profile asks here for more than she brings.
    """
    found = await _waiting(ctx, id, posted.version)
    offer, code = offer_of(ctx, found), new_readable_code()
    async with ctx.db.savepoint(undo=True):  # only to find out whether it can begin
        await begin_transferred(ctx, code, offer.agreement, AgeRange(offer.age, offer.age))
    vault = await open_vault(ctx)
    sealed = vault.seal("received_transfers", id, "code", code)
    accepted = ACCEPT.of(which=id, sealed=sealed, who=ctx.actor.id)
    await _record(ctx, "accepted", found, doing=accepted)
    return shown(structs.replace(found, state="accepting", version=found.version + 1), participant=code)


async def refuse(ctx: Context, id: UUID, posted: ReceivedRefused) -> ReceivedTransfer:
    """Refuses it for now; what would have come along is deleted. Her file goes on where it is.

    Raises `ReceivedTransferUnknown`, `TransferNotWaiting`, `ChangedMeanwhile`.
    """
    found = await _waiting(ctx, id, posted.version)
    refused = REFUSE.of(which=id, why=posted.reason, who=ctx.actor.id, today=ctx.today)
    await _record(ctx, "refused", found, doing=refused)
    return shown(structs.replace(found, state="refused", version=found.version + 1, reason=posted.reason))


async def end(ctx: Context, found: ReceivedFound, to: ReceivedState) -> None:
    """Ends it without an answer of this region, or because her file has begun here; what was sealed is deleted."""
    ended = END.of(which=found.id, to=to, today=ctx.today)
    await _record(ctx, {"accepted": "begun"}.get(to, to), found, doing=ended)


def offer_of(ctx: Context, found: ReceivedFound) -> Offer:
    """Returns what is sealed of an offer that was not decided yet."""
    assert found.content is not None
    opened = ctx.keys.open("received_transfers", found.id, "content", found.content)
    return msgspec.json.decode(opened, type=Offer)


async def _waiting(ctx: Context, id: UUID, version: int) -> ReceivedFound:
    found = await find_received(ctx, id)
    if found.version != version:
        raise ChangedMeanwhile(extra={"version": found.version, "state": found.state})
    if found.state != "offered" or found.ends_at <= ctx.now:
        raise TransferNotWaiting
    return found


async def _record(ctx: Context, what: str, found: ReceivedFound, *, doing: Any) -> None:
    subject = ("received_transfer", found.id)
    details = {"region": found.region}
    await audit.record(ctx, f"received_transfer.{what}", subject=subject, details=details, doing=[doing])
