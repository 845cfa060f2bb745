"""Names the permissions of this room. What anybody sees of a participant is decided by `consents`, not by these."""

from typing import Final

ANSWER: Final = "transfers.answer"
"""Sees that somebody would like to go on here, and accepts or refuses it."""
