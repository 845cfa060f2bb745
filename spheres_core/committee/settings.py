"""Settings of a tenant about committees."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.committee]` of a tenant's file."""

    meeting_hours: Annotated[int, Meta(ge=1, le=48)] = 4
    """Hours after its beginning at which a meeting ends for everybody, unless it is ended before: nobody reads a brief
    after that."""
    smallest_group: Annotated[int, Meta(ge=2, le=100)] = 5
    """In figures for the Steering Committee, fewer persons than these are not shown."""
    gaps_by: Literal["need", "area", "need_and_area"] = "need"
    """By what gaps in services are divided there. One division for everybody; periods that were published stay as they
    are."""
