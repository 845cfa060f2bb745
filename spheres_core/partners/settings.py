"""The room's settings: `[settings.partners]` of a tenant."""

from typing import Annotated

from msgspec import Meta, Struct


class NotProposed(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `[[settings.partners.not_proposed]]`."""

    organization: str
    """The key of an organization."""
    areas: tuple[str, ...] = ()
    """Where; everywhere when left out. An area stands for those in it."""
    note: str = ""
    """For whoever keeps the settings; shown nowhere."""


class PartnersSettings(Struct, frozen=True):
    """The settings of the directory, `[settings.partners]`."""

    stale_after_days: Annotated[int, Meta(ge=1)] = 365
    """A contact or service verified longer ago than this is shown with a warning."""
    not_proposed: tuple[NotProposed, ...] = ()
    """Organizations that nobody is led to, for a conflict of interest."""
    asks_whom_to_leave_out: bool = False
    """Does the page about who can help ask for organizations to leave out? For regions where people know each other."""
