"""Settings of a tenant about support."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.support]` of a tenant's file."""

    advice_closes_after_days: Annotated[int, Meta(ge=1, le=90)] = 30
    """Days after the answer, or after a referral was begun from it, at which a request is closed by itself: then what
    was typed is deleted."""
    entourage_erased_after_days: Annotated[int, Meta(ge=30, le=3_650)] = 365
    """Days after a close person's support was closed at which the whole record is erased."""
    sessions_erased_after_days: Annotated[int, Meta(ge=30, le=3_650)] = 365
    """Days after the day of a session for staff, or after it was asked for where no day was agreed on, at which it is
    erased whole."""
    workshops_erased_after_days: Annotated[int, Meta(ge=500, le=3_650)] = 1_826
    """Days after its day at which a workshop is erased, whatever became of it. Published figures stay; no quarter that
    they still show is counted without it."""
    trainings_erased_after_days: Annotated[int, Meta(ge=90, le=3_650)] = 1_826
    """Days after its day at which a training leaves the log of its person."""
