"""Names the permissions of this room. What anybody sees of a participant is decided by `consents`, not by these."""

from typing import Final

MEET: Final = "committee.meet"
"""Sees when committees meet, and of each meeting what the own seat and the ledger let through."""
PREPARE: Final = "committee.prepare"
"""Plans meetings, says who sits in a committee, and writes down what a meeting recommends."""
