"""A region with a coordinator, pivot workers and referrals that were agreed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import access_secrets
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.queries.sessions import account_mark
from spheres_core.testing import World, definition

START: Final = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
TODAY: Final = "2026-11-23"
PASSWORD: Final = "a quiet harbour in november"
AGREEMENT: Final = {"on": TODAY, "how": "spoken", "words": "Oui, je veux essayer"}
PHONE: Final[dict[str, Any]] = {
    "channel": "phone", "value": "514-555-0101", "voicemail": True, "confirmed_on": TODAY,
    "hours": [{"days": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], "opens": "00:00", "closes": "24:00"}],
}  # fmt: skip
"""A telephone on which she can be reached at any hour."""
TO_AGREED: Final = ("in_review", "contact_planned", "in_contact", "agreed")


class Person:
    """Somebody of the staff who is signed in, and calls the API."""

    def __init__(self, team: Team, *roles: str, organization: str | None = None, name: str = "Camille Roy") -> None:
        self.team = team

        self.email = email = f"{uuid4().hex}@example.org"

        async def coming(ctx: Context) -> UUID:
            return await accounts.create_account(
                ctx, email, name=name, roles=roles, password=PASSWORD, organization=organization
            )

        self.id = str(team.act(coming))
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a session, also when the last one has ended."""

        async def signing_in(ctx: Context) -> tuple[str, str]:
            cookie = await sign_in.sign_in(ctx, self.email, PASSWORD)
            return cookie, access_secrets.csrf_token(cookie, account_mark(ctx, UUID(self.id)))

        cookie, csrf = self.team.act(signing_in)
        self.headers = {"cookie": f"spheres_{self.team.slug}={cookie}", "x-csrf-token": csrf}

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.team.world.get(f"/t/{self.team.slug}/api{path}", headers=self.headers | headers)

    def read(self, path: str, **headers: str) -> Any:
        answer = self.get(path, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = self.headers | headers
        return self.team.world.post(f"/t/{self.team.slug}/api{path}", json=body or {}, headers=sent)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self.team.world.request("PUT", f"/t/{self.team.slug}/api{path}", json=body, headers=self.headers)

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
        """She lets the team read and write these classes, and knows the limits of confidentiality."""
        lines = [{"recipient": "*team", "information": each, "purpose": "follow_up"} for each in classes]
        given = {
            "kind": "information",
            "given_on": TODAY,
            "how": "spoken",
            "giver": "herself",
            "age": 19,
            "lines": lines,
        }
        self.pivot.do(f"/participants/{code}/consents", given)
        self.pivot.do(f"/participants/{code}/limits", {"on": TODAY})

    def reach(self, code: str, *channels: dict[str, Any], version: int = 0) -> None:
        """She says how she can safely be reached."""
        body = {"safe_contact": {"channels": channels or [PHONE], "language": "fr-CA"}, "version": version}
        written = self.pivot.put(f"/participants/{code}/safe-contact", body)
        assert written.status_code == 200, written.text

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
