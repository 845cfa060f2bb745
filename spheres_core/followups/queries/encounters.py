"""Finds encounters and what was written of them, each part for whoever may read its class of information."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Text, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.followups.models import ContactAttemptRow, EncounterRow, EncounterTextRow
from spheres_core.followups.schemas.contact_attempts import ContactAttempt
from spheres_core.followups.schemas.encounters import (
    Addendum,
    Encounter,
    EncounterFound,
    EncounterHistory,
    EncounterVersion,
    TextPart,
)
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.queries.extra_answers import extra_about, extra_versions
from spheres_core.participants.schemas.extra_answers import ExtraGiven
from spheres_core.participants.schemas.files import ParticipantAccess

encounters, texts, attempts = table(EncounterRow), table(EncounterTextRow), table(ContactAttemptRow)
is_planned: Final = encounters.c.state == constant("planned", Text())
"""Stands in the text of a query, so that a plan that is kept uses the index of those that are planned."""


class TextFound(Struct, frozen=True):
    """A row of words."""

    id: UUID
    encounter_id: UUID
    part: TextPart
    version: int
    words: bytes | None
    author: UUID | None
    written_at: dt.datetime


class EncounterUnknown(NotFound):
    """There is no such encounter of hers, or none that the caller may read."""


_hers = (
    select(*(encounters.c[name] for name in EncounterFound.__struct_fields__))
    .where(scoped(encounters), encounters.c.participant_id == bindparam("participant"))
    .where(permitted(encounters.c.participant_id, "encounters", encounters.c.dated_on))
)
LIST = prepare(
    _hers.where(encounters.c.id < bindparam("before", type_=Uuid()))
    .order_by(encounters.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=EncounterFound,
)
ONE = prepare(_hers.where(encounters.c.id == bindparam("id")), into=EncounterFound)
TEXTS = prepare(
    select(*(texts.c[name] for name in TextFound.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.encounter_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(texts.c.participant_id, texts.c.information, texts.c.dated_on))
    .order_by(texts.c.id),
    into=TextFound,
)
ATTEMPTS = prepare(
    select(attempts.c.id, attempts.c.channel, attempts.c.outcome, attempts.c.at, attempts.c.author)
    .where(scoped(attempts), attempts.c.participant_id == bindparam("participant"))
    .where(attempts.c.id < bindparam("before", type_=Uuid()))
    .where(permitted(attempts.c.participant_id, "encounters", attempts.c.dated_on))
    .order_by(attempts.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=ContactAttempt,
)


async def list_encounters(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[Encounter]:
    """Returns a page of her encounters, the last written first, and writes to the trail which were shown."""
    require_class(ctx, file, "encounters")

    async def ask(before: UUID, limit: int) -> Sequence[Encounter]:
        rows = await ctx.db.all(LIST, participant=file.id, before=before, limit=limit, **file.reader)
        return await with_words(ctx, file, rows)

    page = await page_of(ctx, f"encounters {file.id}", cursor, ask)
    await audit.record(ctx, "encounters.read", subject=("participant", file.id), shown=[each.id for each in page.items])
    return page


async def find(ctx: Context, file: ParticipantAccess, id: UUID) -> EncounterFound:
    """Returns one encounter's row. Raises `EncounterUnknown`."""
    found = await ctx.db.one_or_none(ONE, participant=file.id, id=id, **file.reader)
    if found is None:
        raise EncounterUnknown
    return found


async def read_encounter(ctx: Context, file: ParticipantAccess, id: UUID) -> Encounter:
    """Returns one encounter, and writes to the trail that it was read. Raises `EncounterUnknown`."""
    found = await find(ctx, file, id)
    await audit.record(ctx, "encounters.read", subject=("participant", file.id), shown=[id])
    return (await with_words(ctx, file, [found]))[0]


async def versions_of(ctx: Context, file: ParticipantAccess, id: UUID) -> EncounterHistory:
    """Returns every version of an encounter's words, newest first, and writes to the trail that they were read.

    Raises `EncounterUnknown`.
    """
    await find(ctx, file, id)
    await audit.record(ctx, "encounters.read", subject=("participant", file.id), shown=[id])
    hers = reaches(ctx, file, "own_words")
    versions: dict[int, dict[str, TextFound]] = {}
    for row in await ctx.db.all(TEXTS, participant=file.id, ids=[id], **file.reader):
        if row.part in ("note", "her_words"):
            versions.setdefault(row.version, {})[row.part] = row
    answered = {each.version: each for each in await extra_versions(ctx, file, id)}
    found: list[EncounterVersion] = []
    parts: dict[str, TextFound] = {}
    extra: dict[str, ExtraGiven] = {}
    for version in sorted({*versions, *answered}):
        written = versions.get(version, {})
        parts |= written
        extra = answered[version].extra if version in answered else extra
        first = next(iter(written.values()), None)
        found.append(
            EncounterVersion(
                version=version,
                note=_opened(ctx, parts.get("note")),
                her_words=_opened(ctx, parts.get("her_words")) if hers else None,
                by=first.author if first else answered[version].by,
                at=first.written_at if first else answered[version].at,
                extra=extra,
            )
        )
    return EncounterHistory(found[::-1])


async def with_words(ctx: Context, file: ParticipantAccess, found: Sequence[EncounterFound]) -> list[Encounter]:
    """Returns encounters with the words of them that the reader may read, in one statement for all."""
    if not found:
        return []
    hers = reaches(ctx, file, "own_words")
    ids = [each.id for each in found]
    latest: dict[tuple[UUID, str], TextFound] = {}
    addenda: dict[UUID, list[Addendum]] = {}
    for row in await ctx.db.all(TEXTS, participant=file.id, ids=ids, **file.reader):
        if row.part in ("note", "her_words"):
            latest[row.encounter_id, row.part] = row
        else:
            added = Addendum(_opened(ctx, row), row.part == "her_addendum", row.written_at, row.author)
            addenda.setdefault(row.encounter_id, []).append(added)
    extra = await extra_about(ctx, file, ids)
    return [
        shown(
            each,
            note=_opened(ctx, latest.get((each.id, "note"))),
            her_words=_opened(ctx, latest.get((each.id, "her_words"))) if hers else None,
            addenda=addenda.get(each.id, ()),
            extra=extra.get(each.id),
        )
        for each in found
    ]


def shown(
    found: EncounterFound,
    *,
    note: str,
    her_words: str | None,
    addenda: Sequence[Addendum] = (),
    extra: dict[str, ExtraGiven] | None = None,
) -> Encounter:
    """Returns what is told of an encounter. `her_words`: None for who may not read them."""
    return Encounter(
        id=found.id, version=found.version, state=found.state, kind=found.kind, at=found.at, place=found.place,
        themes=found.themes, principles=found.principles, note=note, her_words=her_words, addenda=list(addenda),
        author=found.author, written_at=found.written_at, extra=extra or {},
    )  # fmt: skip


async def list_attempts(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[ContactAttempt]:
    """Returns a page of attempts to reach her, newest first, and writes to the trail which were shown."""
    require_class(ctx, file, "encounters")

    async def ask(before: UUID, limit: int) -> Sequence[ContactAttempt]:
        return await ctx.db.all(ATTEMPTS, participant=file.id, before=before, limit=limit, **file.reader)

    page = await page_of(ctx, f"attempts {file.id}", cursor, ask)
    shown = [each.id for each in page.items]
    await audit.record(ctx, "contact_attempts.read", subject=("participant", file.id), shown=shown)
    return page


def _opened(ctx: Context, row: TextFound | None) -> str:
    if row is None or row.words is None:
        return ""
    return ctx.keys.open("encounter_texts", row.id, "words", row.words).decode()
