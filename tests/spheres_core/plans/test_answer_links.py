"""A partner without an account answers one request by a link, and sees what she lets it see, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import leads, page_of, went
from tests.spheres_core.plans.test_plan_pages import send as send_page
from tests.spheres_core.plans.test_requests import WHAT, lets, send


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "service_requests", "needs_and_plan", "own_words")
    lets(team, begun["participant"], "service_requests", "participation")
    return str(begun["participant"])


@pytest.fixture
def made(team: Team, code: str) -> dict[str, Any]:
    return send(team, code, shares=["participation"])


def link_of(team: Team, code: str, made: dict[str, Any]) -> str:
    """The secret of a link that is made anew."""
    link = team.pivot.do(f"/participants/{code}/requests/{made['id']}/links")["link"]
    assert link.partition("#")[0].endswith("/fr/answer"), "its address names nobody, and its secret reaches no log"
    return str(link.partition("#")[2])


def opened(team: Team, secret: str, *, slug: str = "north", path: str = "", **values: str) -> httpx.Response:
    return team.world.post(f"/t/{slug}/en/answer{path}", data={"secret": secret, **values})


def by_api(team: Team, secret: str, **answer: Any) -> httpx.Response:
    body = {"secret": secret} | ({"answer": answer} if answer else {})
    return team.world.post(f"/t/north/api/answer-links/{'answer' if answer else 'request'}", json=body)


def test_the_one_who_has_the_link_answers_and_sees_nothing_else(team: Team, code: str, made: dict[str, Any]) -> None:
    file = f"/participants/{code}/requests"
    assert leads(page_of(team.pivot, file), f"{file}/{made['id']}/link")
    shown = send_page(team.pivot, f"{file}/{made['id']}/link", {})
    assert shown.status_code == 200
    secret = shown.text.partition("/answer#")[2].partition("<")[0]
    assert secret not in page_of(team.pivot, f"{file}/{made['id']}/link"), "shown once"

    asks = team.world.get("/t/north/en/answer")
    assert (asks.status_code, "set-cookie" in asks.headers) == (200, False)
    page = opened(team, f"https://north.example/en/answer#{secret}")
    assert page.status_code == 200, page.text
    assert WHAT.split("’")[0] in page.text
    for never in (code, "/staff", "partners/find", "Camille Roy", "set-cookie"):
        assert never not in page.text + str(page.headers), never
    nothing = opened(team, secret, path="/given", to="declined", version="1", words="Pas de place")
    assert "Pas de place</textarea>" in nothing.text, "nothing typed is lost"
    assert (nothing.status_code, "A reason goes with declining" in nothing.text) == (422, True)
    assert 'id="reason-problem"' in nothing.text, "said where it stands"
    unsaid = opened(team, secret, path="/given", version="1", words="Oui")
    assert (unsaid.status_code, 'id="to-problem"' in unsaid.text, 'id="reason-problem"' in unsaid.text) == (
        422,
        True,
        False,
    )
    noted = opened(team, secret, path="/given", to="accepted", version="1", words="Mardi à dix heures")
    assert noted.status_code == 200
    assert "Your answer is noted." in noted.text
    assert by_api(team, secret).json()["participant"] is None, "her file is not opened by a link"
    late = opened(team, secret, path="/given", to="in_service", version="1")
    assert late.status_code == 409

    read = team.pivot.read(f"{file}/{made['id']}")
    assert (read["state"], read["answer"]) == ("accepted", "Mardi à dix heures")
    kinds = team.world.sql(
        "SELECT actor_kind, verb FROM trail_entries WHERE details->>'request' = %s OR %s = ANY(shown)",
        made["id"], made["id"],
    )  # fmt: skip
    assert ("link", "service_request.moved") in kinds
    assert ("link", "service_request.read_by_link") in kinds
    ((kept,),) = team.world.sql("SELECT hash FROM answer_links WHERE request_id = %s", made["id"])
    assert secret.encode() not in bytes(kept)

    assert by_api(team, secret, to="in_service", version=2).status_code == 200
    assert by_api(team, secret, to="completed", version=3, outcome="met").status_code == 200
    assert by_api(team, secret).status_code == 404, "it ends with the request"
    (link,) = team.pivot.read(f"{file}/{made['id']}/links")["links"]
    assert link["state"] == "over"
    assert team.pivot.post(f"{file}/{made['id']}/links").json()["code"] == "request_over"


def test_whatever_has_ended_or_never_was_answers_the_same(team: Team, code: str, made: dict[str, Any]) -> None:
    path = f"/participants/{code}/requests"
    unknown = "x" * 43
    first = link_of(team, code, made)
    second = link_of(team, code, made)
    assert opened(team, second).status_code == 200
    ended = [opened(team, first), opened(team, second, slug="south"), opened(team, "short")]

    (link, _) = team.pivot.read(f"{path}/{made['id']}/links")["links"]
    assert went(send_page(team.pivot, f"{path}/{made['id']}/link/{link['id']}/revoke", {})).partition("?")[0]
    assert team.pivot.post(f"{path}/{made['id']}/links/{link['id']}/revoke").status_code == 404
    ended.append(opened(team, second))

    third = link_of(team, code, made)
    team.world.now += dt.timedelta(days=8)
    ended.append(opened(team, third))
    for each in ended:
        assert each.status_code == 404
        assert each.content.replace(b"/south/", b"/north/") == opened(team, unknown).content
    assert by_api(team, third).content == by_api(team, unknown).content


def test_a_link_ends_as_soon_as_she_takes_back_what_it_shows(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "service_requests")
    consent = lets(team, code, "service_requests")
    secret = link_of(team, code, send(team, code))
    assert by_api(team, secret).status_code == 200
    team.pivot.do(f"/participants/{code}/consents/{consent}/withdraw", status=200)
    assert by_api(team, secret).content == by_api(team, "y" * 43).content
    assert by_api(team, secret, to="accepted", version=1).status_code == 404


def test_only_the_team_makes_links_and_guesses_have_to_wait(team: Team, code: str, made: dict[str, Any]) -> None:
    path = f"/participants/{code}/requests/{made['id']}/links"
    for person in (team.coordinator, Person(team, "pivot_worker"), Person(team, "liaison", organization="anonyme")):
        assert person.post(path).status_code in (403, 404)
    secret = link_of(team, code, made)
    told = [by_api(team, f"{number:043}").status_code for number in range(40)]
    assert set(told) == {404, 429}
    assert by_api(team, secret).status_code == 429, "whoever guesses waits, also with a right one"
