"""Names the permissions of this room. What anybody sees of a participant is decided by `consents`, not by these."""

from typing import Final

ANSWER: Final = "plans.answer_requests"
"""Reads and answers what the own organization is asked for, as far as the young person has agreed to it."""
