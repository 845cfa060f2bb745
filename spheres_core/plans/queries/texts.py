"""Finds what was said of needs, strengths, goals and stages, each part for whoever may read its class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.models import PlanTextRow
from spheres_core.plans.schemas.words import TextPart

texts = table(PlanTextRow)


class TextFound(Struct, frozen=True):
    """A row of words."""

    id: UUID
    about: UUID
    part: TextPart
    words: bytes | None


LATEST = prepare(
    select(*(texts.c[name] for name in TextFound.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.about == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(texts.c.participant_id, texts.c.information, texts.c.dated_on))
    .ext(distinct_on(texts.c.about, texts.c.part))
    .order_by(texts.c.about, texts.c.part, texts.c.id.desc()),
    into=TextFound,
)


class Texts:
    """The last words about some records, as far as the reader may read them."""

    def __init__(self, words: Mapping[tuple[UUID, TextPart], str], *, hers: bool) -> None:
        self._words, self._hers = words, hers

    def of(self, about: UUID, part: TextPart) -> str:
        """Returns one part of a record's words; empty when there are none."""
        return self._words.get((about, part), "")

    def her_words(self, about: UUID) -> str | None:
        """Returns her words about a record; None when the reader may not read them."""
        return self.of(about, "her_words") if self._hers else None


async def texts_about(ctx: Context, file: ParticipantAccess, ids: Collection[UUID]) -> Texts:
    """Returns the last words about these records, in one statement for all."""
    return await texts_for(ctx, file.reader, file.id, ids, hers=reaches(ctx, file, "own_words"))


async def texts_for(
    ctx: Context, reader: Mapping[str, Any], participant: UUID, ids: Collection[UUID], *, hers: bool = False
) -> Texts:
    """Returns the last words about these records to a reader who need not know of the participant.

    `reader`: from `consents.queries.reader.read_for`. `hers`: whether her own words are among them.
    """
    found = await ctx.db.all(LATEST, participant=participant, ids=list(ids), **reader) if ids else []
    opened = {
        (each.about, each.part): ctx.keys.open("plan_texts", each.id, "words", each.words).decode()
        for each in found
        if each.words is not None
    }
    return Texts(opened, hers=hers)
