"""Finds what committees did about her, for the timeline of her file."""

from __future__ import annotations

from typing import Final

from spheres_core.committee.queries.agenda import CLASS, items
from spheres_core.committee.queries.overdue import recommendations
from spheres_core.followups.queries.timeline import acts_in

ITEMS: Final = acts_in(items, "agenda_item", CLASS, at=items.c.written_at, what=items.c.state, by=items.c.author)
RECOMMENDATIONS: Final = acts_in(
    recommendations, "recommendation", CLASS, at=recommendations.c.written_at, what=recommendations.c.state,
    by=recommendations.c.author,
)  # fmt: skip
