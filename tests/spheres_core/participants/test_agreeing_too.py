"""Over HTTP: a consent that needs a parent or tutor too waits for one, and is taken back by either."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
DAY: Final = "2026-11-29"
SETTINGS: Final = {"consents": {"givers": {"taking_part/12-13": "herself_and_parent_or_tutor"}}}
GIVEN: Final[dict[str, Any]] = {
    "kind": "participation", "given_on": DAY, "how": "spoken", "giver": "herself", "age": 13,
    "lines": [{"recipient": "*team", "information": "participation", "purpose": "follow_up"}],
}  # fmt: skip
PARENT: Final = {"giver": "parent", "given_on": DAY, "how": "spoken"}


@pytest.fixture(scope="module")
def pivot(shared_world: World) -> Caller:
    shared_world.renew(definition("north", "quebec", settings=SETTINGS), now=NOW)
    return Caller(shared_world, "pivot@example.org", "pivot_worker")


@pytest.fixture
def her(shared_world: World, pivot: Caller) -> NewParticipant:
    made = add_participant(shared_world)
    assign(shared_world, pivot, made)
    agree(shared_world, made, classes=["participation"])
    return made


def sent(pivot: Caller, her: NewParticipant, path: str, body: dict[str, Any], status: int) -> Any:
    answer = pivot.post(f"participants/{her.code}/consents{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_it_waits_says_so_and_is_in_force_from_when_the_second_agreed(pivot: Caller, her: NewParticipant) -> None:
    waiting = sent(pivot, her, "", GIVEN, 201)
    place = f"/{waiting['id']}"

    assert (waiting["state"], waiting["starts"], waiting["lines"][0]["state"]) == ("waits", None, "waits")
    fhir = pivot.get(f"participants/{her.code}/consents{place}/fhir").json()
    receipt = pivot.get(f"participants/{her.code}/consents{place}/receipt").json()
    assert (fhir["status"], receipt["dpv:hasConsentStatus"]) == ("proposed", "dpv:ConsentRequested")
    refused = sent(pivot, her, f"{place}/agree", {**PARENT, "age": 14}, 422)
    assert refused["code"] == "consent_not_theirs_to_give"

    held = sent(pivot, her, f"{place}/agree", {**PARENT, "age": 13}, 200)

    assert (held["state"], held["also_giver"], held["also_given_on"]) == ("holds", "parent", DAY)
    assert held["lines"][0]["state"] == "holds"
    assert sent(pivot, her, f"{place}/agree", {**PARENT, "age": 13}, 404)


@pytest.mark.parametrize("by", [{"by": "herself"}, {"by": "tutor", "age": 13}])
def test_either_takes_it_back(pivot: Caller, her: NewParticipant, by: dict[str, Any]) -> None:
    both = sent(pivot, her, "", GIVEN | {"also": PARENT}, 201)
    assert both["state"] == "holds"

    refused = sent(pivot, her, f"/{both['id']}/withdraw", {"by": "parent", "age": 14}, 422)
    assert refused["code"] == "consent_not_theirs_to_take_back"
    assert sent(pivot, her, f"/{both['id']}/withdraw", by, 200)["consent"]["state"] == "withdrawn"
