"""Facts about emergency plans that hooks are told: where somebody can go. They name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct


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
