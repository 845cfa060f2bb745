"""A region with a Clinical Committee: members of several organizations, a meeting, and somebody whom it may discuss."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import START, TODAY, Person, Team

AT: Final = "2026-12-03T14:00:00Z"
ENDS: Final = dt.datetime(2026, 12, 3, 18, 0, tzinfo=dt.UTC)
ORGANIZATIONS: Final = ("marie_vincent", "anonyme", "en_marge_12_17")
POLICE: Final = "spvm"
QUESTION: Final = "Comment l’aider à garder son logement ?"
HER_WISH: Final = "Dites-leur que je veux rester dans mon quartier"
TEAM_CLASSES: Final = ("committee", "needs_and_plan", "own_words", "stages")
DISCUSSED: Final = ("committee", "participation", "own_words", "needs_and_plan")


class Committee(Team):
    """A region whose Clinical Committee has members of several organizations."""

    def __init__(self, world: World, slug: str) -> None:
        super().__init__(world, slug)
        self.members = {key: Person(self, "committee_member", organization=key) for key in (*ORGANIZATIONS, POLICE)}
        self.chair = Person(self, "coordinator", "committee_member", name="Dominique Roy")
        for person in (*self.members.values(), self.chair):
            self.seat(person)

    def seat(self, person: Person, body: str = "clinical", **more: Any) -> dict[str, Any]:
        posted = {"body": body, "staff": person.id, "starts": TODAY, **more}
        return self.coordinator.do("/committee-seats", posted)  # type: ignore[no-any-return]

    def plan(self, at: str = AT, body: str = "clinical") -> dict[str, Any]:
        return self.coordinator.do("/meetings", {"body": body, "at": at, "place": "Salle 3"})  # type: ignore[no-any-return]

    def followed(self, *classes: str) -> str:
        """Somebody whom the pivot worker follows, who lets the team write these classes."""
        code = str(self.begin(pivot=self.pivot.id)["participant"])
        self.agree(code, *(classes or TEAM_CLASSES))
        return code

    def lets(self, code: str, organization: str, *classes: str, **more: Any) -> str:
        """She lets an organization discuss these classes in a committee; returns the consent."""
        lines = [
            {"recipient": organization, "information": each, "purpose": "committee", "act": "discuss", **more}
            for each in classes or DISCUSSED
        ]
        given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19,
                 "lines": lines}  # fmt: skip
        return str(self.pivot.do(f"/participants/{code}/consents", given)["id"])

    def put(self, code: str, meeting: dict[str, Any], *, status: int = 201, **changed: Any) -> Any:
        posted = {"participant": code, "question": QUESTION, "asked": "said", "wants_said": HER_WISH,
                  "told_on": TODAY, "shares": ["needs_and_plan"], **changed}  # fmt: skip
        return self.pivot.do(f"/meetings/{meeting['id']}/agenda", posted, status=status)

    def brief(self, person: Person, meeting: dict[str, Any]) -> list[dict[str, Any]]:
        return person.read(f"/meetings/{meeting['id']}/brief")["items"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    return shared_world.renew(
        definition("north", "quebec", "montreal"), definition("south", "quebec", "montreal"), now=START
    )


@pytest.fixture(scope="module")
def committee_of_module(region: World) -> Committee:
    region.now = START
    return Committee(region, "north")


@pytest.fixture
def committee(committee_of_module: Committee) -> Committee:
    """The region's people, on the first day."""
    committee_of_module.world.now = START
    for person in (
        committee_of_module.coordinator, committee_of_module.pivot, committee_of_module.chair,
        *committee_of_module.members.values(),
    ):  # fmt: skip
        person.sign_in()
    return committee_of_module


@pytest.fixture
def meeting(committee: Committee) -> dict[str, Any]:
    return committee.plan()


@pytest.fixture
def code(committee: Committee) -> str:
    """Somebody whom the pivot worker follows, who lets two organizations and the chair discuss her situation."""
    code = committee.followed()
    committee.pivot.do(f"/participants/{code}/strengths", {"what": "Elle dessine", "identified_by": "both"})
    need = {"need": "housing", "identified_by": "herself", "urgency": "soon", "what": "Un logement stable"}
    committee.pivot.do(f"/participants/{code}/needs", need)
    for organization in ("marie_vincent", "*team"):
        committee.lets(code, organization)
    committee.lets(code, "anonyme", "committee")
    return code
