"""A region with a coordinator, pivot workers and referrals that were agreed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import participants as participant_queries
from spheres_core.staff import access_secrets
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.queries.sessions import account_mark
from spheres_core.testing import World, definition

START: Final = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
TODAY: Final = "2026-11-23"
PASSWORD: Final = "a quiet harbour in november"
AGREEMENT: Final = {"on": TODAY, "how": "spoken", "words": "Oui, je veux essayer"}
TO_AGREED: Final = ("in_review", "contact_planned", "in_contact", "agreed")


class Person:
    """Somebody of the staff who is signed in, and calls the API."""

    def __init__(self, team: Team, *roles: str, organization: str | None = None) -> None:
        self.team = team

        async def signing_in(ctx: Context) -> tuple[UUID, str, str]:
            email = f"{uuid4().hex}@example.org"
            id = await accounts.create_account(
                ctx, email, name="Camille Roy", roles=roles, password=PASSWORD, organization=organization
            )
            cookie = await sign_in.sign_in(ctx, email, PASSWORD)
            return id, cookie, access_secrets.csrf_token(cookie, account_mark(ctx, id))

        id, cookie, csrf = team.act(signing_in)
        self.id = str(id)
        self.headers = {"cookie": f"spheres_{team.slug}={cookie}", "x-csrf-token": csrf}

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.team.world.get(f"/t/{self.team.slug}/api{path}", headers=self.headers, **values)

    def read(self, path: str, **values: Any) -> Any:
        answer = self.get(path, **values)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = self.headers | headers
        return self.team.world.post(f"/t/{self.team.slug}/api{path}", json=body or {}, headers=sent)

    def do(self, path: str, body: Any = None, *, status: int = 201) -> Any:
        answer = self.post(path, body)
        assert answer.status_code == status, answer.text
        return answer.json()


class Team:
    """One region."""

    def __init__(self, world: World, slug: str) -> None:
        self.world, self.slug = world, slug
        self.answers = world.example_answers(slug)
        self.tenant: UUID = world.loaded(slug).tenant.id
        self.coordinator = Person(self, "coordinator")
        self.pivot = Person(self, "pivot_worker")

    def act(self, story: Callable[[Context], Awaitable[Any]]) -> Any:
        return self.world.act(self.slug, story)

    def refer(self, *steps: str) -> tuple[str, str]:
        """A referral that took these steps: its receipt and its id."""
        sent = self.world.refer(self.slug, self.answers)
        assert sent.status_code == 201, sent.text
        id = self.coordinator.read("/referrals")["items"][0]["id"]
        for step in steps:
            self.coordinator.do(f"/referrals/{id}/transitions", {"to": step, "reason": "because"}, status=200)
        return sent.json()["receipt"], id

    def begin(self, **body: Any) -> dict[str, Any]:
        """A participation that was just begun."""
        _, referral = self.refer(*TO_AGREED)
        posted = {"agreement": AGREEMENT, **body}
        return self.coordinator.do(f"/referrals/{referral}/participation", posted)  # type: ignore[no-any-return]

    def agree(self, code: str, *classes: str) -> None:
        """She lets the team read and write these classes."""
        lines = tuple(ConsentLine(TEAM, each, "follow_up") for each in classes)

        async def giving(ctx: Context) -> None:
            async with as_system(ctx):
                known = await participant_queries.known_by(ctx, code)
                assert known is not None
                given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines)
                await ledger.give_consent(ctx, known.id, given)

        self.act(giving)

    def count(self, table: str) -> int:
        ((number,),) = self.world.sql(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", self.tenant)
        return int(number)


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    return shared_world.renew(
        definition("north", "quebec", "montreal"), definition("south", "quebec", "montreal"), now=START
    )


@pytest.fixture
def team(region: World) -> Team:
    region.now = START
    return Team(region, "north")
