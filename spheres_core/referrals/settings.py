"""Settings of a tenant about referrals."""

from typing import Annotated

from msgspec import Meta, Struct

SMALLEST_CELL = 5
"""Persons. A region may ask for more, never for fewer."""


class Settings(Struct, frozen=True):
    """`[settings.referrals]` of a tenant's file."""

    minimum_age: int = 12
    """Completed years on the referral date, included."""
    maximum_age: int = 24
    """Completed years on the referral date, included."""
    receipt_closes_after_days: int = 30
    """Days after any ending at which a receipt says `closed`. The same for every ending, so that none can be told."""
    leap_day_birthday: str = "03-01"
    """When somebody born on 29 February has her birthday in other years: 02-28 or 03-01."""
    minimum_cell: Annotated[int, Meta(ge=SMALLEST_CELL)] = SMALLEST_CELL
    """Figures about fewer persons than this leave no room and no tenant. Where people know each other, raise it."""
