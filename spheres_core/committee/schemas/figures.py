"""Structs of figures for the Steering Committee: numbers by codes. None of them can hold who stands behind one."""

import datetime as dt
from typing import Literal

from msgspec import Struct

from spheres_core.support.schemas.workshops import WorkshopPeriod

FigureKind = Literal["gaps", "items"]
Division = Literal["need", "area", "need_and_area"]


class FigureCount(Struct, frozen=True):
    """How many persons stand behind one thing that is counted."""

    by: list[str]
    """Codes: of a need, an area, an organization; as `divided_by` says."""
    persons: int


class FigurePeriod(Struct, frozen=True):
    """Figures of one period, as they were published once; they never change."""

    first_day: dt.date
    last_day: dt.date
    divided_by: str
    """`need`, `area` or `need_and_area`; `source_and_repeat` for items of agendas."""
    smallest: int
    """Whatever is not listed is none, or fewer than this."""
    counts: list[FigureCount]


class CommitteeFigures(Struct, frozen=True):
    """Figures of periods that have ended, the latest first."""

    gaps: list[FigurePeriod]
    """By quarter: for how many persons nobody could meet a need."""
    items: list[FigurePeriod]
    """By year: how many persons came on agendas, by the organization of whoever put them there (empty: the program's
    team), `first` or `again` within twelve months."""
    workshops: list[WorkshopPeriod] = []
    """By quarter: how many workshops, trainings for professionals and outreach took place by kind, and how many people
    were there by age group or role; neither where it is fewer than `smallest`."""
