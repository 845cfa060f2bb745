"""People of staff who are signed in, for tests of participants' files over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
from msgspec import Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import access_secrets
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.queries.sessions import account_mark
from spheres_core.testing import World

PASSWORD = "a quiet harbour in november"


class Person(Struct, frozen=True):
    """Somebody who is signed in to `north`."""

    world: World
    id: UUID
    headers: dict[str, str]

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.world.get(f"/t/north/api/participants/{path}", headers=self.headers, **values)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.world.post(f"/t/north/api/participants/{path}", json=body, headers={**self.headers, **headers})


def signed_in(world: World, name: str, *roles: str, organization: str | None = None) -> Person:
    """Adds somebody to the staff of `north` and signs her in."""

    async def adding(ctx: Context) -> Person:
        email = f"{name}@example.org"
        id = await accounts.create_account(
            ctx, email, name=name.title(), roles=list(roles), password=PASSWORD, organization=organization
        )
        cookie = await sign_in.sign_in(ctx, email, PASSWORD)
        csrf = access_secrets.csrf_token(cookie, account_mark(ctx, id))
        return Person(world, id, {"cookie": f"spheres_north={cookie}", "x-csrf-token": csrf})

    return world.act("north", adding)
