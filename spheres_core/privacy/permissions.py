"""Names the permissions of this room."""

from typing import Final

OVERSEE: Final = "privacy.oversee"
"""The permission to see how private information is kept: who opened an identity and why, and counts."""
HOLD: Final = "erasures.hold"
"""The permission to see which erasures are held and why, to hold one and to lift it."""
KEEP: Final = "incidents.keep"
"""The permission to read and write the register of incidents."""
