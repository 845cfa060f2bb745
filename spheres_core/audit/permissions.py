"""Names the permissions of this room."""

from typing import Final

DELIVERIES: Final = "audit.deliveries"
"""The permission to see what was given up on and to take it up again."""
TRAIL_READ: Final = "audit.read"
