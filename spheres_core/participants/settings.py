"""Settings of a tenant about participants."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.participants]` of a tenant's file."""

    safe_contact_days: Annotated[int, Meta(ge=1, le=366)] = 90
    """Days for which it counts that she confirmed a channel to be safe; afterwards nothing goes out by it."""
