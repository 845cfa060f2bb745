"""Settings of a tenant about transfers."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.transfers]` of a tenant's file."""

    regions: tuple[str, ...] = ()
    """Names, as they stand in addresses, of the regions of this server to which files go and from which they come.

    Both regions must name each other; without, nothing is sent, and nothing that was sent is kept.
    """
    answer_days: Annotated[int, Meta(ge=1, le=90)] = 30
    """Days that the other region has to answer; afterwards the offer is over and nothing has changed."""
    tell_days: Annotated[int, Meta(ge=1, le=90)] = 30
    """Days for which whoever followed her still finds how to reach her, to tell her how the transfer ended."""
