"""Says what the desk may do with a request in each state."""

from collections.abc import Mapping
from typing import Final

from spheres_core.support.schemas.advice import ANSWERED, ASSIGNED, CLOSED, RECEIVED, REFERRAL_DRAFTED

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    RECEIVED: ("take", "answer", "close"),
    ASSIGNED: ("take", "answer", "close"),
    ANSWERED: ("answer", "close"),
    REFERRAL_DRAFTED: ("answer", "close"),
    CLOSED: (),
}
"""`take` where somebody has it already: a colleague takes it over."""


def steps(state: str) -> tuple[str, ...]:
    """Returns the acts that are open in a state."""
    return STEPS[state]


def entourage_steps(state: str) -> tuple[str, ...]:
    """Returns the acts that are open with the support of a close person."""
    return () if state == "closed" else ("take", "change", "note", "offer", "close")
