"""Makes the parts of briefs that come from plans: of all participants of a meeting at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from spheres_core.committee.queries.plans_for_briefs import GOALS, NEEDS, STAGES, STRENGTHS, WORDS
from spheres_core.facts import msg
from spheres_core.foundation.plugins.bodies import BriefLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import listed, stage_models
from spheres_core.plans.views.form_fields import label_of

HERSELF: Final = msg("Where she places herself")
WORKER: Final = msg("Where her worker sees her")
Lines = dict[UUID, list[BriefLine]]


async def strengths_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> Lines:
    """Returns what each can build on."""
    rows = await ctx.db.all(STRENGTHS, ids=list(participants), **reader)
    said = await _words(ctx, reader, [row[0] for row in rows])
    return _by_participant((row[1], BriefLine(said.get(row[0], ""))) for row in rows)


async def needs_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> Lines:
    """Returns what each lacks now, and that nothing meets yet."""
    rows = await ctx.db.all(NEEDS, ids=list(participants), **reader)
    said, known = await _words(ctx, reader, [row[0] for row in rows]), listed(ctx, "needs")
    return _by_participant(
        (her, BriefLine(said.get(id, ""), str(label_of(ctx, known, need)))) for id, her, need in rows
    )


async def goals_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> Lines:
    """Returns what each wants now."""
    rows = await ctx.db.all(GOALS, ids=list(participants), **reader)
    said = await _words(ctx, reader, [row[0] for row in rows])
    return _by_participant((row[1], BriefLine(said.get(row[0], ""))) for row in rows)


async def stages_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> Lines:
    """Returns where each placed herself last, and where her worker saw her."""
    models, lines = stage_models(ctx), []
    for her, model, stage, her_stage in await ctx.db.all(STAGES, ids=list(participants), **reader):
        named = {each.code: each for each in models[model].stages} if model in models else {}
        for label, code in ((HERSELF, her_stage), (WORKER, stage)):
            if code:
                lines.append((her, BriefLine(str(label_of(ctx, named, code)), str(ctx.locale.say(label)))))
    return _by_participant(lines)


async def _words(ctx: Context, reader: Mapping[str, Any], ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await ctx.db.all(WORDS, ids=list(ids), **reader) if ids else []
    return {about: ctx.keys.open("plan_texts", id, "words", sealed).decode() for id, about, sealed in rows if sealed}


def _by_participant(lines: Iterable[tuple[UUID, BriefLine]]) -> Lines:
    found: Lines = {}
    for participant, line in lines:
        if line.text or line.label:
            found.setdefault(participant, []).append(line)
    return found
