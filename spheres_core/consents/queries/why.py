"""Answers why somebody may, or may not, see a class of information about a participant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from spheres_core.consents.models import ConsentEntryRow, ExclusionRow, StandingRow
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import ConsentEntry, Decision, Exclusion, Question, Standing
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context


def _of_participant(model: Any, into: type[Any], renamed: dict[str, str]) -> Statement[Any]:
    rows = table(model)
    names = [renamed.get(name, name) for name in into.__struct_fields__]
    return prepare(
        select(*(rows.c[name] for name in names)).where(
            scoped(rows), rows.c.participant_id == bindparam("participant")
        ).order_by(rows.c.id),
        into=into,
    )  # fmt: skip


_RENAMED = {"tenant": "tenant_id", "participant": "participant_id", "staff": "staff_id"}
STANDINGS: Statement[Standing] = _of_participant(StandingRow, Standing, _RENAMED)
ENTRIES: Statement[ConsentEntry] = _of_participant(ConsentEntryRow, ConsentEntry, _RENAMED)
EXCLUSIONS: Statement[Exclusion] = _of_participant(ExclusionRow, Exclusion, _RENAMED)


async def decide(ctx: Context, question: Question) -> Decision:
    """Returns the decision with the rows it rests on."""
    standings, entries, exclusions = await rows_of(ctx, question.participant)
    return may(question, standings, entries, exclusions, ctx.now)


async def rows_of(ctx: Context, participant: UUID) -> tuple[list[Standing], list[ConsentEntry], list[Exclusion]]:
    """Returns everything that decides about a participant, in one round trip."""
    standings, entries, exclusions = await ctx.db.batch(
        *(statement.of(participant=participant) for statement in (STANDINGS, ENTRIES, EXCLUSIONS))
    )
    return standings, entries, exclusions
