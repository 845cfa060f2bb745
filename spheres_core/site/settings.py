"""Settings that a tenant may give for its site."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from spheres_core.facts import Words

CalendarUnit = Literal["month", "quarter", "year", "fiscal_year"]
"""`fiscal_year` begins on 1 April, as those of public bodies in Québec do."""


class Settings(Struct, frozen=True):
    """`[settings.site]` of a tenant's file."""

    leave_to: Mapping[str, Annotated[str, Meta(pattern="^https://")]] = field(
        default_factory=lambda: {"fr": "https://meteo.gc.ca/", "en": "https://weather.gc.ca/"}
    )
    """Where the button "Leave this page" goes, by language: an everyday address that nobody wonders about."""
    neutral_title: Words = field(default_factory=lambda: {"fr": "Information", "en": "Information"})
    """The title of public pages in the browser's tabs and history. Empty: the page's own title."""
    smallest_group: Annotated[int, Meta(ge=1, le=100)] = 5
    """In reports about persons, groups of fewer are hidden."""
    report_period: CalendarUnit = "quarter"
    """Reports about persons cover one of these that has ended, and nothing shorter, longer or between."""
