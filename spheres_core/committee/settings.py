"""Settings of a tenant about committees."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.committee]` of a tenant's file."""

    meeting_hours: Annotated[int, Meta(ge=1, le=48)] = 4
    """Hours after its beginning at which a meeting ends for everybody, unless it is ended before: nobody reads a brief
    after that."""
