"""Keeps, in the identity vault only, under which code somebody has a file in another region."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.participants.models import IdentityLinkRow
from spheres_core.participants.schemas.identity import IdentityElsewhere

ADD = prepare(insert(table(IdentityLinkRow)))


async def add_link(ctx: Context, participant: UUID, *, region: str, code: str) -> None:
    """Keeps a code of hers in another region, sealed with the vault's key. The transaction must be the system's."""
    id, vault = uuid7(), await open_vault(ctx)
    content = msgspec.json.encode(IdentityElsewhere(region, code))
    await ctx.db.run(
        ADD,
        id=id,
        participant_id=participant,
        content=vault.seal("identity_links", id, "content", content),
        dated_on=ctx.today,
    )
