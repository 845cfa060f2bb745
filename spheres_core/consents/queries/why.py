"""Answers why somebody may, or may not, see a class of information about a participant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, func, select

from spheres_core.consents.models import ConsentEntryRow, ExclusionRow, StandingRow
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import ConsentEntry, Decision, Exclusion, Question, Standing
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context

_RENAMED: Final = {"tenant": "tenant_id", "participant": "participant_id", "staff": "staff_id"}
_KINDS: Final[Sequence[tuple[Any, type[Any]]]] = (
    (StandingRow, Standing), (ConsentEntryRow, ConsentEntry), (ExclusionRow, Exclusion)
)  # fmt: skip
_HER: Final = bindparam("participant", type_=Uuid())


def _columns(model: Any, into: type[Any]) -> list[ColumnElement[Any]]:
    return [table(model).c[_RENAMED.get(name, name)] for name in into.__struct_fields__]


def _hers(model: Any, participant: ColumnElement[Any], columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    rows = table(model)
    return select(*columns).where(scoped(rows), rows.c.participant_id == participant).order_by(rows.c.id)


def _prepared(model: Any, into: type[Any]) -> Statement[Any]:
    return prepare(_hers(model, _HER, _columns(model, into)), into=into)


STANDINGS: Final[Statement[Standing]] = _prepared(StandingRow, Standing)
ENTRIES: Final[Statement[ConsentEntry]] = _prepared(ConsentEntryRow, ConsentEntry)
EXCLUSIONS: Final[Statement[Exclusion]] = _prepared(ExclusionRow, Exclusion)


class Decisive(NamedTuple):
    """Everything that decides about a participant, in the order in which `rule.may` wants it."""

    standings: list[Standing]
    entries: list[ConsentEntry]
    exclusions: list[Exclusion]


def beside(participant: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Returns columns of a query of one participant, each with the rows of a kind that decide about her."""
    return [
        func.array(_hers(model, participant, [func.row(*_columns(model, into))]).scalar_subquery())
        for model, into in _KINDS
    ]


def read_beside(columns: Sequence[Any]) -> Decisive:
    """Returns what the columns of `beside` hold."""
    return Decisive(*([into(*row) for row in rows] for (_, into), rows in zip(_KINDS, columns, strict=True)))


async def decide(ctx: Context, question: Question) -> Decision:
    """Returns the decision with the rows it rests on."""
    standings, entries, exclusions = await rows_of(ctx, question.participant)
    return may(question, standings, entries, exclusions, ctx.now)


async def rows_of(ctx: Context, participant: UUID) -> Decisive:
    """Returns everything that decides about a participant, in one round trip."""
    standings, entries, exclusions = await ctx.db.batch(
        *(statement.of(participant=participant) for statement in (STANDINGS, ENTRIES, EXCLUSIONS))
    )
    return Decisive(standings, entries, exclusions)
