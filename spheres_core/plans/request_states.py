"""The states of a service request, where each may go, and who takes it there. Source: the domain's lifecycle table."""

from collections.abc import Mapping
from typing import Final, Literal

from spheres_core.facts import Message, msg
from spheres_core.plans.schemas.requests import Outcome, RequestState

RefusalCode = Literal["step_forbidden", "reason_missing", "outcome_missing"]
STATES: Final[Mapping[RequestState, Message]] = {
    "sent": msg("Request sent"),
    "acknowledged": msg("Received by the partner"),
    "waitlisted": msg("On the waiting list"),
    "accepted": msg("Accepted"),
    "declined": msg("Declined"),
    "in_service": msg("Being served"),
    "completed": msg("Completed"),
    "ended_early": msg("Ended early"),
    "cancelled": msg("Request taken back"),
}
OUTCOMES: Final[Mapping[Outcome, Message]] = {
    "met": msg("It met the need"),
    "partly": msg("It met a part of the need"),
    "not_met": msg("It did not meet the need"),
    "her_wish": msg("She did not wish to go on"),
    "not_known": msg("Not known"),
}
LEADS_TO: Final[Mapping[RequestState, tuple[RequestState, ...]]] = {
    "sent": ("acknowledged", "accepted", "waitlisted", "declined", "cancelled"),
    "acknowledged": ("accepted", "waitlisted", "declined", "cancelled"),
    "waitlisted": ("accepted", "declined", "cancelled"),
    "accepted": ("in_service", "ended_early", "cancelled"),
    "in_service": ("completed", "ended_early"),
    "declined": (),
    "completed": (),
    "ended_early": (),
    "cancelled": (),
}
ENDED: Final[frozenset[RequestState]] = frozenset(state for state, onward in LEADS_TO.items() if not onward)
OURS: Final[frozenset[RequestState]] = frozenset({"cancelled"})
"""Steps that the team takes and a partner does not."""
WITH_OUTCOME: Final[frozenset[RequestState]] = frozenset({"completed", "ended_early"})


def steps_from(state: RequestState, *, partner: bool) -> tuple[RequestState, ...]:
    """Returns where a request may go from here, for a partner or for the team."""
    return tuple(each for each in LEADS_TO[state] if not (partner and each in OURS))


def end_from(state: RequestState) -> RequestState:
    """Returns how the team ends a request that is still open: taken back where that can be, else ended early."""
    return "cancelled" if "cancelled" in LEADS_TO[state] else "ended_early"


def refusal(
    state: RequestState, to: RequestState, *, partner: bool, reason: str | None, outcome: str | None
) -> RefusalCode | None:
    """Returns why a request cannot go there; None when it can."""
    if to not in steps_from(state, partner=partner):
        return "step_forbidden"
    if (to == "declined") != (reason is not None):
        return "reason_missing"
    if (to in WITH_OUTCOME) != (outcome is not None):
        return "outcome_missing"
    return None
