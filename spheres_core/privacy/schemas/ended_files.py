"""Files whose time is over, or will be soon. Codes and days, no word of a file."""

import datetime as dt

from msgspec import Struct


class EndedFile(Struct, frozen=True):
    """A file of somebody whose last participation has ended."""

    code: str
    ended_on: dt.date
    """The day on which the last participation ended, also one under another code of hers."""
    erased_from: dt.date
    """The day from which on the file is erased."""
    held: bool
    """Whether somebody holds its erasing."""


class ErasureLeft(Struct, frozen=True):
    """A file whose erasing has begun and has not ended. One that is due goes on by itself, any other by the command."""

    code: str
    begun_at: dt.datetime
    failed: list[str]
    """Plugins that could not erase what they keep."""


class EndedFiles(Struct, frozen=True):
    """Files that are erased soon, and for how long this region keeps them."""

    years: int
    """Years after which a file is erased, as this region has set; 0: none is erased by itself."""
    due: list[EndedFile]
    """Those that are erased within 90 days, those that come first, at most 500."""
    left: list[ErasureLeft]
