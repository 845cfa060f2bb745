"""Finds what she was asked to and went to, for the timeline of her file."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func

from spheres_core.activities.queries.outings import CLASS, invitations, outings
from spheres_core.followups.queries.timeline import acts_in
from spheres_core.foundation.database.statements import scoped

INVITATIONS: Final = acts_in(
    invitations, "outing", CLASS,
    at=outings.c.at, written_at=invitations.c.written_at, by=invitations.c.author, what=outings.c.activity,
    how=func.concat(invitations.c.answer, " ", invitations.c.attendance),
    where=[scoped(outings), outings.c.id == invitations.c.outing_id],
)  # fmt: skip
