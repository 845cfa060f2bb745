"""Files are handed over on pages: offered with what goes along, told, accepted or left, without JavaScript."""

from __future__ import annotations

import re

import pytest

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.followups.pages import Browser


@pytest.fixture
def code(team: Team) -> str:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "encounters")
    planned = {"state": "planned", "kind": "in_person", "at": "2026-11-25T15:00:00-05:00"}
    team.pivot.do(f"/participants/{code}/encounters", planned)
    return code


def test_a_file_is_offered_told_and_taken_over(team: Team, code: str) -> None:
    other = Person(team, "pivot_worker")
    giving, taking = Browser(team.pivot), Browser(other)
    assert "/staff/hand-overs/new" in giving.read("my-day")
    form = giving.read("hand-overs/new")
    assert code in form
    assert "Promised: In person" in form
    page = giving.done("hand-overs/new", participants=code, to=other.id, word="Elle aime marcher", her_answer="")
    assert "The files are offered." in page
    offer = re.search(r'action="([^"]+/hand-overs/[0-9a-f-]{36})"', taking.read("hand-overs"))
    assert offer
    assert code in taking.read("my-day")
    refused = taking.send(offer[1], act="accepted")
    assert refused.status_code == 409
    assert "She has to be told first." in refused.text
    unsaid = giving.send(offer[1], act="told", her_answer="perhaps")
    assert (unsaid.status_code, "Choose what she said." in unsaid.text) == (422, True)
    assert "She has not been told yet" in giving.read("hand-overs")
    assert "It is noted what she said." in giving.done(offer[1], act="told", her_answer="agrees")
    assert "Elle aime marcher" in taking.read("hand-overs")
    team.world.forward(minutes=5)
    assert "You follow her from now on." in taking.done(offer[1], act="accepted")
    assert giving.get(f"participants/{code}").status_code == 404


def test_what_is_missing_is_said_at_its_field_and_the_word_is_kept(team: Team, code: str) -> None:
    other = Person(team, "pivot_worker")
    giving = Browser(team.pivot)
    nobody = giving.send("hand-overs/new", participants=code, to="", word="Elle aime marcher")
    assert (nobody.status_code, 'id="to-problem"' in nobody.text, "Elle aime marcher" in nobody.text) == (
        422, True, True,
    )  # fmt: skip
    nothing = giving.send("hand-overs/new", to=other.id)
    assert 'id="participants-problem"' in nothing.text
