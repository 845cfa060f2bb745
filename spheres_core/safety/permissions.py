"""Names the permissions of this room."""

from typing import Final

OPEN: Final = "safety.open_in_emergency"
"""Opens an emergency plan in an emergency, with a reason, where she has agreed to that for the own organization."""
REVIEW: Final = "safety.review_accesses"
"""Looks afterwards at who opened an emergency plan, and why. The plan itself stays closed."""
