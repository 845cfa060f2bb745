"""Finds to what participants of a meeting came, and how they said it was, as far as the reader may discuss it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Uuid, and_, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.activities.queries.invitations import texts
from spheres_core.activities.queries.outings import CLASS, invitations, outings
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.statements import prepare, scoped

_ids = bindparam("ids", type_=ARRAY(Uuid()))
CAME: Final = prepare(
    select(invitations.c.id, invitations.c.participant_id, outings.c.activity, invitations.c.dated_on)
    .join_from(
        invitations,
        outings,
        and_(outings.c.tenant_id == invitations.c.tenant_id, outings.c.id == invitations.c.outing_id),
    )
    .where(scoped(invitations), invitations.c.participant_id == any_(_ids))
    .where(invitations.c.attendance == literal_column("'came'"))
    .where(permitted(invitations.c.participant_id, CLASS, invitations.c.dated_on, act="discuss"))
    .order_by(invitations.c.dated_on.desc(), invitations.c.id.desc())
)
"""The last first; nothing of those to which she did not come."""
FELT: Final = prepare(
    select(texts.c.invitation_id, texts.c.id, texts.c.words)
    .where(scoped(texts), texts.c.invitation_id == any_(_ids), texts.c.part == literal_column("'felt'"))
    .where(permitted(texts.c.participant_id, "own_words", texts.c.dated_on, act="discuss"))
    .ext(distinct_on(texts.c.invitation_id))
    .order_by(texts.c.invitation_id, texts.c.id.desc())
)
