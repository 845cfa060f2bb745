"""Three regions of one server: two that pass files to each other, and one that takes none from the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from spheres_core.audit.events import delivery
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import START, TODAY, Person, Team
from tests.spheres_core.participants.conftest import key_file

__all__ = ["key_file"]

CLASSES: Final = ("needs_and_plan", "stages", "encounters", "legal", "own_words", "safe_contact", "emergency_plan")
WORDS: Final = {
    "strength": "zqstrengthzq",
    "need": "zqneedzq",
    "need_hers": "zqneedherszq",
    "asked": "zqaskedzq",
    "asked_hers": "zqaskedherszq",
    "goal": "zqgoalzq",
    "goal_asked": "zqgoalaskedzq",
    "goal_asked_hers": "zqgoalaskedherszq",
    "stage": "zqstagezq",
    "date": "zqdatezq",
    "note": "zqnotezq",
    "note_hers": "zqnoteherszq",
    "note_asked": "zqnoteaskedzq",
    "note_asked_hers": "zqnoteaskedherszq",
    "papers": "zqpaperszq",
    "papers_hers": "zqpapersherszq",
    "court": "zqcourtzq",
    "court_hers": "zqcourtherszq",
    "contact": "514-555-0142",
    "emergency": "zqemergencyzq",
    "trusted": "zqtrustedzq",
}
NEVER_ALONG: Final = "zqdecidedzq"
"""The reason of a reporting decision, which is for the team alone, and a draft to which she has not agreed."""
OF_CLASS: Final = {
    "needs_and_plan": {"strength", "need", "asked", "goal", "goal_asked", "date"},
    "stages": {"stage"},
    "encounters": {"note", "note_asked", "papers"},
    "legal": {"court"},
    "own_words": {
        "need_hers",
        "asked_hers",
        "goal_asked_hers",
        "note_hers",
        "note_asked_hers",
        "papers_hers",
        "court_hers",
    },
    "safe_contact": {"contact"},
    "emergency_plan": {"emergency", "trusted"},
}
"""The words that belong to each class."""


def ask_extra_questions(world: World, slug: str, kind: str) -> None:
    """Lets a region ask two questions in the form of a record: one of the worker, one for her own words."""
    forms, key = f"/t/{slug}/api/admin/forms", f"on_{kind}"
    editor = world.bearer(slug, "administrator")
    assert world.post(f"{forms}/drafts", json={"key": key, "start": "empty"}, headers=editor).is_success
    survey = [
        {"cells": {"type": "text", "name": name, "meaning": meaning, "label::fr": name, "label::en": name}}
        for name, meaning in (("ours", ""), ("hers", "her_words"))
    ]
    titles = {f"form_title::{tag}": "Extra" for tag in ("fr", "en")}
    rows = {"revision": 0, "languages": ["fr", "en"], "settings": titles, "survey": survey, "choices": []}
    written = world.request("PUT", f"{forms}/{key}/draft", json=rows, headers=editor).json()
    published = world.post(f"{forms}/{key}/publication", json={"revision": written["revision"]}, headers=editor)
    assert published.is_success, published.text


class Transferring(Team):
    """A region whose pivot worker follows somebody who could go on elsewhere."""

    def __init__(self, world: World, slug: str) -> None:
        super().__init__(world, slug)
        self.pivot = Person(self, "pivot_worker", name="Zoé Quirion")

    def file(self, *classes: str) -> str:
        """Somebody who is followed here, with words in each class."""
        code = str(self.begin(pivot=self.pivot.id)["participant"])
        self.agree(code, *(classes or CLASSES))
        self.reach(code, {
            "channel": "phone", "value": WORDS["contact"], "confirmed_on": TODAY,
            "hours": [{"days": ["MO"], "opens": "09:00", "closes": "12:00"}],
        })  # fmt: skip
        at = f"/participants/{code}"
        self.pivot.do(f"{at}/needs", {
            "need": self.need, "identified_by": "herself", "what": WORDS["need"], "her_words": WORDS["need_hers"],
            "strength": WORDS["strength"], "extra": self._extra("need", "asked"),
        })  # fmt: skip
        goal = self.pivot.do(f"{at}/goals", {
            "words": WORDS["goal"], "proposed_by": "herself", "extra": self._extra("goal", "goal_asked"),
        })["id"]  # fmt: skip
        self.pivot.do(f"{at}/goals/{goal}/stages", {"placed_by": "worker", "importance": 7, "note": WORDS["stage"]})
        self.pivot.do(f"{at}/dates", {"kind": "court", "on": "2027-01-12", "repeats": "never", "note": WORDS["date"]})
        self.pivot.do(f"{at}/encounters", {
            "state": "held", "kind": "in_person", "at": "2026-11-22T15:00:00Z", "note": WORDS["note"],
            "her_words": WORDS["note_hers"], "extra": self._extra("encounter", "note_asked"),
        })  # fmt: skip
        for kind, name in (("papers", "papers"), ("court", "court")):
            self.pivot.do(f"{at}/accompaniments", {
                "kind": kind, "at": "2026-11-21T15:00:00Z", "state": "held", "what": WORDS[name], "wish": "nearby",
                "how_it_went": WORDS[f"{name}_hers"],
            })  # fmt: skip
        self.pivot.do(f"{at}/accompaniments", {
            "kind": "peer_meeting", "at": "2026-11-21T16:00:00Z", "state": "held", "agreed": ["herself", "other_side"],
            "what": NEVER_ALONG, "first_name": NEVER_ALONG,
        })  # fmt: skip
        plan = {"version": 0, "language": "fr-CA", "sections": {"helps": WORDS["emergency"]},
                "people": [{"name": WORDS["trusted"]}]}  # fmt: skip
        self.pivot.do(f"{at}/emergency-plan", plan)
        self.pivot.do(f"{at}/emergency-plan/agree", {"version": 1}, status=200)
        self.pivot.do(f"{at}/emergency-plan", plan | {"version": 1, "sections": {"helps": NEVER_ALONG}})
        self.pivot.do(f"{at}/reporting-decisions", {
            "decision": "not_reported", "recipient": "police", "told": "before", "decided_on": TODAY,
            "reason": NEVER_ALONG,
        })  # fmt: skip
        return code

    def _extra(self, kind: str, name: str) -> dict[str, Any]:
        return {f"on_{kind}": {"answers": {"ours": WORDS[name], "hers": WORDS[f"{name}_hers"]}}}

    @property
    def need(self) -> str:
        return "housing"

    def asked(self, region: str, *classes: str, **more: Any) -> dict[str, Any]:
        """What is spoken about with her."""
        agreement = {"on": TODAY, "how": "spoken", "words": "zqyeszq"}
        return {"region": region, "agreement": agreement, "age": 19, "classes": list(classes), **more}

    def preview(self, code: str, asked: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = self.pivot.do(f"/participants/{code}/transfers/preview", asked, status=200)
        return made

    def offer(self, code: str, region: str, *classes: str, **more: Any) -> dict[str, Any]:
        """A transfer that was previewed and offered."""
        asked = self.asked(region, *classes, **more)
        seen = self.preview(code, asked)["digest"]
        made: dict[str, Any] = self.pivot.do(f"/participants/{code}/transfers", {**asked, "seen": seen})
        return made

    def state(self, code: str) -> str:
        found = self.coordinator.read(f"/participants/{code}")["classes"]["participation"]["participations"]
        return str(found["participations"][0]["state"])

    def received(self) -> dict[str, Any]:
        """The transfer that was received last."""
        found: dict[str, Any] = self.coordinator.read("/transfers")["items"][0]
        return found

    def accept(self, status: int = 200) -> dict[str, Any]:
        waits = self.received()
        done: dict[str, Any] = self.coordinator.do(
            f"/transfers/{waits['id']}/accept", {"version": waits["version"]}, status=status
        )
        return done

    def cross(self) -> None:
        """Sends what waits to be sent to other regions, as the worker does."""
        known = self.world.loaded(self.slug).plugins.verbs
        verbs = [verb for verb, each in known.items() if each.cross]

        async def owed(ctx: Context) -> list[UUID]:
            found = await ctx.db.sql(
                "SELECT id FROM trail_entries e WHERE verb = ANY($1) AND NOT EXISTS (SELECT FROM deliveries d"
                " WHERE d.entry_id = e.id AND d.done_at IS NOT NULL) ORDER BY id", verbs,
            )  # fmt: skip
            return [row[0] for row in found]

        for entry in self.act(owed):
            self.world.run(delivery.deliver(self.world.runtime, self.slug, entry))


Regions = tuple[Transferring, Transferring]


@pytest.fixture(scope="module")
def regions_of_module(shared_world: World, key_file: Path) -> Regions:
    def exchanging(slug: str, *others: str) -> Any:
        return definition(slug, "quebec", "montreal", settings={"transfers": {"regions": list(others)}})

    world = shared_world.renew(
        exchanging("north", "south", "east", "nowhere"), exchanging("south", "north"), exchanging("east"), now=START
    )
    for slug in ("north", "south"):
        for kind in ("encounter", "goal", "need"):
            ask_extra_questions(world, slug, kind)
    return Transferring(world, "north"), Transferring(world, "south")


@pytest.fixture
def regions(regions_of_module: Regions) -> Regions:
    """The two regions' people, on the first day, with nothing under way."""
    for region in regions_of_module:
        region.world.now = START
        for person in (region.coordinator, region.pivot):
            person.sign_in()
        region.cross()
    return regions_of_module


@pytest.fixture
def later(regions: Regions) -> Callable[[dt.timedelta], None]:
    """Lets time go on, and everybody sign in again."""

    def go_on(span: dt.timedelta) -> None:
        for region in regions:
            region.world.now = START + span
            for person in (region.coordinator, region.pivot):
                person.sign_in()

    return go_on
