"""Where a referral may go from where it is: every step of the table over HTTP, and every step that is not in it."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from spheres_core.referrals.states import (
    CONTACT,
    CONVERTED,
    ENDED,
    ERROR,
    INITIAL,
    NEEDS_REASON,
    STATES,
    STEP_TITLES,
    WITHDRAWN,
)
from tests.spheres_core.referrals.conftest import Office

TABLE: Final[dict[str, set[str]]] = {
    "received": {"in_review", "duplicate", "withdrawn"},
    "in_review": {"info_requested", "contact_planned", "redirected", "duplicate", "withdrawn"},
    "info_requested": {"in_review", "withdrawn"},
    "contact_planned": {"in_contact", "unreachable", "withdrawn"},
    "in_contact": {"agreed", "youth_declined", "not_yet", "waitlisted", "redirected", "unreachable", "duplicate"},
    "not_yet": {"in_contact", "youth_declined", "closed_no_contact"},
    "waitlisted": {"in_contact", "youth_declined", "unreachable"},
    "unreachable": {"contact_planned", "closed_no_contact"},
    "agreed": {"youth_declined"},
    **{ended: set() for ended in ("redirected", "youth_declined", "withdrawn", "closed_no_contact", "duplicate")},
}
"""The field's own table, written down a second time; any state may also turn out to have been entered in error."""
WAYS: Final[dict[str, tuple[str, ...]]] = {
    "received": (),
    "in_review": ("in_review",),
    "info_requested": ("in_review", "info_requested"),
    "contact_planned": ("in_review", "contact_planned"),
    "in_contact": ("in_review", "contact_planned", "in_contact"),
    "not_yet": ("in_review", "contact_planned", "in_contact", "not_yet"),
    "waitlisted": ("in_review", "contact_planned", "in_contact", "waitlisted"),
    "unreachable": ("in_review", "contact_planned", "unreachable"),
    "agreed": ("in_review", "contact_planned", "in_contact", "agreed"),
    "redirected": ("in_review", "redirected"),
    "youth_declined": ("in_review", "contact_planned", "in_contact", "youth_declined"),
    "withdrawn": ("in_review", "withdrawn"),
    "closed_no_contact": ("in_review", "contact_planned", "unreachable", "closed_no_contact"),
    "duplicate": ("in_review", "duplicate"),
    "entered_in_error": ("in_review", "entered_in_error"),
}
"""The shortest way to each state."""


def allowed_after(*way: str) -> set[str]:
    """What the table allows after these steps."""
    state = way[-1] if way else INITIAL
    if state == ERROR:
        return set()
    onward = TABLE[state] | {ERROR}
    return onward - {WITHDRAWN} if CONTACT in way else onward


def test_the_table_names_every_state_and_every_step_has_words() -> None:
    assert set(WAYS) == set(STATES) - {CONVERTED} == {*TABLE, ERROR}
    assert set(STEP_TITLES) == set(STATES) - {INITIAL, CONVERTED}
    assert {state for state, onward in TABLE.items() if not onward} | {ERROR} == ENDED


@pytest.mark.parametrize("state", WAYS)
def test_each_step_is_allowed_or_refused_as_the_table_says(office: Office, state: str) -> None:
    _, id = office.refer()
    office.go(id, *WAYS[state])
    allowed = allowed_after(*WAYS[state])
    assert set(office.read(id)["steps"]) == allowed
    moves = office.count("referral_moves")

    for to in STATES:
        if to in allowed:
            continue
        refused = office.move(id, to, "because")
        assert refused.status_code == 409, (state, to, refused.text)
        told = refused.json()
        assert (told["code"], told["state"], set(told["allowed"])) == ("step_forbidden", state, allowed)
    assert office.read(id)["state"] == state
    assert office.count("referral_moves") == moves, "what was refused left nothing"

    for to in allowed:
        _, another = office.refer()
        office.go(another, *WAYS[state])
        moved = office.move(another, to, "because")
        assert (moved.status_code, moved.json()["state"]) == (200, to)


@pytest.mark.parametrize(
    "way", [("unreachable", "contact_planned"), ("not_yet",), ("waitlisted",), ("waitlisted", "unreachable")]
)
def test_after_the_first_contact_nobody_withdraws_it_but_she(office: Office, way: tuple[str, ...]) -> None:
    """Also where the way leads back to states from which it could be withdrawn before."""
    receipt, id = office.refer()
    office.go(id, "in_review", "contact_planned", "in_contact", *way)
    assert office.move(id, WITHDRAWN, "because").status_code == 409

    said = office.withdraw(receipt)

    assert said.status_code == 200
    read = office.read(id)
    assert read["state"] == way[-1]
    assert read["withdrawal_asked_at"] is not None, "the coordinator is told that it was asked for"


@pytest.mark.parametrize("way", [(), ("in_review",), ("in_review", "info_requested"), ("in_review", "contact_planned"),
                                 ("in_review", "contact_planned", "unreachable")])  # fmt: skip
def test_before_any_contact_the_referrer_withdraws_it_by_receipt(office: Office, way: tuple[str, ...]) -> None:
    receipt, id = office.refer()
    office.go(id, *way)

    assert office.withdraw(receipt).status_code == 200

    read = office.read(id)
    assert read["state"] == WITHDRAWN
    assert read["history"][-1]["actor_kind"] == "anonymous"


@pytest.mark.parametrize("to", sorted(NEEDS_REASON))
def test_a_step_that_colleagues_must_understand_needs_its_reason(office: Office, to: str) -> None:
    _, id = office.refer()
    office.go(id, *next(way[:-1] for way in WAYS.values() if way and way[-1] == to))
    for blank in ("", "   ", "\n\t"):
        refused = office.move(id, to, blank)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["path"] == "reason"
    moved = office.move(id, to, "  spoken with the team  ")
    assert moved.json()["history"][-1]["reason"] == "spoken with the team"


def test_a_step_that_is_none_is_refused_with_those_that_are(office: Office) -> None:
    _, id = office.refer()
    for to in ("", "enrolled", "IN_REVIEW", "in_review ", "'; --"):
        refused = office.move(id, to)
        assert refused.status_code == 422
        assert refused.json()["known"] == sorted(STATES)


def test_of_colleagues_who_take_the_same_step_at_once_one_takes_it(office: Office) -> None:
    _, id = office.refer()
    world = office.world

    async def all_at_once() -> list[int]:
        path = f"/t/north/api/referrals/{id}/transitions"
        sent = [world.http.post(path, json={"to": "in_review"}, headers=office.token) for _ in range(6)]
        return [each.status_code for each in await asyncio.gather(*sent)]

    assert sorted(world.run(all_at_once())) == [200, 409, 409, 409, 409, 409]
    assert len(office.read(id)["history"]) == 1
