"""The states of a referral and where each may go. Source: the domain's lifecycle table, up to `converted`."""

from functools import cache
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.referrals.schemas import StateCode


class State(Struct, frozen=True):
    """One state. `tone` is for its tag: new, active, waiting, done, ended."""

    code: StateCode
    title: Message
    tone: str
    leads_to: tuple[StateCode, ...] = ()


STATES: dict[StateCode, State] = {
    state.code: state
    for state in (
        State("received", msg("Received"), "new", ("in_review", "duplicate", "withdrawn")),
        State(
            "in_review",
            msg("Being looked at"),
            "active",
            ("info_requested", "contact_planned", "redirected", "duplicate", "withdrawn"),
        ),
        State("info_requested", msg("Waiting for information"), "waiting", ("in_review", "withdrawn")),
        State("contact_planned", msg("Contact planned"), "active", ("in_contact", "unreachable", "withdrawn")),
        State(
            "in_contact",
            msg("In contact with her"),
            "active",
            ("agreed", "youth_declined", "not_yet", "waitlisted", "redirected", "unreachable", "duplicate"),
        ),
        State(
            "not_yet",
            msg("Not yet: the door stays open"),
            "waiting",
            ("in_contact", "youth_declined", "closed_no_contact"),
        ),
        State("waitlisted", msg("On the waiting list"), "waiting", ("in_contact", "youth_declined", "unreachable")),
        State("unreachable", msg("Could not be reached"), "waiting", ("contact_planned", "closed_no_contact")),
        State("agreed", msg("She agrees"), "done", ("youth_declined",)),
        State("converted", msg("She takes part"), "done"),
        State("redirected", msg("Directed elsewhere"), "ended"),
        State("youth_declined", msg("She does not wish it"), "ended"),
        State("withdrawn", msg("Withdrawn by the referrer"), "ended"),
        State("closed_no_contact", msg("Closed without contact"), "ended"),
        State("duplicate", msg("Already known through another referral"), "ended"),
        State("entered_in_error", msg("Entered in error"), "ended"),
    )
}

INITIAL: Final = "received"
ERROR: Final = "entered_in_error"
CONTACT: Final = "in_contact"
WITHDRAWN: Final = "withdrawn"
LOOKED_AT: Final = "in_review"
ASKED: Final = "info_requested"
DUPLICATE: Final = "duplicate"
AGREED: Final = "agreed"
CONVERTED: Final = "converted"
"""Reached only together with the participation that it became (`followups`), and never left."""
ENDED: frozenset[StateCode] = frozenset(code for code, state in STATES.items() if state.tone == "ended")
SETTLED: frozenset[StateCode] = ENDED | {AGREED, CONVERTED}
"""From the first of these on a receipt goes towards `closed`: her agreement too, or its staying open would tell it."""
OPEN: frozenset[StateCode] = frozenset(STATES.keys() - SETTLED)
"""States in which somebody still has something to do."""
NEEDS_REASON: frozenset[StateCode] = frozenset({ERROR, "redirected", "duplicate", "closed_no_contact"})
"""Steps that a colleague must be able to understand later."""

STEP_TITLES: dict[StateCode, Message] = {
    "in_review": msg("Look at it"),
    "info_requested": msg("Ask the referrer for information"),
    "contact_planned": msg("Plan a first contact"),
    "in_contact": msg("Note that contact was made with her"),
    "agreed": msg("Note that she agrees"),
    "youth_declined": msg("Note that she does not wish it"),
    "not_yet": msg("Note that it is not the moment; keep the door open"),
    "waitlisted": msg("Put on the waiting list"),
    "unreachable": msg("Note that she could not be reached"),
    "redirected": msg("Direct elsewhere"),
    "duplicate": msg("Note that she is already known through another referral"),
    "withdrawn": msg("Note that the referrer withdraws it"),
    "closed_no_contact": msg("Close without contact"),
    "entered_in_error": msg("Mark as entered in error"),
}
"""The step that leads to a state, as a coordinator reads it."""
_INFORMATION_ARRIVED = msg("Note that the information has arrived")


def step_title(state: StateCode, to: StateCode) -> Message:
    """Returns the step from one state to another, as a coordinator reads it."""
    return _INFORMATION_ARRIVED if state == ASKED and to == LOOKED_AT else STEP_TITLES[to]


@cache
def steps(state: StateCode, *, contacted: bool) -> tuple[StateCode, ...]:
    """Returns the states that may follow.

    The referrer's withdrawal ends with the first contact: from then on only she decides.
    """
    if state in (ERROR, CONVERTED):
        return ()
    onward = tuple(to for to in STATES[state].leads_to if not (to == WITHDRAWN and contacted))
    return (*onward, ERROR)
