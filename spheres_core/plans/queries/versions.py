"""Finds what was said of needs, goals and strengths before, each part for whoever may read its class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.queries.extra_answers import extra_versions
from spheres_core.participants.schemas.extra_answers import ExtraGiven
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.goals import find_goal
from spheres_core.plans.queries.needs import find_need, find_strength
from spheres_core.plans.queries.texts import texts
from spheres_core.plans.schemas.versions import (
    GoalHistory,
    GoalVersion,
    NeedHistory,
    NeedVersion,
    StrengthHistory,
    StrengthVersion,
)
from spheres_core.plans.schemas.words import TextPart


class TextWritten(Struct, frozen=True):
    """A row of words with who wrote it, and when."""

    id: UUID
    part: TextPart
    version: int
    hers: bool
    words: bytes | None
    author: UUID | None
    written_at: dt.datetime


class WordsVersion(Struct, frozen=True):
    """All words about a record as they stood in one version."""

    version: int
    words: Mapping[TextPart, str]
    hers: bool
    by: UUID | None
    at: dt.datetime
    extra: dict[str, ExtraGiven]

    def of(self, part: TextPart) -> str:
        """Returns one part; empty where there was none."""
        return self.words.get(part, "")


ALL = prepare(
    select(*(texts.c[name] for name in TextWritten.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"), texts.c.about == bindparam("about"))
    .where(permitted(texts.c.participant_id, texts.c.information, texts.c.dated_on))
    .order_by(texts.c.version, texts.c.id),
    into=TextWritten,
)


async def need_versions(ctx: Context, file: ParticipantAccess, id: UUID) -> NeedHistory:
    """Returns each version of a need's words, and writes to the trail that they were read. Raises `NeedUnknown`."""
    await find_need(ctx, file, id)
    await audit.record(ctx, "needs.read", subject=("participant", file.id), shown=[id])
    hers = reaches(ctx, file, "own_words")
    return NeedHistory(
        [
            NeedVersion(
                each.version, each.of("what"), each.of("met_by"), each.of("could_be_met_by"),
                each.of("her_words") if hers else None, each.by, each.at, each.extra,
            )
            for each in await _versions(ctx, file, id)
        ]
    )  # fmt: skip


async def goal_versions(ctx: Context, file: ParticipantAccess, id: UUID) -> GoalHistory:
    """Returns each version of a goal's words, and writes to the trail that they were read. Raises `GoalUnknown`."""
    await find_goal(ctx, file, id)
    await audit.record(ctx, "goals.read", subject=("participant", file.id), shown=[id])
    found = await _versions(ctx, file, id)
    return GoalHistory(
        [GoalVersion(each.version, each.of("what"), each.hers, each.by, each.at, each.extra) for each in found]
    )


async def strength_versions(ctx: Context, file: ParticipantAccess, id: UUID) -> StrengthHistory:
    """Returns each version of a strength's words, and writes to the trail that they were read.

    Raises `StrengthUnknown`.
    """
    await find_strength(ctx, file, id)
    await audit.record(ctx, "strengths.read", subject=("participant", file.id), shown=[id])
    found = await _versions(ctx, file, id)
    return StrengthHistory([StrengthVersion(each.version, each.of("what"), each.by, each.at) for each in found])


async def _versions(ctx: Context, file: ParticipantAccess, about: UUID) -> list[WordsVersion]:
    """Returns the versions of a record's words, the newest first. A part that was not written anew stays as it was."""
    answered = {each.version: each for each in await extra_versions(ctx, file, about)}
    written: dict[int, list[TextWritten]] = {}
    for row in await ctx.db.all(ALL, participant=file.id, about=about, **file.reader):
        written.setdefault(row.version, []).append(row)
    found: list[WordsVersion] = []
    words: dict[TextPart, str] = {}
    hers, extra = False, dict[str, ExtraGiven]()
    for version in sorted({*written, *answered}):
        rows = written.get(version, [])
        for row in rows:
            words = words | {row.part: _opened(ctx, row)}
            hers = row.hers
        extra = answered[version].extra if version in answered else extra
        by, at = (rows[-1].author, rows[-1].written_at) if rows else (answered[version].by, answered[version].at)
        found.append(WordsVersion(version, words, hers, by, at, extra))
    return found[::-1]


def _opened(ctx: Context, row: TextWritten) -> str:
    return ctx.keys.open("plan_texts", row.id, "words", row.words).decode() if row.words is not None else ""
