"""Structs that the plugin's API answers."""

import datetime as dt
from uuid import UUID

from msgspec import Struct


class TravelQuestion(Struct, frozen=True):
    """A referral whose first meeting needs thought about how to get there. Codes only."""

    id: UUID
    """The referral's id."""
    community: str
    received_on: dt.date
