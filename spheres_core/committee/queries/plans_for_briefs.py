"""Finds needs, strengths, goals and where they stand, of all participants of a meeting at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Uuid, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.plans.queries.cycle import cycle_stages
from spheres_core.plans.queries.goals import goals
from spheres_core.plans.queries.needs import needs, strengths
from spheres_core.plans.queries.texts import texts

_ids = bindparam("ids", type_=ARRAY(Uuid()))


def _of_all(rows: Any, information: str, *columns: Any, where: Any = None) -> Any:
    asked = (
        select(rows.c.id, rows.c.participant_id, *columns)
        .where(scoped(rows), rows.c.participant_id == any_(_ids))
        .where(permitted(rows.c.participant_id, information, rows.c.dated_on, act="discuss"))
        .order_by(rows.c.id)
    )
    return prepare(asked if where is None else asked.where(where))


STRENGTHS = _of_all(strengths, "needs_and_plan")
NEEDS = _of_all(needs, "needs_and_plan", needs.c.need, where=needs.c.state == literal_column("'open'"))
GOALS = _of_all(
    goals, "needs_and_plan",
    where=goals.c.state.in_([literal_column("'active'"), literal_column("'proposed'")]),
)  # fmt: skip
STAGES = prepare(
    select(cycle_stages.c.participant_id, cycle_stages.c.model, cycle_stages.c.stage, cycle_stages.c.her_stage)
    .where(scoped(cycle_stages), cycle_stages.c.participant_id == any_(_ids))
    .where(permitted(cycle_stages.c.participant_id, "stages", cycle_stages.c.dated_on, act="discuss"))
    .ext(distinct_on(cycle_stages.c.participant_id))
    .order_by(cycle_stages.c.participant_id, cycle_stages.c.id.desc())
)
WORDS = prepare(
    select(texts.c.id, texts.c.about, texts.c.words)
    .where(scoped(texts), texts.c.about == any_(_ids), texts.c.part == literal_column("'what'"))
    .where(permitted(texts.c.participant_id, texts.c.information, texts.c.dated_on, act="discuss"))
    .ext(distinct_on(texts.c.about))
    .order_by(texts.c.about, texts.c.id.desc())
)
