"""Facts about outings, meetings and places to go that hooks are told: codes and days. They name nobody.

A module of the lowest layer, as `facts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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


class PlanPlaceFacts(Struct, frozen=True):
    """A place where somebody can go: a service of the directory, and who offers it."""

    service: str
    """Its key."""
    organization: str
    """The key of the organization."""
    organization_id: UUID
    """Its id, to which a plugin's table refers (`ORGANIZATION`)."""
    name: Mapping[str, str]
    """The organization's, by language."""
    roles: tuple[str, ...] = ()
    """The organization's today."""


class EmergencyPlanFacts(Struct, frozen=True):
    """The emergency plan to which somebody agreed, in codes: where she can go.

    It says neither whose it is nor a word of it: no people, no telephone numbers, nothing that she wrote.
    """

    places: tuple[PlanPlaceFacts, ...] = ()
    community: str = ""
    """Key of the area whose emergency numbers stand in it; empty where none was chosen."""
