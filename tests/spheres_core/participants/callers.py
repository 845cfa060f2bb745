"""Members of staff who sign in and call the API, and participants with whom they have to do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

import httpx

from spheres_core.consents.operations import ledger, standings
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.consents.schemas import TEAM, Act, Purpose, StandingKind
from spheres_core.facts import AgeRange
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import participants
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.staff import access_secrets
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.queries.sessions import account_mark
from spheres_core.testing import World

PASSWORD: Final = "a quiet harbour in november"
TEST_CLASSES: Final = ("participation", "safe_contact", "identity")


class Caller:
    """A member of staff who is signed in."""

    def __init__(self, world: World, email: str, *roles: str, slug: str = "north", organization: str = "") -> None:
        self._world, self._slug, self._email = world, slug, email

        async def add(ctx: Context) -> UUID:
            id = await accounts.create_account(ctx, email, name=email, roles=list(roles), password=PASSWORD)
            if organization:
                await ctx.db.sql("UPDATE staff SET organization = $1 WHERE id = $2", organization, id)
            return id

        self.id = world.act(slug, add)
        self.sign_in()

    def sign_in(self) -> None:
        """Signs in, again after the world's clock went on."""

        async def enter(ctx: Context) -> tuple[str, str]:
            cookie = await sign_in.sign_in(ctx, self._email, PASSWORD)
            return cookie, access_secrets.csrf_token(cookie, account_mark(ctx, self.id))

        cookie, csrf = self._world.act(self._slug, enter)
        named = f"spheres_{self._slug}={cookie}"
        self._headers = {"cookie": named, "x-csrf-token": csrf, "accept-language": "en"}

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        headers = {**self._headers, **values.pop("headers", {})}
        return self._world.request(method, f"/t/{self._slug}/api/{path}", headers=headers, **values)

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.request("GET", path, **values)

    def post(self, path: str, **values: Any) -> httpx.Response:
        return self.request("POST", path, **values)

    def put(self, path: str, **values: Any) -> httpx.Response:
        return self.request("PUT", path, **values)

    def page(self, path: str, **values: Any) -> httpx.Response:
        """Opens a page in English."""
        return self._world.request("GET", f"/t/{self._slug}/en/{path}", headers=self._headers, **values)

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Sends a form as a browser does; a list is sent once for each of its values."""
        return self._world.request("POST", f"/t/{self._slug}/en/{path}", headers=self._headers, data=fields)


def add_participant(world: World, *, slug: str = "north") -> NewParticipant:
    """Adds a participant with whom nobody has to do."""

    async def adding(ctx: Context) -> NewParticipant:
        await read_as_system(ctx)
        return await participants.add_participant(ctx)

    return world.act(slug, adding)


def assign(
    world: World,
    caller: Caller,
    her: NewParticipant,
    *,
    classes: Collection[str] = TEST_CLASSES,
    acts: Collection[Act] = ("read", "write"),
    kind: StandingKind = "assignment",
    purpose: Purpose = "follow_up",
    slug: str = "north",
    **more: Any,
) -> tuple[str, UUID]:
    """Gives somebody a standing to her; returns the act that opened it."""
    opened_by = ("assignment", uuid7())

    async def opening(ctx: Context) -> None:
        await standings.open_standing(
            ctx, her.id, kind, recipient=TEAM, classes=classes, acts=acts, purpose=purpose, opened_by=opened_by,
            staff=caller.id, **more,
        )  # fmt: skip

    world.act(slug, opening)
    return opened_by


def agree(
    world: World,
    her: NewParticipant,
    *,
    classes: Collection[str] = TEST_CLASSES,
    purpose: Purpose = "follow_up",
    slug: str = "north",
) -> UUID:
    """Records that she agrees to these classes for the team; returns the consent."""

    async def giving(ctx: Context) -> UUID:
        lines = tuple(ConsentLine(TEAM, each, purpose) for each in classes)
        given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines)
        return (await ledger.give_consent(ctx, her.id, given)).id

    return world.act(slug, giving)
