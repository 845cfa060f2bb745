"""Finds who of a meeting's participants has an emergency plan, as far as the reader may discuss it; never its words."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Uuid, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.safety.queries.plans import plans
from spheres_core.safety.schemas.plans import CLASS

AGREED: Final = prepare(
    select(plans.c.participant_id, plans.c.review_by)
    .where(scoped(plans), plans.c.participant_id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(plans.c.state == literal_column("'agreed'"))
    .where(permitted(plans.c.participant_id, CLASS, plans.c.dated_on, act="discuss"))
)
