"""Facts about meetings of committees that hooks are told: codes and days. They name nobody."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec import Struct


class MeetingFacts(Struct, frozen=True):
    """A meeting of a committee, and nothing of its agenda: not even whether there is one."""

    id: UUID
    body: str
    """`clinical`, `steering`, or a plugin's own."""
    at: dt.datetime
    state: str
    """`planned`, `held` or `called_off`."""
