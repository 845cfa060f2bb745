"""Settings of a tenant about plans."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.plans]` of a tenant's file."""

    urgent_need_days: Annotated[int, Meta(ge=1, le=90)] = 7
    """Days after which an open urgent need that nobody has looked at is marked for those who follow her."""
    answer_link_days: Annotated[int, Meta(ge=1, le=30)] = 7
    """Days for which a link without an account opens a service request, while it goes on."""
