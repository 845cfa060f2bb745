"""Reads consents and exclusions of a participant, and whether a consent of one kind holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.models import ConsentEntryRow, ConsentRow, ExclusionRow
from spheres_core.consents.schemas import NO_ORGANIZATION, NO_PERSON, ConsentKind, ExclusionKind, Giver, How
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context

consents, entries, exclusions = table(ConsentRow), table(ConsentEntryRow), table(ExclusionRow)


class ConsentUnknown(NotFound):
    """There is no such consent or line of hers, or none that still holds."""


class ExclusionUnknown(NotFound):
    """There is no such exclusion from her file, or none that still holds."""


class StoredConsent(Struct, frozen=True):
    """A consent without its words."""

    id: UUID
    kind: ConsentKind
    given_on: dt.date
    how: How
    giver: Giver
    authority: str
    to_confirm: bool
    holder: str
    decided_by: UUID | None
    recorded_by: UUID | None
    recorded_at: dt.datetime
    starts: dt.datetime
    """`FOREVER` while it waits for a parent or tutor."""
    ends: dt.datetime
    also_giver: Giver | None
    also_given_on: dt.date | None
    withdrawn_at: dt.datetime | None


class StoredEntry(Struct, frozen=True):
    """One line of a consent."""

    id: UUID
    consent_id: UUID
    recipient: str
    information: str
    purpose: str
    act: str
    starts: dt.datetime
    ends: dt.datetime
    first_day: dt.date
    last_day: dt.date
    onward: bool
    withdrawn_at: dt.datetime | None


class StoredExclusion(Struct, frozen=True):
    """An exclusion without its reason."""

    id: UUID
    kind: ExclusionKind
    staff_id: UUID
    organization: str
    information: str
    starts: dt.datetime
    ends: dt.datetime


_consents = select(*(consents.c[name] for name in StoredConsent.__struct_fields__)).where(
    scoped(consents), consents.c.participant_id == bindparam("hers")
)
_before, _limit = bindparam("before", type_=Uuid()), bindparam("limit", type_=Integer())
CONSENTS = prepare(
    _consents.where(consents.c.id < _before).order_by(consents.c.id.desc()).limit(_limit), into=StoredConsent
)
CONSENT = prepare(_consents.where(consents.c.id == bindparam("which")), into=StoredConsent)
OF_KIND = prepare(
    select(consents.c.id)
    .where(scoped(consents), consents.c.participant_id == bindparam("hers"), consents.c.kind == bindparam("kind"))
    .where(consents.c.starts <= bindparam("now"), consents.c.ends > bindparam("now"))
    .order_by(consents.c.id.desc())
    .limit(1)
)
ENTRIES = prepare(
    select(*(entries.c[name] for name in StoredEntry.__struct_fields__))
    .where(scoped(entries), entries.c.participant_id == bindparam("hers"))
    .where(entries.c.consent_id == any_(bindparam("which", type_=ARRAY(Uuid()))))
    .order_by(entries.c.id),
    into=StoredEntry,
)
ENTRY = prepare(
    select(*(entries.c[name] for name in StoredEntry.__struct_fields__)).where(
        scoped(entries), entries.c.participant_id == bindparam("hers"), entries.c.id == bindparam("which")
    ),
    into=StoredEntry,
)
EXCLUSIONS = prepare(
    select(*(exclusions.c[name] for name in StoredExclusion.__struct_fields__))
    .where(scoped(exclusions), exclusions.c.participant_id == bindparam("hers"), exclusions.c.id < _before)
    .where(exclusions.c.staff_id != bindparam("reader"))
    .where(or_(exclusions.c.organization == NO_ORGANIZATION, exclusions.c.organization != bindparam("reader_of")))
    .order_by(exclusions.c.id.desc())
    .limit(_limit),
    into=StoredExclusion,
)
EXCLUSION = prepare(
    select(*(exclusions.c[name] for name in StoredExclusion.__struct_fields__)).where(
        scoped(exclusions),
        exclusions.c.participant_id == bindparam("hers"),
        exclusions.c.id == bindparam("which"),
    ),
    into=StoredExclusion,
)


async def consent_that_holds(ctx: Context, participant: UUID, kind: ConsentKind) -> UUID | None:
    """Returns the newest consent of this kind that holds now, or None. No kind implies another."""
    found = await ctx.db.scalar(OF_KIND, hers=participant, kind=kind, now=ctx.now)
    return UUID(str(found)) if found is not None else None


async def consents_of(ctx: Context, participant: UUID, *, before: UUID, limit: int) -> Sequence[StoredConsent]:
    """Returns her consents older than `before`, the newest first."""
    return await ctx.db.all(CONSENTS, hers=participant, before=before, limit=limit)


async def consent_of(ctx: Context, participant: UUID, consent: UUID) -> StoredConsent | None:
    """Returns one of her consents, or None."""
    return await ctx.db.one_or_none(CONSENT, hers=participant, which=consent)


async def entries_of(ctx: Context, participant: UUID, consents: Sequence[UUID]) -> Sequence[StoredEntry]:
    """Returns the lines of some of her consents, the oldest first."""
    return await ctx.db.all(ENTRIES, hers=participant, which=list(consents))


async def entry_of(ctx: Context, participant: UUID, entry: UUID) -> StoredEntry | None:
    """Returns one line of her consents, or None."""
    return await ctx.db.one_or_none(ENTRY, hers=participant, which=entry)


async def exclusions_of(ctx: Context, participant: UUID, *, before: UUID, limit: int) -> Sequence[StoredExclusion]:
    """Returns exclusions from her file older than `before`, the newest first, ended ones too.

    None that keeps the actor or her organization away: nobody is shown one about herself.
    """
    reader = {"reader": ctx.actor.id or NO_PERSON, "reader_of": ctx.actor.organization}
    return await ctx.db.all(EXCLUSIONS, hers=participant, before=before, limit=limit, **reader)


async def exclusion_of(ctx: Context, participant: UUID, exclusion: UUID) -> StoredExclusion | None:
    """Returns one exclusion from her file, or None."""
    return await ctx.db.one_or_none(EXCLUSION, hers=participant, which=exclusion)
