"""Structs of the name by which somebody wants to be called at meetings."""

import datetime as dt
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

MOST: Final = 80
"""Characters of a name."""


class MeetingNamePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """How she wants to be called from now on."""

    version: int
    """The one that was read; 0 where there is none yet."""
    called: Annotated[str, Meta(max_length=MOST)]
    """Any name that she likes; empty when she takes it back."""


class MeetingNameFound(Struct, frozen=True):
    """A name's row."""

    id: UUID
    called: bytes | None
    version: int
    dated_on: dt.date


class HeardBy(Struct, frozen=True):
    """An organization that may hear it in a meeting, by a line that holds now."""

    organization: str
    until: dt.datetime | None
    """From then on it does not; null: no end."""


class MeetingName(Struct, frozen=True):
    """How she wants to be called at meetings, and who may hear it there."""

    version: int
    called: str
    on: dt.date | None
    """The day on which it was written; null where nothing was."""
    heard_by: list[HeardBy]
