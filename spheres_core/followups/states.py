"""The states of a participation, where each may go and on what condition. Source: the domain's lifecycle table.

Nothing else ends a participation: no birthday, no return to exploitation, no measure or proceedings that she refused.
"""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.followups.schemas.participations import ReasonCode, StateCode

RefusalCode = Literal[
    "step_forbidden",
    "her_agreement_missing",
    "pivot_missing",
    "reason_missing",
    "reason_forbidden",
    "closing_conversation_missing",
]

STATES: Final[Mapping[StateCode, Message]] = {
    "proposed": msg("Proposed"),
    "active": msg("Under way"),
    "paused": msg("Paused"),
    "transferring": msg("Being transferred"),
    "closing": msg("Closing"),
    "closed": msg("Closed"),
    "not_started": msg("Not started"),
}
REASONS: Final[Mapping[ReasonCode, Message]] = {
    "her_wish": msg("It is her wish"),
    "quiet": msg("She has been quiet for a while"),
    "goals_reached_for_now": msg("Goals reached for now"),
    "moved": msg("She has moved"),
    "transferred": msg("Transferred to another region"),
    "age_limit_after_transition": msg("Age limit, after a transition"),
    "no_contact_after_attempts": msg("No contact after several attempts"),
    "death": msg("Death"),
    "entered_in_error": msg("Entered in error"),
}
LEADS_TO: Final[Mapping[StateCode, tuple[StateCode, ...]]] = {
    "proposed": ("active", "not_started"),
    "active": ("paused", "closing", "transferring"),
    "paused": ("active", "closing", "transferring"),
    "transferring": ("active", "paused", "closed"),
    "closing": ("closed", "active"),
    "closed": (),
    "not_started": (),
}
BY_TRANSFER: Final[StateCode] = "transferring"
"""Only a transfer leads there, and on from there: back to where it was, or to its end."""
ENDED: Final[frozenset[StateCode]] = frozenset(state for state, onward in LEADS_TO.items() if not onward)
OPEN: Final[frozenset[StateCode]] = frozenset(LEADS_TO) - ENDED
FOLLOWED: Final[frozenset[StateCode]] = OPEN - {"proposed"}
"""States in which a participation without a pivot worker is a gap that somebody must close."""
_CLOSING: Final[frozenset[ReasonCode]] = frozenset(REASONS) - {"quiet", "transferred"}
REASONS_FOR: Final[Mapping[tuple[StateCode, StateCode], frozenset[ReasonCode]]] = {
    ("proposed", "not_started"): frozenset({"her_wish", "moved", "no_contact_after_attempts", "entered_in_error"}),
    ("active", "paused"): frozenset({"her_wish", "quiet"}),
    ("closing", "closed"): _CLOSING,
    ("transferring", "closed"): frozenset({"transferred"}),
}
"""The reasons with which a step can be taken; a step that is not here has none."""
WITHOUT_CONVERSATION: Final[frozenset[ReasonCode]] = frozenset({"death", "entered_in_error"})
"""Reasons with which a participation is closed without a closing conversation having been offered."""


class Situation(Struct, frozen=True):
    """All that decides about the next step of a participation."""

    state: StateCode
    agreed: bool
    """Whether she has agreed to take part herself, and has not taken it back."""
    has_pivot: bool


def refusal(
    now: Situation, to: StateCode, reason: ReasonCode | None = None, *, conversation_offered: bool = False
) -> RefusalCode | None:
    """Returns why a step cannot be taken; None when it can."""
    if to not in LEADS_TO[now.state]:
        return "step_forbidden"
    reasons = REASONS_FOR.get((now.state, to), frozenset())
    if reason is None and reasons:
        return "reason_missing"
    if reason is not None and reason not in reasons:
        return "reason_forbidden"
    if to == "active" and not now.agreed:
        return "her_agreement_missing"
    if to == "active" and now.state == "proposed" and not now.has_pivot:
        return "pivot_missing"
    if (now.state, to) == ("closing", "closed") and reason not in WITHOUT_CONVERSATION and not conversation_offered:
        return "closing_conversation_missing"
    return None


def steps_by_hand(state: StateCode) -> tuple[StateCode, ...]:
    """Returns where somebody may take a participation from a state; a transfer takes its own steps."""
    return () if state == BY_TRANSFER else tuple(to for to in LEADS_TO[state] if to != BY_TRANSFER)


def may_come_back(last: StateCode) -> bool:
    """Returns whether a new participation may follow on the last one: only when that has ended."""
    return last in ENDED
