"""Settings of a tenant about referrals."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg

SMALLEST_CELL = 5
"""Persons. A region may ask for more, never for fewer."""
OLDEST = 130
"""Years."""


class Settings(Struct, frozen=True):
    """`[settings.referrals]` of a tenant's file."""

    minimum_age: Annotated[int, Meta(ge=0, le=OLDEST)] = 12
    """Completed years on the referral date, included."""
    maximum_age: Annotated[int, Meta(ge=0, le=OLDEST)] = 24
    """Completed years on the referral date, included."""
    receipt_closes_after_days: Annotated[int, Meta(ge=1)] = 30
    """Days after any ending at which a receipt says `closed`. The same for every ending, so that none can be told."""
    leap_day_birthday: Literal["02-28", "03-01"] = "03-01"
    """When somebody born on 29 February has her birthday in other years: 02-28 or 03-01."""
    minimum_cell: Annotated[int, Meta(ge=SMALLEST_CELL)] = SMALLEST_CELL
    """Figures about fewer persons than this leave no room and no tenant. Where people know each other, raise it."""

    def conflicts(self) -> Iterator[tuple[str, Message]]:
        """Yields the setting that does not go with another one, and why."""
        if self.minimum_age > self.maximum_age:
            least, most = self.minimum_age, self.maximum_age
            yield "maximum_age", msg("The lowest age, {least}, is above the highest, {most}.", least=least, most=most)
