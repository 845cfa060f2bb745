"""A region whose clock the test moves, and what a referrer and a coordinator do there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import httpx
import psycopg
import pytest

from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.staff.operations import tokens
from spheres_core.testing import World, definition, world_maker

START: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)


class Office:
    """One region: refer, move, look up."""

    def __init__(self, world: World, slug: str = "north") -> None:
        self.world = world
        self.slug = slug
        world.now = START
        text = world.act(slug, lambda ctx: tokens.create_token(ctx, roles=("coordinator",), label="a year", days=366))
        self.token = {"Authorization": f"Bearer {text}"}
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

    def wait(self, **time: float) -> None:
        """Let time pass."""
        assert self.world.now is not None
        self.world.now += dt.timedelta(**time)

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, past all walls."""
        with psycopg.connect(self.world.urls.needed("owner")) as db:
            found = db.execute(query, values or None)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []

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
def shared_house(cluster: Cluster, machine: Machine, migrated: str) -> Iterator[World]:
    """One world for a module's tests; each test has a region's clock set anew."""
    makers = world_maker(cluster, machine, migrated)
    yield next(makers)(
        definition("north", "quebec", "montreal"),
        definition("south", "quebec", "montreal", settings={"referrals": {"receipt_closes_after_days": 10}}),
    )
    next(makers, None)


@pytest.fixture
def office(shared_house: World) -> Office:
    """The region of the north."""
    return Office(shared_house)
