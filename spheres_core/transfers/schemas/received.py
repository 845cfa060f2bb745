"""Structs of a transfer in the region that receives it."""

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.transfers.schemas.messages import RefusalReason

ReceivedState = Literal["offered", "accepting", "accepted", "refused", "withdrawn", "expired"]


class ReceivedTransfer(Struct, frozen=True):
    """That somebody would like to go on here: nothing that tells who she is, and none of her words."""

    id: UUID
    region: str
    """The region that she comes from, by its name in addresses."""
    state: ReceivedState
    """accepting: it was accepted, and her file closes in the other region; accepted: her file is here."""
    version: int
    classes: list[str]
    """Classes of information that would come along."""
    onward: bool
    ages: str
    """A band of ages."""
    language: str
    received_on: dt.date
    ends_at: dt.datetime
    """Until then it can be answered."""
    reason: RefusalReason | None
    participant: str | None = None
    """The code that she gets here: told to whoever accepts it, at that moment only."""


class ReceivedAccepted(Struct, frozen=True, forbid_unknown_fields=True):
    """That she can go on here."""

    version: int
    """The version that was seen; another one is refused with 409."""


class ReceivedRefused(Struct, frozen=True, forbid_unknown_fields=True):
    """That she cannot go on here now."""

    version: int
    reason: RefusalReason


class ReceivedFound(Struct, frozen=True):
    """A received transfer's row."""

    id: UUID
    region: str
    classes: list[str]
    onward: bool
    ages: str
    language: str
    state: ReceivedState
    reason: RefusalReason | None
    version: int
    content: bytes | None
    code: bytes | None
    ends_at: dt.datetime
    dated_on: dt.date
