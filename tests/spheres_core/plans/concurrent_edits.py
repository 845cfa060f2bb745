"""Two people who change the same thing about a participant at the same moment, from the same version of it.

Each pair is sent at once over connections of its own, so that PostgreSQL decides which comes first.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.spheres_core.followups.conftest import PHONE, TODAY, Person, Team
from tests.spheres_core.plans.test_needs import CHANGED, NEED
from tests.spheres_core.plans.test_requests import ORGANIZATION, REQUEST, lets

ENCOUNTER: Final = {"state": "held", "kind": "phone", "at": "2026-11-23T14:30:00Z"}
ITEM: Final = {"question": "Comment ?", "asked": "nothing_to_say", "told_on": TODAY}
ACCOMPANIMENT: Final = {"state": "planned", "kind": "clinic", "at": "2026-11-30T14:30:00Z"}
OUTING: Final = {"activity": "museum", "at": "2026-11-30T14:30:00Z", "place": "Au coin", "seats": 3}
CLASSES: Final = (
    "activities",
    "committee",
    "encounters",
    "needs_and_plan",
    "own_words",
    "service_requests",
    "safe_contact",
    "identity",
    "emergency_plan",
    "meeting_name",
)


@dataclass
class Edited:
    """Something with versions that two people may write."""

    table: str
    """Where its version stands."""
    method: str
    path: Callable[[Person], str]
    """Its address for whoever writes it."""
    body: Callable[[str, int, Person], dict[str, Any]]
    """The body that is sent: these words, in the place of that version."""
    now: Callable[[], tuple[int, str]]
    """Its version and its words as they stand."""
    writers: tuple[Person, Person]
    before: Callable[[], None] = lambda: None
    """Makes it ready for the next pair."""


class Pairs:
    """A file with one of each thing that has versions, and what became of the pairs of edits."""

    def __init__(self, team: Team) -> None:
        self.team, self.pivot = team, team.pivot
        self.backup = Person(team, "pivot_worker")
        self.liaison = Person(team, "liaison", organization=ORGANIZATION)
        self.code = str(team.begin(pivot=team.pivot.id)["participant"])
        self.file = f"/participants/{self.code}"
        team.coordinator.do(f"{self.file}/assignments", {"staff": self.backup.id, "part": "backup"})
        team.agree(self.code, *CLASSES)
        lets(team, self.code, "service_requests")
        self.request: dict[str, Any] = {}
        self.seen: Counter[str] = Counter()
        self.edited = self._edited()

    def _record(self, place: str, body: dict[str, Any], words: str) -> Callable[[], tuple[int, str]]:
        id = self.pivot.do(f"{self.file}/{place}", body)["id"]
        self.ids[place] = id

        def now() -> tuple[int, str]:
            items = self.pivot.read(f"{self.file}/{place}")["items"]
            found = next(each for each in items if each["id"] == id)
            return found["version"], found[words]

        return now

    def _now(self, place: str, id: str, words: str) -> Callable[[], tuple[int, str]]:
        def now() -> tuple[int, str]:
            items = self.pivot.read(f"{self.file}/{place}")["items"]
            found = next(each for each in items if each["id"] == id)
            return found["version"], found[words]

        return now

    def _discussed(self) -> tuple[Callable[[], tuple[int, str]], str]:
        """An item on the agenda of a meeting, and a recommendation about it."""
        chair = Person(self.team, "coordinator", "committee_member")
        chair.do("/committee-seats", {"body": "clinical", "staff": chair.id, "starts": TODAY})
        meeting = chair.do("/meetings", {"body": "clinical", "at": "2026-12-03T14:00:00Z"})["id"]
        line = {"recipient": "*team", "information": "committee", "purpose": "committee", "act": "discuss"}
        given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19}
        self.pivot.do(f"{self.file}/consents", {**given, "lines": [line]})
        self.ids["agenda-items"] = self.pivot.do(f"/meetings/{meeting}/agenda", ITEM | {"participant": self.code})["id"]
        chair.do(f"/meetings/{meeting}/presence", {"staff": [chair.id]}, status=200)
        posted = {"item": 1, "what": "Une idée", "owner": chair.id, "due_on": "2026-12-10"}
        recommended = str(chair.do(f"/meetings/{meeting}/recommendations", posted)["id"])
        return self._now("agenda-items", self.ids["agenda-items"], "question"), recommended

    def _edited(self) -> dict[str, Edited]:
        self.ids: dict[str, str] = {}
        both = (self.pivot, self.backup)
        goal = {"words": "Dormir", "proposed_by": "herself"}
        encounter = self._record("encounters", {**ENCOUNTER, "note": "La première"}, "note")
        accompaniment = self._record("accompaniments", {**ACCOMPANIMENT, "what": "La carte"}, "what")
        need = self._record("needs", NEED, "met_by")
        strength = self._record("strengths", {"what": "Elle rit", "identified_by": "both"}, "what")
        goal_now = self._record("goals", goal, "words")
        outing = self.pivot.do("/activities", OUTING)["items"][0]["id"]
        invitation = self._record("activities", {"outing": outing, "how": "encounter", "expects": "Hm"}, "expects")
        item, recommended = self._discussed()

        def of(place: str) -> Callable[[Person], str]:
            return lambda _: f"{self.file}/{place}/{self.ids[place]}"

        def strength_body(words: str, version: int, _: Person) -> dict[str, Any]:
            return {"what": words, "identified_by": "both", "version": version}

        def goal_body(words: str, version: int, _: Person) -> dict[str, Any]:
            return {"words": words, "hers": True, "state": "active", "she_wants_it": True, "version": version}

        return {
            "encounter": Edited(
                "encounters", "PUT", of("encounters"),
                lambda words, version, _: {**ENCOUNTER, "note": words, "version": version}, encounter,
                (self.pivot, self.pivot),
            ),
            "accompaniment": Edited(
                "accompaniments", "PUT", of("accompaniments"),
                lambda words, version, _: {**ACCOMPANIMENT, "what": words, "version": version}, accompaniment, both,
            ),
            "invitation": Edited(
                "outing_invitations", "PUT", of("activities"),
                lambda words, version, _: {"answer": "yes", "expects": words, "version": version}, invitation, both,
            ),
            "need": Edited(
                "needs", "PUT", of("needs"),
                lambda words, version, _: {**CHANGED, "met_by": words, "version": version}, need, both,
            ),
            "strength": Edited("strengths", "PUT", of("strengths"), strength_body, strength, both),
            "goal": Edited("goals", "PUT", of("goals"), goal_body, goal_now, both),
            "emergency_plan": Edited(
                "emergency_plans", "POST", lambda _: f"{self.file}/emergency-plan",
                lambda words, version, _: {"version": version, "language": "fr-CA", "sections": {"helps": words}},
                self._plan_now, both,
            ),
            "agenda item": Edited(
                "agenda_items", "PUT", of("agenda-items"),
                lambda words, version, _: {**ITEM, "question": words, "version": version}, item, both,
            ),
            "meeting name": Edited(
                "meeting_names", "PUT", lambda _: f"{self.file}/meeting-name",
                lambda words, version, _: {"called": words, "version": version}, self._name, both,
            ),
            "recommendation": Edited(
                "recommendations", "POST", lambda _: f"{self.file}/recommendations/{recommended}/told",
                lambda words, version, _: {"on": TODAY, "told": words, "version": version},
                self._now("recommendations", recommended, "told"), both,
            ),
            "safe contact": Edited(
                "safe_contacts", "PUT", lambda _: f"{self.file}/safe-contact", self._contact_body, self._contact, both
            ),
            "identity": Edited(
                "identities", "PUT", lambda _: f"{self.file}/identity", self._identity_body, self._identity, both
            ),
            "participation": Edited(
                "participations", "POST", lambda _: f"{self.file}/participations/steps", self._step, self._state, both
            ),
            "service request": Edited(
                "service_requests", "POST", self._answer_at, self._answer, self._request_now,
                (self.pivot, self.liaison), self._ask,
            ),
        }  # fmt: skip

    @staticmethod
    def _contact_body(words: str, version: int, _: Person) -> dict[str, Any]:
        channel = {**PHONE, "value": words}
        return {"safe_contact": {"channels": [channel], "language": "fr-CA"}, "version": version}

    def _contact(self) -> tuple[int, str]:
        found = self.pivot.read(f"{self.file}/safe-contact")
        channels = found["safe_contact"]["channels"]
        return found["version"], channels[0]["value"] if channels else ""

    @staticmethod
    def _identity_body(words: str, version: int, _: Person) -> dict[str, Any]:
        return {"identity": {"chosen_name": words}, "version": version, "reason": "Elle a changé de nom"}

    def _identity(self) -> tuple[int, str]:
        found = self.pivot.do(f"{self.file}/identity", {"reason": "Pour lui écrire comme elle veut"}, status=200)
        return found["version"], found["identity"]["chosen_name"]

    def _name(self) -> tuple[int, str]:
        found = self.pivot.read(f"{self.file}/meeting-name")
        return found["version"], found["called"]

    def _step(self, words: str, version: int, _: Person) -> dict[str, Any]:
        if self._episode()["state"] == "active":
            return {"to": "paused", "reason": "her_wish", "note": words, "version": version}
        return {"to": "active", "note": words, "version": version}

    def _episode(self) -> dict[str, Any]:
        found: dict[str, Any] = self.pivot.read(f"{self.file}/participations")["participations"][0]
        return found

    def _state(self) -> tuple[int, str]:
        return self._episode()["version"], ""

    def _ask(self) -> None:
        if self.request:
            now = self.pivot.read(f"{self.file}/requests/{self.request['id']}")
            ended = {"to": "cancelled", "version": now["version"]}
            self.pivot.do(f"{self.file}/requests/{self.request['id']}/answer", ended, status=200)
        self.request = self.pivot.do(f"{self.file}/requests", REQUEST)

    def _plan_now(self) -> tuple[int, str]:
        found = self.pivot.read(f"{self.file}/emergency-plan")
        return found["version"], found["draft"]["sections"][0]["words"] if found["draft"] else ""

    def _answer_at(self, person: Person) -> str:
        start = "" if person is self.liaison else self.file
        return f"{start}/requests/{self.request['id']}/answer"

    @staticmethod
    def _answer(words: str, version: int, _: Person) -> dict[str, Any]:
        return {"to": "acknowledged", "words": words, "version": version}

    def _request_now(self) -> tuple[int, str]:
        found = self.pivot.read(f"{self.file}/requests/{self.request['id']}")
        return found["version"], found["answer"]

    def send_pair(self, name: str, chance: random.Random) -> None:
        """Sends two edits at once; AssertionError when one has written over the other, or is not shown both."""
        edited = self.edited[name]
        edited.before()
        version, _ = edited.now()
        words = [f"{chance.randrange(10**9)}", f"{chance.randrange(10**9)}"]
        bodies = [edited.body(each, version, who) for each, who in zip(words, edited.writers, strict=True)]
        order = [0, 1] if chance.random() < 0.5 else [1, 0]

        async def both() -> list[Any]:
            sending = [self._sent(edited, edited.writers[place], bodies[place]) for place in order]
            return await asyncio.gather(*sending)

        answers = dict(zip(order, self.team.world.run(both()), strict=True))
        saved = [place for place, answer in answers.items() if answer.status_code in (200, 201)]
        assert len(saved) == 1, f"{name}: {[(each.status_code, each.text) for each in answers.values()]}"
        refused = answers[1 - saved[0]]
        assert refused.status_code == 409, f"{name}: {refused.text}"
        sides = refused.json()
        assert words[1 - saved[0]] in str(sides["yours"]), f"{name}: what was refused is not given back"
        now, kept = edited.now()
        assert now == version + 1, name
        assert sides["theirs"] is not None, name
        if kept:
            assert kept == words[saved[0]], f"{name}: written over in silence"
            assert kept in str(sides["theirs"]), f"{name}: the other side is not shown"
        self.seen[f"{name} {'first' if saved[0] == order[0] else 'second'}"] += 1

    async def _sent(self, edited: Edited, person: Person, body: dict[str, Any]) -> Any:
        path = f"/t/{self.team.slug}/api{edited.path(person)}"
        return await self.team.world.http.request(edited.method, path, json=body, headers=person.headers)
