"""Questions about entries that wait for a second person. Nothing in them leads to a request."""

import datetime as dt
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Integer, Uuid, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import ToolProposal
from spheres_core.support.schemas.library import ProposalPosted, ProposalRead

proposals = table(ToolProposal)
SUBJECT: Final = "tool_proposal"


class ProposalUnknown(NotFound):
    """No such entry waits here: it was decided, or never was."""

    code = "proposal_unknown"


class ProposalRow(Struct, frozen=True):
    """An entry as it is stored, with its words still sealed."""

    id: UUID
    words: bytes
    proposed_by: UUID
    proposed_at: dt.datetime


_columns = [proposals.c[name] for name in ProposalRow.__struct_fields__]
LIST = prepare(
    select(*_columns)
    .where(scoped(proposals), proposals.c.id < bindparam("before", type_=Uuid()))
    .order_by(proposals.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=ProposalRow,
)
ONE_LOCKED = prepare(
    select(*_columns).where(scoped(proposals), proposals.c.id == bindparam("id")).with_for_update(), into=ProposalRow
)
COUNT = prepare(select(func.count()).select_from(proposals).where(scoped(proposals)))


async def list_proposals(ctx: Context, *, before: UUID, limit: int) -> list[ProposalRead]:
    """Returns entries that wait, newest first, and writes to the trail which were shown."""
    found = [as_read(ctx, each) for each in await ctx.db.all(LIST, before=before, limit=limit)]
    await audit.record(ctx, "tool_proposals.listed", shown=[each.id for each in found])
    return found


async def read_proposal(ctx: Context, id: UUID) -> ProposalRead:
    """Returns one entry that waits, and writes the reading to the trail. Raises `ProposalUnknown`."""
    found = await find_proposal(ctx, id)
    await audit.record(ctx, "tool_proposal.read", subject=(SUBJECT, id))
    return as_read(ctx, found)


async def find_proposal(ctx: Context, id: UUID) -> ProposalRow:
    """Returns one entry for a decision. Raises `ProposalUnknown`."""
    found = await ctx.db.one_or_none(ONE_LOCKED, id=id)
    if found is None:
        raise ProposalUnknown
    return found


async def count_proposals(ctx: Context) -> int:
    """Returns how many entries wait."""
    return int(await ctx.db.scalar(COUNT))


def words_of(ctx: Context, row: ProposalRow) -> ProposalPosted:
    """Returns what was proposed, unsealed."""
    return msgspec.json.decode(ctx.keys.open("tool_proposals", row.id, "words", row.words), type=ProposalPosted)


def as_read(ctx: Context, row: ProposalRow) -> ProposalRead:
    """Returns an entry as it is read before it is decided."""
    words = words_of(ctx, row)
    return ProposalRead(
        row.id, words.language, words.title, words.summary, words.text, words.themes, words.audiences,
        row.proposed_at, row.proposed_by, words.confirmed, row.proposed_by != ctx.actor.id,
    )  # fmt: skip
