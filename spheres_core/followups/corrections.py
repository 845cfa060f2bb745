"""Decides who may still change what was written of an encounter or an accompaniment: the author, on the same day.

What is only planned is nobody's account of anything: whoever writes in the file moves it, holds it or notes it missed.
"""

import datetime as dt
from uuid import UUID

from spheres_core.followups.schemas.accompaniments import AccompanimentState
from spheres_core.followups.schemas.encounters import EncounterState

State = EncounterState | AccompanimentState


def may_correct(state: State, *, author: UUID | None, written_on: dt.date, actor: UUID | None, today: dt.date) -> bool:
    """Returns whether it may be written anew; its earlier versions stay."""
    if state == "planned":
        return True
    return author is not None and author == actor and written_on == today


def may_become(state: State, to: State) -> bool:
    """Returns whether it may go from one state to another. What took place is never planned again."""
    return to == state or state == "planned" or "planned" not in (state, to)
