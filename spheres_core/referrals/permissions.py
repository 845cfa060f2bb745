"""Names the permissions of this room."""

from typing import Final

READ: Final = "referrals.read"
"""Reads referrals: the list, and one with its answers."""
EXPORT: Final = "referrals.export"
"""Takes the answers of many referrals out as one file, with `READ`."""
TRIAGE: Final = "referrals.triage"
"""Takes a referral to its next step."""
