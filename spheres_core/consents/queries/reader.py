"""Says to a transaction who reads about participants, and gives queries the same as parameters."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from spheres_core.consents.queries.policies import SYSTEM
from spheres_core.consents.schemas import NO_PERSON, Purpose
from spheres_core.foundation.errors import NotFound, Refusal
from spheres_core.foundation.tenancy.context import Context


async def read_for(ctx: Context, purpose: Purpose, act: Literal["read", "discuss"] = "read") -> Mapping[str, Any]:
    """Lets the transaction read what the actor may for this purpose. Returns the parameters of `readable.permitted`.

    `act`: `discuss` for what she may discuss instead; the conditions of queries then say so too.

    Raises `NotFound` for an actor who is no person of staff: nobody else has a standing.
    """
    ctx.db.read_as(**settings_for(ctx, purpose), **({"act": act} if act != "read" else {}))
    return {
        "reader_staff": ctx.actor.id,
        "reader_organization": ctx.actor.organization,
        "reader_purpose": purpose,
        "reader_now": ctx.now,
    }


async def read_as_system(ctx: Context) -> None:
    """Lets the transaction touch every participant: for work that belongs to no person, such as an erasure."""
    ctx.db.read_as(kind=SYSTEM)


@contextlib.asynccontextmanager
async def as_recipient(ctx: Context, recipient: str, purpose: Purpose) -> AsyncIterator[Mapping[str, Any]]:
    """Lets what is inside read what a recipient as a whole may for this purpose, and nothing else.

    Yields the parameters of `readable.permitted`. Afterwards the transaction reads for whom it read before.
    """
    before = ctx.db.reader
    said = {"staff": str(NO_PERSON), "organization": recipient, "purpose": purpose, "now": ctx.now.isoformat()}
    ctx.db.read_as(kind="person", **said)
    try:
        yield {
            "reader_staff": NO_PERSON,
            "reader_organization": recipient,
            "reader_purpose": purpose,
            "reader_now": ctx.now,
        }
    except Refusal:
        ctx.db.read_as(**before)
        raise
    ctx.db.read_as(**before)


@contextlib.asynccontextmanager
async def as_system(ctx: Context) -> AsyncIterator[None]:
    """Lets what is inside touch every participant, for an act that its actor may do whatever she may read.

    Afterwards the transaction reads for whom it read before, also after a refusal: a page that says it goes on in the
    same transaction. Any other error ends the transaction.
    """
    before = ctx.db.reader
    await read_as_system(ctx)
    try:
        yield
    except Refusal:
        ctx.db.read_as(**before)
        raise
    ctx.db.read_as(**before)


def settings_for(ctx: Context, purpose: Purpose) -> Mapping[str, str]:
    """Returns what the transaction is told of the actor who reads for a purpose. Raises `NotFound` as `read_for`."""
    staff = ctx.actor.id
    if staff is None or staff == NO_PERSON:
        raise NotFound
    return {
        "kind": "person",
        "staff": str(staff),
        "organization": ctx.actor.organization,
        "purpose": purpose,
        "now": ctx.now.isoformat(),
    }
