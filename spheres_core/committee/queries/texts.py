"""Finds what was written about items and recommendations, each part for whoever may read or discuss its class."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.committee.models import CommitteeTextRow
from spheres_core.committee.schemas.agenda import TextPart
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.schemas import Act
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context

texts = table(CommitteeTextRow)


class TextFound(Struct, frozen=True):
    """A row of words."""

    id: UUID
    about: UUID
    part: TextPart
    words: bytes | None


def _latest(act: Act) -> Statement[TextFound]:
    return prepare(
        select(*(texts.c[name] for name in TextFound.__struct_fields__))
        .where(scoped(texts), texts.c.about == any_(bindparam("ids", type_=ARRAY(Uuid()))))
        .where(permitted(texts.c.participant_id, texts.c.information, texts.c.dated_on, act=act))
        .ext(distinct_on(texts.c.about, texts.c.part))
        .order_by(texts.c.about, texts.c.part, texts.c.id.desc()),
        into=TextFound,
    )


LATEST: Final[Mapping[Act, Statement[TextFound]]] = {"read": _latest("read"), "discuss": _latest("discuss")}


class Texts:
    """The last words about some records, as far as the reader may read or discuss them."""

    def __init__(self, words: Mapping[tuple[UUID, TextPart], str]) -> None:
        self._words = words

    def of(self, about: UUID, part: TextPart) -> str:
        """Returns one part of a record's words; empty when there are none."""
        return self._words.get((about, part), "")


async def texts_about(ctx: Context, reader: Mapping[str, Any], ids: Collection[UUID], *, act: Act = "read") -> Texts:
    """Returns the last words about these records, in one statement for all.

    `reader`: from `consents.queries.reader.read_for`, for the same act.
    """
    found = await ctx.db.all(LATEST[act], ids=list(ids), **reader) if ids else []
    return Texts(
        {
            (each.about, each.part): ctx.keys.open("committee_texts", each.id, "words", each.words).decode()
            for each in found
            if each.words is not None
        }
    )
