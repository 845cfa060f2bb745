"""Facts about outings and meetings that hooks are told: codes and days. They name nobody.

A module of the lowest layer, as `facts`.
"""

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


class MeetingFacts(Struct, frozen=True):
    """A meeting of a committee, and nothing of its agenda: not even whether there is one."""

    id: UUID
    body: str
    """`clinical`, `steering`, or a plugin's own."""
    at: dt.datetime
    state: str
    """`planned`, `held` or `called_off`."""
