"""Settings of a tenant about the register of incidents."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.privacy]` of a tenant's file."""

    incident_years: Annotated[int, Meta(ge=0, le=100)] = 0
    """Years after an incident was found at which it is erased, once it is closed; 0: it is kept without limit.

    TO_CONFIRM: for how long the law asks to keep the register is not stated here; each region decides.
    """
