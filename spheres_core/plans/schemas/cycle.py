"""Structs of stages in the cycle of exploitation, as they are observed."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.plans.schemas.words import Code, Words


class CycleStagePosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Where she stands in the cycle on a day: as her worker sees it, as she does, or both."""

    model: Code
    """The key of one of the region's stage models."""
    stage: Code | None = None
    """As her worker sees it: a code of the model."""
    her_stage: Code | None = None
    """Where she places herself."""
    on: dt.date | None = None
    """Today, when left out."""
    note: Words = ""
    her_words: Words = ""
    """Her view of her situation, verbatim."""


class CycleStage(Struct, frozen=True):
    """Where she stood in the cycle on a day. Written once and never changed; it changes nothing else."""

    id: UUID
    on: dt.date
    model: str
    model_version: str
    """The model's version on that day."""
    stage: str | None
    her_stage: str | None
    gap: int | None
    """How many stages lie between the two views, 0 where they agree; null when one is missing, or the model is not
    known here any more. Neither is the right one."""
    note: str
    her_words: str | None
    """Null when the reader may not read her own words."""
    author: UUID | None
    written_at: dt.datetime


class CycleStageFound(Struct, frozen=True):
    """A row of the stages in the cycle."""

    id: UUID
    model: str
    model_version: str
    stage: str | None
    her_stage: str | None
    author: UUID | None
    written_at: dt.datetime
    dated_on: dt.date
