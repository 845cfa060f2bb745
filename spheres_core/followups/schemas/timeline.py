"""Structs of her file as a timeline."""

import datetime as dt
from uuid import UUID

from msgspec import Struct


class TimelineLine(Struct, frozen=True):
    """One act in her file, in one line."""

    id: UUID
    """The act's: an encounter, an attempt, a step, an assignment, a need."""
    kind: str
    """Such as `encounter`, `need` or `service_request`."""
    at: dt.datetime
    """When it took place, or is to take place."""
    line: str
    """In the reader's language."""
    by: UUID | None
    """The member of staff who wrote it."""
    new: bool
    """Whether it was written since the reader last looked."""


class Timeline(Struct, frozen=True):
    """All that was done, with what the reader may read, the last written first."""

    items: list[TimelineLine]
    next: str | None
    """The cursor of the page after this one; null on the last page."""
    last_looked_at: dt.datetime | None
    """When the reader last opened it; null the first time."""
