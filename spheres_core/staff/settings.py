"""Settings that a tenant may give for its staff."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.staff]` of a tenant's file."""

    invitation_days: Annotated[int, Meta(ge=1, le=30)] = 7
    """Days for which an invitation is open."""
    recovery_hours: Annotated[int, Meta(ge=1, le=72)] = 24
    """Hours for which a link for recovering access is open."""
