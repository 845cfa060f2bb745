"""Somebody of a police partner, with every role that partners have, finds nothing about anybody by any route."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from copy import copy
from typing import Any, Final
from uuid import UUID

import pytest
from litestar.routes import HTTPRoute

from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.schemas import CLASSES, TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.staff.operations import tokens
from spheres_core.staff.queries.members import list_members
from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import Team
from tests.spheres_core.participants.callers import Caller, add_participant, assign

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
CANARY: Final = "Une phrase à elle que personne d’autre ne lit"
ROLES_OF_PARTNERS: Final = ("liaison", "committee_member", "clinical_support")
POLICE: Final = "spvm"
ASKED_FOR: Final[tuple[dict[str, Any], ...]] = (
    {"kind": "peer_meeting", "agreed": ["herself", "other_side"], "first_name": "Aurorequin"},
    {"kind": "police", "agreed": ["herself"]},
)
"""Accompaniments by a peer and by the police, each with the yes that it needs."""
NOBODY: Final = UUID(int=7)


class Walk:
    """A region with somebody whose worker may read everything, and somebody of the police."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker", "coordinator")
        self.police = Caller(world, "police@example.org", *ROLES_OF_PARTNERS, organization=POLICE)
        self.her: NewParticipant = add_participant(world)
        assign(world, self.pivot, self.her, classes=tuple(CLASSES))
        world.act("north", self._agree)

    async def _agree(self, ctx: Context) -> None:
        lines = tuple(ConsentLine(TEAM, each, "follow_up") for each in CLASSES)
        given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines, CANARY)
        self.consent = (await ledger.give_consent(ctx, self.her.id, given)).id

    def accompanied(self) -> list[Walk]:
        """Returns walks past somebody's meeting with a peer, and past the police for which she asked herself."""
        team, walks = Team(self.world, "north"), []
        code = str(team.begin(pivot=team.pivot.id)["participant"])
        team.agree(code, "encounters", "own_words", "legal")
        for each in ASKED_FOR:
            posted = each | {"at": "2026-12-02T14:00:00-05:00", "what": CANARY, "wish_words": CANARY}
            made = team.pivot.do(f"/participants/{code}/accompaniments", posted)
            ((id,),) = self.world.sql("SELECT participant_id FROM accompaniments WHERE id = %s", made["id"])
            assert CANARY in team.pivot.get(f"/participants/{code}/accompaniments/{made['id']}").text, "the control"
            walks.append(copy(self))
            walks[-1].her, walks[-1].consent = NewParticipant(id, code), UUID(made["id"])
        return walks

    async def token(self, ctx: Context) -> str:
        """A token with which a program asks for somebody of the police."""
        found = {each.id: each for each in await list_members(ctx)}
        return await tokens.create_token_of(ctx, found[self.police.id], label="Police")

    def paths(self, method: str) -> Iterator[str]:
        """Every address of the region's app for a method, with her code and her consent where one is asked for."""
        for route in self.world.loaded("north").plugins.app.routes:
            if isinstance(route, HTTPRoute) and method in route.methods:
                path = _filled(route.path.replace("{language:str}", "en"), self.her.code, self.consent)
                yield path.removeprefix("/api") if path.startswith("/api/") else f"..{path}"

    def found_by(self, caller: Caller, *methods: str, below: str = "") -> set[str]:
        """The addresses whose answers tell the caller anything of her. `below`: only of those that begin so."""
        found = set()
        asked = [(method, path) for method in methods for path in self.paths(method) if path.startswith(below)]
        for method, path in asked:
            if "sign-out" in path or "account" in path:
                continue
            body = {} if method == "GET" else {"json": {"text": self.her.code}}
            answer = caller.request(method, path.lstrip("/"), **body)
            assert answer.status_code < 500, (path, answer.text[:200])
            said = answer.text.replace(path, "")
            hers = (self.her.code, CANARY, str(self.her.id), "Aurorequin")
            if answer.status_code < 300 and any(each in said for each in hers):
                found.add(path)
        return found


def _filled(path: str, code: str, consent: UUID) -> str:
    path = path.replace("{participant:str}", code)
    return re.sub(r"\{\w+:str\}", "x", re.sub(r"\{\w+:uuid\}", str(consent), path))


@pytest.fixture(scope="module")
def walk(shared_world: World) -> Walk:
    return Walk(shared_world.renew(definition("north", "quebec", "montreal"), now=NOW))


def test_no_route_tells_the_police_of_her_and_many_tell_her_worker(walk: Walk) -> None:
    assert walk.found_by(walk.police, "GET", "POST", "PUT", "DELETE") == set()
    control = walk.found_by(walk.pivot, "GET", below="../en/staff/participants")
    assert len(control) >= 10, "a walk that finds nothing here would prove nothing"


def test_the_police_search_and_list_nobody(walk: Walk) -> None:
    assert walk.police.get("participants").json()["items"] == []
    for path in walk.paths("POST"):
        if "search" in path:
            assert walk.police.post(path.lstrip("/"), json={"text": walk.her.code}).status_code in (403, 404), path
    for purpose in ("service", "committee", "emergency", "oversight"):
        assert walk.police.get(f"participants/{walk.her.code}?purpose={purpose}").status_code == 404
    unknown = walk.police.get("participants/AAAA-AAAA-AAAA")
    assert walk.police.get(f"participants/{walk.her.code}").text == unknown.text


def test_a_consent_alone_opens_nothing_to_the_police(walk: Walk) -> None:
    async def agree(ctx: Context) -> Any:
        lines = (ConsentLine(POLICE, "participation", "service"),)
        given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines)
        return (await ledger.give_consent(ctx, walk.her.id, given)).id

    consent = walk.world.act("north", agree)
    assert walk.police.get(f"participants/{walk.her.code}?purpose=service").status_code == 404
    walk.world.act("north", lambda ctx: ledger.withdraw_consent(ctx, walk.her.id, consent))


def test_a_meeting_with_a_peer_and_her_asking_for_the_police_tell_the_police_nothing(walk: Walk) -> None:
    """Neither their account nor a token of theirs, by any route that bears her code or the accompaniment's id."""
    token = {"authorization": f"Bearer {walk.world.act('north', walk.token)}", "cookie": ""}
    for each in walk.accompanied():
        for below in ("/participants", "/my-day", "/accompaniment", "../en/staff"):
            assert each.found_by(walk.police, "GET", below=below) == set()
        start = f"participants/{each.her.code}"
        for path in (start, f"{start}/accompaniments", f"{start}/accompaniments/{each.consent}", f"{start}/timeline"):
            answer = walk.police.get(path, headers=token)
            assert answer.status_code in (403, 404), path
            assert not any(hers in answer.text for hers in (CANARY, "Aurorequin"))
        assert each.her.code not in walk.police.get("participants", headers=token).text
