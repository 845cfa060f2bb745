"""Structs of attempts to reach her."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.participants.schemas.safe_contact import Channel, Outcome


class ContactAttemptPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An attempt to reach her, and what came of it."""

    channel: Channel
    outcome: Outcome
    """One that her safe contact allows by this channel at that moment; that she reached us is always one."""
    at: dt.datetime | None = None
    """Now, when left out."""


class ContactAttempt(Struct, frozen=True):
    """An attempt to reach her."""

    id: UUID
    channel: Channel
    outcome: Outcome
    at: dt.datetime
    by: UUID | None
