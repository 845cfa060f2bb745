"""Reads what the page says that a participant reads with her worker: who may see what, and what has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.models import ConsentEntryRow
from spheres_core.consents.queries import disclosures, ledger, limits
from spheres_core.consents.queries.access import Access
from spheres_core.consents.queries.ledger import StoredConsent, StoredEntry, StoredExclusion
from spheres_core.consents.queries.limits import Explanation
from spheres_core.consents.queries.recipients import recipient_names
from spheres_core.consents.schemas import WITHOUT_CONSENT, Disclosure, Standing
from spheres_core.facts import Words
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LATEST

MOST = 200
"""Conversations and exclusions that the page shows, the newest first."""
entries = table(ConsentEntryRow)
NOT_OVER = prepare(
    select(*(entries.c[name] for name in StoredEntry.__struct_fields__))
    .where(scoped(entries), entries.c.participant_id == bindparam("hers"), entries.c.ends > bindparam("now"))
    .order_by(entries.c.recipient, entries.c.id),
    into=StoredEntry,
)


class WhoSeesWhat(Struct, frozen=True):
    """Everything that a reader may know of who may see what of a participant now."""

    conversations: Sequence[StoredConsent]
    """Her consents, the newest first, with those that are over."""
    lines: Sequence[StoredEntry]
    """Those in force, and those that wait for a parent or tutor."""
    without_consent: Sequence[Standing]
    """Who looks by a legal basis that a person entered."""
    left: Sequence[Disclosure]
    exclusions: Sequence[StoredExclusion]
    """Those in force; none that keeps the reader away."""
    explained: Sequence[Explanation]
    names: Mapping[str, Words]
    """By key, the name of each organization."""


async def who_sees_what(ctx: Context, access: Access, reader: Mapping[str, Any]) -> WhoSeesWhat:
    """Returns them, and writes to the trail which lines were shown. `reader`: from `queries.reader.read_for`."""
    lines = [
        each
        for each in await ctx.db.all(NOT_OVER, hers=access.participant, now=ctx.now)
        if access.shows_lines_of(each.recipient)
    ]
    left = await disclosures.of_participant(ctx, access.participant)
    kept_away = await ledger.exclusions_of(ctx, access.participant, before=LATEST, limit=MOST)
    details = access.grounds()
    await audit.record(
        ctx, "consents.listed", subject=("participant", access.participant), shown=[each.id for each in lines],
        details=details,
    )  # fmt: skip
    return WhoSeesWhat(
        conversations=await ledger.consents_of(ctx, access.participant, before=LATEST, limit=MOST),
        lines=lines,
        without_consent=[
            each for each in access.standings if each.kind in WITHOUT_CONSENT and each.starts <= ctx.now < each.ends
        ],
        left=[each for each in left if access.shows_lines_of(each.recipient)],
        exclusions=[each for each in kept_away if each.starts <= ctx.now < each.ends],
        explained=await limits.explanations(ctx, reader, access.participant),
        names=await recipient_names(ctx, {*(each.recipient for each in lines), *(each.recipient for each in left)}),
    )
