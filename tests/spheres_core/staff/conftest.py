"""Two tenants with staff, `north` and `south`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import pytest

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.testing import World as SharedWorld
from spheres_core.testing import definition

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
EMAIL: Final = "amelie.roy@exemple.ca"
PASSWORD: Final = "trois rivières au printemps"
T = TypeVar("T")


class World:
    """The world as a story of its staff needs it: stories are coroutines, as several people act at once."""

    def __init__(self, shared: SharedWorld) -> None:
        self._shared = shared
        self.wait = shared.forward
        self.browser: Callable[..., httpx.AsyncClient] = shared.make_browser
        self.renew()

    def renew(self, *plugins: str) -> None:
        """Two new tenants, with these plugins."""
        self._shared.renew(definition("north", *plugins), definition("south", *plugins), now=NOW)

    @property
    def now(self) -> dt.datetime:
        """The moment that the clock shows."""
        assert self._shared.now is not None
        return self._shared.now

    def do(self, story: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a test's story."""
        return self._shared.run(story())

    def ctx(self, slug: str = "north") -> AbstractAsyncContextManager[Context]:
        """A context with a transaction of its own, as the command line has it."""
        return self._shared.context(slug)

    async def hire(self, slug: str = "north", *, email: str = EMAIL, roles: tuple[str, ...] = ("coordinator",)) -> UUID:
        """Somebody who can sign in there with PASSWORD."""
        async with self.ctx(slug) as ctx:
            return await accounts.create_account(ctx, email, name="Amélie Roy", roles=roles, password=PASSWORD)

    async def verbs(self, slug: str = "north") -> list[str]:
        """What the trail holds, oldest first."""
        async with self.ctx(slug) as ctx:
            return [row["verb"] for row in await ctx.db.sql("SELECT verb FROM trail_entries ORDER BY id")]


@pytest.fixture
def world(shared_world: SharedWorld) -> World:
    """Two new tenants."""
    return World(shared_world)
