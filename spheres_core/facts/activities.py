"""Facts about activities that hooks are told: codes and days. They name nobody."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec import Struct


class ActivityFacts(Struct, frozen=True):
    """An outing or a meeting of a group: codes, without a word, and nothing of who comes along."""

    id: UUID
    activity: str
    """A code of the region's activities."""
    category: str
    purposes: tuple[str, ...]
    organization: str
    """Key of the organization that offers it; empty for the team."""
    at: dt.datetime
    state: str
    """`planned`, `held` or `called_off`."""
