"""Finds what was done with her emergency plan, for the timeline of her file."""

from __future__ import annotations

from typing import Final

from spheres_core.followups.queries.timeline import NOTHING, acts_in
from spheres_core.safety.queries.plans import not_now, plans
from spheres_core.safety.schemas.plans import CLASS

PLANS: Final = acts_in(
    plans, "emergency_plan", CLASS, at=plans.c.written_at, what=plans.c.state, by=plans.c.author
)  # fmt: skip
NOT_NOW: Final = acts_in(
    not_now, "emergency_plan", CLASS, at=not_now.c.written_at, what=NOTHING, by=not_now.c.author
)  # fmt: skip
