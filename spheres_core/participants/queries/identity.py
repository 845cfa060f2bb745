"""Reads the identity vault. No other module does, and no other table is joined to it (a rule test looks)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.participants.models import IdentityLinkRow, IdentityMarkRow, IdentityRow
from spheres_core.participants.queries.alike_marks import pairs_alike
from spheres_core.participants.queries.opened_rows import opened_rows
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.identity import Identity, IdentityElsewhere, IdentityRead, StoredIdentity

identities, links = table(IdentityRow), table(IdentityLinkRow)
LATEST = prepare(
    select(*(identities.c[name] for name in StoredIdentity.__struct_fields__))
    .where(
        scoped(identities),
        permitted(identities.c.participant_id, "identity", identities.c.dated_on),
        identities.c.participant_id == bindparam("participant", type_=Uuid()),
    )
    .order_by(identities.c.version.desc())
    .limit(1),
    into=StoredIdentity,
)
LINKS = prepare(
    select(links.c.id, links.c.content)
    .where(
        scoped(links),
        permitted(links.c.participant_id, "identity", links.c.dated_on),
        links.c.participant_id == bindparam("participant", type_=Uuid()),
    )
    .order_by(links.c.id)
)
KEPT = {
    rows: prepare(
        select(rows.c.id).where(scoped(rows), rows.c.participant_id == bindparam("participant", type_=Uuid())).limit(1)
    )
    for rows in (identities, links)
}
"""By table, whether anything is kept there of somebody: where nothing is, the vault stays closed."""
BIRTHDAYS = prepare(
    select(identities.c.participant_id, identities.c.id, identities.c.birthday)
    .where(scoped(identities))
    .ext(distinct_on(identities.c.participant_id))
    .order_by(identities.c.participant_id, identities.c.version.desc())
)


ALIKE = prepare(pairs_alike(table(IdentityMarkRow), bindparam("most", type_=Integer())))


async def kept_in_the_vault(ctx: Context, participant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Returns all that is kept of who somebody is, opened, by table. The transaction must be the system's.

    For an export of all that is kept about her.
    """
    found = {}
    for rows, kept in KEPT.items():
        if await ctx.db.all(kept, participant=participant):
            found[rows.name] = await opened_rows(ctx, rows, participant, await open_vault(ctx))
    return found


async def read_identity(ctx: Context, access: ParticipantAccess, vault: TenantKeys) -> IdentityRead:
    """Returns the latest version of an identity that the caller may read; version 0 when nothing is kept.

    For `operations.identity` only: an opening is an act with a reason.
    """
    row = await ctx.db.one_or_none(LATEST, participant=access.id, **access.reader)
    elsewhere = [
        msgspec.json.decode(vault.open("identity_links", id, "content", sealed), type=IdentityElsewhere)
        for id, sealed in await ctx.db.all(LINKS, participant=access.id, **access.reader)
    ]
    if row is None:
        return IdentityRead(access.code, 0, Identity(), None, None, elsewhere)
    content = msgspec.json.decode(vault.open("identities", row.id, "content", row.content), type=Identity)
    return IdentityRead(access.code, row.version, content, row.written_at, row.written_by, elsewhere)


async def alike_by_name(ctx: Context, *, most: int) -> Sequence[tuple[UUID, UUID, str]]:
    """Returns pairs of one name and one birthday, by their blind indexes. The transaction must be the system's."""
    return [(first, second, kind) for first, second, kind in await ctx.db.all(ALIKE, most=most)]


async def birthdays(ctx: Context) -> Iterable[tuple[UUID, dt.date]]:
    """Returns each participant's id with her birthday where it is known. The transaction must be the system's."""
    known = [(participant, id, sealed) for participant, id, sealed in await ctx.db.all(BIRTHDAYS) if sealed is not None]
    if not known:
        return []
    vault = await open_vault(ctx)
    return [
        (participant, dt.date.fromisoformat(vault.open("identities", id, "birthday", sealed).decode()))
        for participant, id, sealed in known
    ]
