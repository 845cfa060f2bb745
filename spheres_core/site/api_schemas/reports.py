"""Structs of the API about plugins' reports."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from spheres_core.foundation.languages.localization import Text
from spheres_core.site.settings import CalendarUnit


class ReportListed(Struct, frozen=True):
    """A report that the caller may read."""

    name: str
    title: Text
    has_period: bool
    """It is about the days that the caller names."""
    whole_periods: CalendarUnit | None = None
    """For a report about persons: it covers a whole one of these that has ended, named by its first day."""


class ReportList(Struct, frozen=True):
    """Reports by name."""

    reports: list[ReportListed]


class ReportHeading(Struct, frozen=True):
    """A column of a report, and what it is called."""

    name: str
    title: Text


class ReportGroup(Struct, frozen=True):
    """One group of a report, by the names of its columns."""

    by: Mapping[str, str | int | float | bool | None]
    """Values that the group has in common: a code, a date, a number, an organization's id; an empty text for something
    else than the codes that are known, null where nothing is stated."""
    numbers: Mapping[str, int | float | None]
    """Sums, and `count`."""
    hidden: bool
    """True for a group of few persons, whose numbers are null."""


class ReportAnswer(Struct, frozen=True):
    """The answer of a report over a period."""

    name: str
    since: dt.date | None
    until: dt.date | None
    columns: list[ReportHeading]
    groups: list[ReportGroup]
    cut: bool
    """There are more groups than these."""
