"""The states of a recommendation, and when it is overdue."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from spheres_core.committee.schemas.recommendations import RecommendationState
from spheres_core.facts import Message, msg

STATES: Final[Mapping[RecommendationState, Message]] = {
    "open": msg("Recommendation open"),
    "done": msg("Recommendation carried out"),
    "not_done": msg("Recommendation not carried out"),
    "dropped": msg("Recommendation dropped"),
}


def is_overdue(state: RecommendationState, due_on: dt.date, today: dt.date) -> bool:
    """Returns whether nothing came of it by its day."""
    return state == "open" and due_on < today
