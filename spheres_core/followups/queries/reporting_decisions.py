"""Finds reporting decisions, for the team only: a consent that opens legal steps to a partner opens none of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.schemas import TEAM
from spheres_core.followups.models import ReportingDecisionRow, ReportingDecisionTextRow
from spheres_core.followups.schemas.reporting_decisions import ReportingDecision, ReportingDecisionFound
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.participants.queries.access import ParticipantUnknown, reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess

decisions, texts = table(ReportingDecisionRow), table(ReportingDecisionTextRow)
INFORMATION = "legal"


class TextFound(Struct, frozen=True):
    """A row of her words."""

    id: UUID
    decision_id: UUID
    words: bytes


_hers = select(*(decisions.c[name] for name in ReportingDecisionFound.__struct_fields__)).where(
    scoped(decisions),
    decisions.c.participant_id == bindparam("participant"),
    permitted(decisions.c.participant_id, INFORMATION, decisions.c.dated_on, team_only=True),
)
LIST = prepare(
    _hers.where(decisions.c.id < bindparam("before", type_=Uuid()))
    .order_by(decisions.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=ReportingDecisionFound,
)
ONE = prepare(_hers.where(decisions.c.id == bindparam("id")), into=ReportingDecisionFound)
TEXTS = prepare(
    select(*(texts.c[name] for name in TextFound.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.decision_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(texts.c.participant_id, "own_words", texts.c.dated_on, team_only=True)),
    into=TextFound,
)


def require_team(file: ParticipantAccess) -> None:
    """Lets through who follows her for the team. Raises `ParticipantUnknown` for who reads for a partner."""
    if file.decided.recipient != TEAM:
        raise ParticipantUnknown


async def list_decisions(ctx: Context, file: ParticipantAccess, *, cursor: str = "") -> Page[ReportingDecision]:
    """Returns a page of the decisions, the last written first, and writes to the trail which were shown.

    Raises `ParticipantUnknown`.
    """
    require_team(file)
    require_class(ctx, file, INFORMATION)

    async def ask(before: UUID, limit: int) -> Sequence[ReportingDecision]:
        found = await ctx.db.all(LIST, participant=file.id, before=before, limit=limit, **file.reader)
        return await with_words(ctx, file, found)

    page = await page_of(ctx, f"reporting decisions {file.id}", cursor, ask)
    shown = [each.id for each in page.items]
    await audit.record(ctx, "reporting_decisions.read", subject=("participant", file.id), shown=shown)
    return page


async def exists(ctx: Context, file: ParticipantAccess, id: UUID) -> bool:
    """Returns whether there is such a decision that the caller may read."""
    return await ctx.db.one_or_none(ONE, participant=file.id, id=id, **file.reader) is not None


async def with_words(
    ctx: Context, file: ParticipantAccess, found: Sequence[ReportingDecisionFound]
) -> list[ReportingDecision]:
    """Returns decisions with their reasons, and with her words where the reader may read those."""
    if not found:
        return []
    rows = await ctx.db.all(TEXTS, participant=file.id, ids=[each.id for each in found], **file.reader)
    said = {row.decision_id: row for row in rows}
    hers = reaches(ctx, file, "own_words")
    return [
        ReportingDecision(
            id=each.id, decision=each.decision, recipient=each.recipient, way=each.way, decided_on=each.dated_on,
            told=each.told, reason=ctx.keys.open("reporting_decisions", each.id, "reason", each.reason).decode(),
            her_words=_opened(ctx, said.get(each.id)) if hers else None, corrects=each.corrects,
            decided_by=each.decided_by, written_at=each.written_at,
        )
        for each in found
    ]  # fmt: skip


def _opened(ctx: Context, row: TextFound | None) -> str:
    return "" if row is None else ctx.keys.open("reporting_decision_texts", row.id, "words", row.words).decode()
