"""Names the permissions of this room. What anybody sees of a participant is decided by `consents`, not by these."""

from typing import Final

PLAN: Final = "activities.plan"
"""Plans outings, invites to them and notes who came, as far as the files of participants are open."""
BUDGET: Final = "activities.budget"
"""Writes what an outing may cost and what it cost, and reads the sums."""
