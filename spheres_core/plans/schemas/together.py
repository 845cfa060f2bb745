"""Structs of what a young person and her worker look at on one screen.

Each field says by its type which class of information it is of and whose words it holds. A test reads these types:
no risk, no note of a worker and nothing that only a worker sees can be in them.
"""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.plans.schemas.goals import ChangeStage, GoalState, Ruler

Whose = Literal["hers", "agreed", "region", "number"]
"""Her own words and choices, what both say, codes that the region or the program puts into words, what is counted."""
SHARED: Final = frozenset({"needs_and_plan", "stages", "own_words", "participation"})
"""Classes of information that both look at. `participation`: what she agreed to."""


def of(information: str, whose: Whose) -> Meta:
    """Returns the mark of a field's type."""
    return Meta(extra={"information": information, "whose": whose})


PlanId = Annotated[UUID, of("needs_and_plan", "number")]
PlanVersion = Annotated[int, of("needs_and_plan", "number")]
PlanDay = Annotated[dt.date, of("needs_and_plan", "number")]
StageDay = Annotated[dt.date, of("stages", "number")]
StageCode = Annotated[str, of("stages", "region")]
HerRuler = Annotated[Ruler | None, of("stages", "hers")]
ConsentCode = Annotated[str, of("participation", "region")]


class HerStrength(Struct, frozen=True):
    """Something that she can build on, as she said it, alone or with her worker."""

    what: Annotated[str, of("needs_and_plan", "agreed")]
    on: PlanDay


class HerStage(Struct, frozen=True):
    """Where she placed herself with a goal, alone or with her worker, when she last did."""

    on: StageDay
    stage: Annotated[ChangeStage | None, of("stages", "hers")]
    importance: HerRuler
    confidence: HerRuler
    progress: HerRuler


class HerGoal(Struct, frozen=True):
    """Something that she wants."""

    id: PlanId
    version: PlanVersion
    words: Annotated[str | None, of("needs_and_plan", "hers")]
    """Null where she said that she wants it, and only her worker has put it into words."""
    template: Annotated[str | None, of("needs_and_plan", "region")]
    """A code of the region's goals to begin from."""
    state: Annotated[GoalState, of("needs_and_plan", "hers")]
    on: PlanDay
    stage: HerStage | None
    """Null when she has not placed herself, or the reader may not read it."""


class HerPlace(Struct, frozen=True):
    """Where she placed herself in the cycle, when she last did."""

    on: StageDay
    model: StageCode
    stage: Annotated[str, of("stages", "hers")]
    """A code of the model."""


class HerWords(Struct, frozen=True):
    """Something that she said, verbatim."""

    on: Annotated[dt.date, of("own_words", "number")]
    words: Annotated[str, of("own_words", "hers")]


class OpenLine(Struct, frozen=True):
    """One thing that one recipient may do, as she agreed to it."""

    id: Annotated[UUID, of("participation", "number")]
    recipient: ConsentCode
    """`*team`, or the key of an organization."""
    information: ConsentCode
    act: ConsentCode
    purpose: ConsentCode
    ends: Annotated[dt.datetime, of("participation", "number")]


class Together(Struct, frozen=True):
    """Everything that both look at. A part that the worker may not read is empty, as one in which there is nothing."""

    strengths: list[HerStrength]
    goals: list[HerGoal]
    """Those that she wants, the last first."""
    places: list[HerPlace]
    words: list[HerWords]
    """Her words in encounters, the last first."""
    open_to: list[OpenLine]
    """Who may see what."""
