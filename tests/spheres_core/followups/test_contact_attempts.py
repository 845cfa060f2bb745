"""What can be noted of an attempt to reach her is what her safe contact allows at that moment."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

from tests.spheres_core.followups.conftest import PHONE, Team

ALLOWED: Final = ["reached", "no_answer", "somebody_else", "wrong_person", "voicemail_left", "she_reached_us"]


@pytest.fixture
def code(team: Team) -> str:
    """Somebody whom the pivot worker follows, who lets encounters and her safe contact be written."""
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "encounters", "safe_contact")
    return str(begun["participant"])


def attempt(team: Team, code: str, outcome: str, channel: str = "phone", **more: Any) -> httpx.Response:
    body = {"channel": channel, "outcome": outcome, **more}
    return team.pivot.post(f"/participants/{code}/contact-attempts", body)


def test_an_attempt_to_reach_her_is_noted_with_what_came_of_it(team: Team, code: str) -> None:
    team.reach(code)
    made = attempt(team, code, "voicemail_left")
    assert made.status_code == 201, made.text
    assert team.pivot.read(f"/participants/{code}/contact-attempts")["items"] == [made.json()]
    assert attempt(team, code, "no_answer", at="2027-01-01T00:00:00Z").status_code == 422
    assert attempt(team, code, "no_answer", "pigeon").status_code in (400, 422)


def test_without_a_record_nothing_is_noted_but_that_she_came(team: Team, code: str) -> None:
    refused = attempt(team, code, "reached")
    assert (refused.status_code, refused.json()["code"], refused.json()["allowed"]) == (
        422, "outcome_forbidden", ["she_reached_us"],
    )  # fmt: skip
    assert refused.json()["errors"][0]["path"] == "outcome"
    assert attempt(team, code, "she_reached_us").status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"confirmed_on": None},
        {"confirmed_on": "2026-05-01"},
        {"unsafe_since": "2026-11-22"},
        {"hours": []},
        {"she_contacts_us": True},
        {"channel": "in_person"},
    ],
)
def test_what_she_has_not_confirmed_is_no_contact(team: Team, code: str, change: dict[str, Any]) -> None:
    team.reach(code, PHONE | change)
    assert attempt(team, code, "reached").json()["allowed"] == ["she_reached_us"]


def test_what_she_excluded_cannot_be_noted(team: Team, code: str) -> None:
    team.reach(code)
    assert attempt(team, code, "message_left").json()["allowed"] == ALLOWED
    team.reach(code, PHONE | {"voicemail": False}, version=1)
    assert "voicemail_left" not in attempt(team, code, "voicemail_left").json()["allowed"]
    assert attempt(team, code, "sent", "text").status_code == 422, "she named no such channel"


def test_a_wrong_person_closes_the_channel_at_once(team: Team, code: str) -> None:
    team.reach(code)
    assert attempt(team, code, "wrong_person").status_code == 201

    assert attempt(team, code, "no_answer").json()["allowed"] == ["she_reached_us"]
    (line,) = team.pivot.read(f"/participants/{code}/safe-contact")["lines"]
    assert (line["allowed"], line["refusal"]["code"]) == (False, "unsafe")

    again = {"channel": "phone", "safe": True, "version": 2}
    team.pivot.do(f"/participants/{code}/safe-contact/confirmations", again, status=200)
    assert attempt(team, code, "no_answer").status_code == 201
