"""Her emergency plan on pages: written with her, kept while it is typed, and on the screen that both look at."""

from __future__ import annotations

from typing import Any, Final

from tests.spheres_core.followups.conftest import TODAY, Team
from tests.spheres_core.plans.test_plan_pages import leads, page_of, send, went
from tests.spheres_core.plans.test_together import opened, screen
from tests.spheres_core.safety.conftest import PLAN

SENT: Final[dict[str, Any]] = {
    "language": "fr-CA", "community": "montreal", "places": "en_marge_shelter", "review_by": "2027-01-15",
    "section_signs": "Il écrit\r\nsans arrêt", "section_code_word": "Pluie", "who_1": "Lou", "how_1": "texto",
    "when_1": "le soir", "who_2": "",
}  # fmt: skip


def test_it_is_written_with_her_agreed_to_and_shown_in_three_clicks_each(team: Team, code: str) -> None:
    file = f"/participants/{code}"
    page = page_of(team.pivot, f"{file}/emergency-plan")
    assert "No plan yet" in page
    assert leads(page_of(team.pivot, file), f"{file}/emergency-plan/write")
    assert leads(page, f"{file}/emergency-plan/write")
    assert "done=plan_written" in went(send(team.pivot, f"{file}/emergency-plan/write", SENT))

    page = page_of(team.pivot, f"{file}/emergency-plan")
    for said in ("A draft, to which she has not agreed yet", "Il écrit", "Pluie", "Lou", "Verified on"):
        assert said in page, said
    assert "A draft waits for her agreement" in page_of(team.pivot, file)
    went(send(team.pivot, f"{file}/emergency-plan/agree", {"version": "1", "on": TODAY}))
    assert "She agreed to it on" in page_of(team.pivot, f"{file}/emergency-plan")
    form = page_of(team.pivot, f"{file}/emergency-plan/write")
    assert "Il écrit\nsans arrêt" in form
    assert 'value="Lou"' in form


def test_what_was_typed_stands_there_when_it_is_refused(team: Team, code: str) -> None:
    file = f"/participants/{code}"
    refused = send(team.pivot, f"{file}/emergency-plan/write", SENT | {"review_by": "soon"})
    assert refused.status_code == 422
    assert 'id="review_by-problem"' in refused.text
    assert "Pluie" in refused.text
    passed = send(team.pivot, f"{file}/emergency-plan/write", SENT | {"review_by": TODAY})
    assert 'id="review_by-problem"' in passed.text
    assert "No plan yet" in page_of(team.pivot, f"{file}/emergency-plan")
    went(send(team.pivot, f"{file}/emergency-plan/write", SENT))
    conflict = send(team.pivot, f"{file}/emergency-plan/write", SENT | {"section_code_word": "Neige"})
    assert conflict.status_code == 409
    assert "What stands there now" in conflict.text
    assert "Neige" in conflict.text
    later = send(team.pivot, f"{file}/emergency-plan/not-now", {"ask_again_on": "x"})
    assert (later.status_code, 'id="ask_again_on-problem"' in later.text) == (422, True)
    assert "done=plan_not_now" in went(
        send(team.pivot, f"{file}/emergency-plan/not-now", {"ask_again_on": "2027-01-01"})
    )


def test_both_look_at_the_plan_to_which_she_agreed_and_at_no_draft(team: Team, code: str) -> None:
    path = f"/participants/{code}/emergency-plan"
    team.pivot.do(path, PLAN)
    team.pivot.post(f"{path}/agree", {"version": 1})
    team.pivot.do(path, PLAN | {"version": 1, "sections": {"helps": "Autre chose"}})
    opened(team, f"/participants/{code}")
    page = screen(team.pivot).text
    for said in ("How I notice that it is getting risky", "sans arrêt", "Tante Lou", "Pluie"):
        assert said in page, said
    assert "Autre chose" not in page
    assert code not in page
