"""Where a participation may go: the field's table, written a second time, and random walks that never leave it."""

from __future__ import annotations

from typing import Final, get_args

from hypothesis import given
from hypothesis import strategies as st

from spheres_core.followups.schemas.participations import ReasonCode, StateCode
from spheres_core.followups.states import (
    ENDED,
    LEADS_TO,
    OPEN,
    REASONS,
    REASONS_FOR,
    STATES,
    Situation,
    may_come_back,
    refusal,
)

TABLE: Final[dict[str, set[str]]] = {
    "proposed": {"active", "not_started"},
    "active": {"paused", "closing", "transferring"},
    "paused": {"active", "closing", "transferring"},
    "transferring": {"active", "paused", "closed"},
    "closing": {"closed", "active"},
    "closed": set(),
    "not_started": set(),
}
CLOSED_FOR: Final = {"goals_reached_for_now", "her_wish", "moved", "transferred", "age_limit_after_transition",
                     "no_contact_after_attempts", "death", "entered_in_error"}  # fmt: skip
Asked = tuple[StateCode, ReasonCode | None, bool, bool, bool]
"""A step and its reason; whether she has agreed, has a pivot worker, and was offered a closing conversation."""
states, reasons = st.sampled_from(get_args(StateCode)), st.sampled_from([None, *get_args(ReasonCode)])
asked = st.tuples(states, reasons, st.booleans(), st.booleans(), st.booleans())


def test_the_table_is_the_fields_own() -> None:
    assert {state: set(onward) for state, onward in LEADS_TO.items()} == TABLE
    assert set(STATES) == set(TABLE) == set(get_args(StateCode))
    assert {"closed", "not_started"} == ENDED
    assert TABLE.keys() - ENDED == OPEN


def test_nobody_leaves_for_her_age_her_return_or_her_refusal() -> None:
    closing = {reason for (_, to), given in REASONS_FOR.items() if to == "closed" for reason in given}
    assert closing == CLOSED_FOR
    assert set(REASONS) == set(get_args(ReasonCode)) == CLOSED_FOR | {"quiet"}
    forbidden = ("18", "adult", "return", "relapse", "refus", "complaint", "measure", "proceedings")
    assert not [code for code in REASONS for word in forbidden if word in code]


@given(st.lists(asked, max_size=40))
def test_no_walk_takes_a_step_that_the_table_forbids(
    walk: list[tuple[StateCode, ReasonCode | None, bool, bool, bool]],
) -> None:
    state: StateCode = "proposed"
    been_active = False
    for to, reason, agreed, has_pivot, offered in walk:
        refused = refusal(Situation(state, agreed, has_pivot), to, reason, conversation_offered=offered)
        if refused is not None:
            continue
        assert to in TABLE[state]
        if to == "active":
            assert agreed
            assert has_pivot or state != "proposed"
        if to == "closed":
            assert been_active
            assert reason in CLOSED_FOR
            assert (reason == "transferred") == (state == "transferring")
            assert offered or state == "transferring" or reason in ("death", "entered_in_error")
        been_active |= to == "active"
        state = to
    assert may_come_back(state) == (state in ENDED)


@given(states, states)
def test_each_step_of_the_table_can_be_taken_by_somebody(state: StateCode, to: StateCode) -> None:
    now = Situation(state, agreed=True, has_pivot=True)
    ways = [refusal(now, to, each, conversation_offered=True) for each in (None, *get_args(ReasonCode))]
    assert (None in ways) == (to in TABLE[state])


@given(states)
def test_a_gap_without_a_pivot_worker_stops_nothing_but_the_beginning(state: StateCode) -> None:
    alone = Situation(state, agreed=True, has_pivot=False)
    for to in TABLE[state]:
        ways = {refusal(alone, to, each, conversation_offered=True) for each in (None, *get_args(ReasonCode))}  # type: ignore[arg-type]
        assert (None in ways) == ((state, to) != ("proposed", "active"))
