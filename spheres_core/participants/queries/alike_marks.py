"""Finds pairs of participants who have a mark in common: a blind index of a way to reach them, or of who they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, and_, select

from spheres_core.foundation.database.statements import scoped


def pairs_alike(marks: Table, most: Any) -> Select[Any]:
    """Returns the query of pairs with the kind of their mark, each pair once, the latest first, at most so many."""
    one, other = marks.alias("one"), marks.alias("other")
    return (
        select(one.c.participant_id, other.c.participant_id, one.c.kind)
        .join_from(
            one,
            other,
            and_(
                other.c.tenant_id == one.c.tenant_id,
                other.c.kind == one.c.kind,
                other.c.mark == one.c.mark,
                other.c.participant_id > one.c.participant_id,
            ),
        )
        .where(scoped(one))
        .distinct()
        .order_by(other.c.participant_id.desc(), one.c.participant_id.desc())
        .limit(most)
    )
