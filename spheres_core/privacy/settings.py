"""Settings of a tenant about what is kept, and for how long."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.privacy]` of a tenant's file."""

    incident_years: Annotated[int, Meta(ge=0, le=100)] = 0
    """Years after an incident was found at which it is erased, once it is closed; 0: it is kept without limit.

    TO_CONFIRM: for how long the law asks to keep the register is not stated here; each region decides.
    """
    file_years: Annotated[int, Meta(ge=0, le=100)] = 0
    """Years after somebody's last participation ended at which her whole file is erased; 0: it is kept until somebody
    has it erased.

    TO_CONFIRM: no rule for this kind of file was found; each region decides, with whoever watches over private
    information there.
    """
