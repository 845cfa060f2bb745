"""Structs of inquiries, their states, and the lengths of their fields."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg

InquiryState = Literal["open", "answered", "closed"]
OPEN: Final = "open"
STATES: Final[dict[str, Message]] = {
    "open": msg("To be answered"),
    "answered": msg("Answered"),
    "closed": msg("Closed"),
}
NEXT: Final[dict[str, tuple[str, ...]]] = {
    "open": ("answered", "closed"),
    "answered": ("closed", "open"),
    "closed": ("open",),
}
"""States that may follow each state."""
LONGEST: Final = {"organization": 200, "region": 200, "name": 200, "email": 254, "phone": 60, "message": 4000}
"""Characters of each field."""


class InquiryPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An inquiry as it is sent. Nothing in it may be about a young person."""

    organization: Annotated[str, Meta(max_length=2000)]
    region: Annotated[str, Meta(max_length=2000)]
    name: Annotated[str, Meta(max_length=2000)]
    message: Annotated[str, Meta(max_length=20000)]
    email: Annotated[str, Meta(max_length=2000)] = ""
    phone: Annotated[str, Meta(max_length=2000)] = ""
    """One of the two."""
    language: Annotated[str, Meta(max_length=35)] = ""
    """In which language to answer: one of the tenant's; the request's when empty."""


class InquiryReceived(Struct, frozen=True):
    """The answer to an inquiry."""

    state: InquiryState


class InquiryMovePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The state of an inquiry from now on."""

    to: Annotated[str, Meta(max_length=40)]


class InquiryRead(Struct, frozen=True):
    """An inquiry as the team reads it."""

    id: UUID
    state: InquiryState
    language: str
    received_at: dt.datetime
    moved_at: dt.datetime
    organization: str
    region: str
    name: str
    email: str
    phone: str
    message: str
