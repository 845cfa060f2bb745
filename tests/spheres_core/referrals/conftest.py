"""A region whose clock the test moves, and what a referrer and a coordinator do there."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from spheres_core.testing import World, definition

START: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)


class Office:
    """One region: refer, move, look up."""

    def __init__(self, world: World, slug: str = "north") -> None:
        self.world = world
        self.slug = slug
        world.now = START
        self.token = world.bearer(slug, "coordinator", days=366)
        self.wait, self.sql = world.forward, world.sql
        self.answers = world.example_answers(slug)
        self.tenant_id: UUID = world.loaded(slug).tenant.id

    def refer(self, **values: Any) -> tuple[str, str]:
        """Send a referral: its receipt and its id. `values` replace answers by their last name."""
        sent = self.send(**values)
        assert sent.status_code == 201, sent.text
        return sent.json()["receipt"], self.list()[0]["id"]

    def send(self, **values: Any) -> httpx.Response:
        """The same, as it was answered."""
        return self.world.refer(self.slug, _with(self.answers, values))

    def list(self, **filters: str) -> list[dict[str, Any]]:
        """What the coordinator's list shows."""
        return self.get("/api/referrals", params=filters).json()["items"]  # type: ignore[no-any-return]

    def read(self, id: str) -> dict[str, Any]:
        """One referral, opened."""
        return self.get(f"/api/referrals/{id}").json()  # type: ignore[no-any-return]

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.world.get(f"/t/{self.slug}{path}", headers=self.token, **values)

    def move(self, id: str, to: str, reason: str = "") -> httpx.Response:
        """Take a step."""
        body = {"to": to, "reason": reason}
        return self.world.post(f"/t/{self.slug}/api/referrals/{id}/transitions", json=body, headers=self.token)

    def go(self, id: str, *steps: str) -> None:
        """Take steps that are allowed."""
        for step in steps:
            moved = self.move(id, step, "because")
            assert moved.status_code == 200, moved.text

    def ask(self, receipt: str) -> str:
        """What the receipt tells."""
        asked = self.world.post(f"/t/{self.slug}/api/receipts", json={"receipt": receipt})
        assert asked.status_code == 200, asked.text
        return str(asked.json()["state"])

    def withdraw(self, receipt: str) -> httpx.Response:
        """The referrer takes it back."""
        return self.world.post(f"/t/{self.slug}/api/receipts/withdraw", json={"receipt": receipt})

    def count(self, table: str) -> int:
        """How many rows of this tenant's there are."""
        ((number,),) = self.sql(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", self.tenant_id)
        return int(number)


def _with(answers: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    left = dict(values)

    def changed(given: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for name, value in given.items():
            made[name] = changed(value) if isinstance(value, dict) else left.pop(name, value)
        return {name: value for name, value in made.items() if value is not None}

    made = changed(answers)
    for name, value in left.items():
        group, _, question = name.partition("__")
        made[group][question] = value
    return made


@pytest.fixture(scope="module")
def north_and_south(shared_world: World) -> World:
    """What a module's tests share; each has the clock set anew."""
    return shared_world.renew(
        definition("north", "quebec", "montreal"),
        definition("south", "quebec", "montreal", settings={"referrals": {"receipt_closes_after_days": 10}}),
    )


@pytest.fixture
def office(north_and_south: World) -> Office:
    """The region of the north."""
    return Office(north_and_south)
