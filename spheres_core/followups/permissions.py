"""Names the permissions of this room. What anybody sees of a participant is decided by `consents`, not by these."""

from typing import Final

ASSIGN: Final = "followups.assign"
"""Begins participations, and says who follows whom."""
FOLLOW: Final = "followups.follow"
"""May be a pivot worker or a backup, and writes in the files that are hers."""
