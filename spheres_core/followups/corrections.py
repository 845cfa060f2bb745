"""Decides who may still change what was written of an encounter: the author, on the same day. Later there are addenda.

What is only planned is nobody's account of anything: whoever writes in the file moves it, holds it or notes it missed.
"""

import datetime as dt
from uuid import UUID

from spheres_core.followups.schemas.encounters import EncounterState


def may_correct(
    state: EncounterState, *, author: UUID | None, written_on: dt.date, actor: UUID | None, today: dt.date
) -> bool:
    """Returns whether an encounter may be written anew; its earlier versions stay."""
    if state == "planned":
        return True
    return author is not None and author == actor and written_on == today


def may_become(state: EncounterState, to: EncounterState) -> bool:
    """Returns whether an encounter may go from one state to another. What took place is never planned again."""
    return to == state or state == "planned" or "planned" not in (state, to)
