"""People of staff who are signed in to a region, for tests of the library of tools over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
from msgspec import Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import access_secrets
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.queries.sessions import account_mark
from spheres_core.testing import World

PASSWORD = "a quiet harbour in november"


class Editor(Struct, frozen=True):
    """Somebody who is signed in to `north`."""

    world: World
    id: UUID
    headers: dict[str, str]

    def get(self, path: str) -> httpx.Response:
        return self.world.get(f"/t/north{path}", headers=self.headers)

    def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.world.post(f"/t/north{path}", json=body, headers=self.headers, **more)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self.world.request("PUT", f"/t/north{path}", json=body, headers=self.headers)

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Posts a form as a browser does."""
        fields["_csrf"] = self.headers["x-csrf-token"]
        headers = {"cookie": self.headers["cookie"]}
        return self.world.post(f"/t/north{path}", data=fields, headers=headers)


def editor(world: World, *roles: str) -> Editor:
    """Adds somebody to the staff of `north` and signs them in."""
    email = f"{uuid4().hex}@example.org"

    async def adding(ctx: Context) -> Editor:
        id = await accounts.create_account(ctx, email, name="Camille Exemple", roles=list(roles), password=PASSWORD)
        cookie = await sign_in.sign_in(ctx, email, PASSWORD)
        csrf = access_secrets.csrf_token(cookie, account_mark(ctx, id))
        return Editor(world, id, {"cookie": f"spheres_north={cookie}", "x-csrf-token": csrf})

    return world.act("north", adding)
