"""Structs of what holds an erasure. None of them says more about whom it is than a code."""

import datetime as dt
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

LONGEST: Final = 2_000


class HoldPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """That what is kept about the person of a referral, or of a file, is not erased for now."""

    reason: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    """Who asked for it and why, without a name of whom it is about."""
    review_on: dt.date
    """The day on which somebody looks at it again."""
    referral: UUID | None = None
    participant: Annotated[str, Meta(max_length=40)] = ""
    """The code of a file. Either this or a referral."""
    confirmed: bool = False
    """True: the places that were found identify nobody who is followed, and it is kept as it is."""


class HoldReviewed(Struct, frozen=True, forbid_unknown_fields=True):
    """That somebody looked at it, and it holds on until a further day."""

    version: int
    review_on: dt.date


class HoldLifted(Struct, frozen=True, forbid_unknown_fields=True):
    """That it is held no more."""

    version: int


class Hold(Struct, frozen=True):
    """One that holds or held an erasure."""

    id: UUID
    referral: UUID | None
    participant: str | None
    """The code of the file; one of these two."""
    reason: str
    review_on: dt.date
    to_review: bool
    """Whether that day has come. It holds on until somebody lifts it."""
    placed_by: str
    placed_at: dt.datetime
    lifted_by: str
    lifted_at: dt.datetime | None
    version: int
