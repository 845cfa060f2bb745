"""Somebody on the staff whose telephone gets her messages."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from spheres_core.foundation.tenancy.context import Actor
from spheres_core.staff.operations import accounts, own_number
from spheres_core.staff.queries.own_number import number_of
from spheres_core.testing import World
from spheres_core.testing.region_api import Region

PASSWORD: Final = "trois rivières au printemps"
NUMBER: Final = "+15145550100"


def somebody_with_a_number(world: World, slug: str, *, role: str = "coordinator") -> UUID:
    """Opens an account that gets messages, gives its telephone a code by the gateway, and types it back."""
    who: UUID = world.act(slug, lambda ctx: accounts.create_account(
        ctx, f"{role}@{slug}.example", name="Amélie Roy", roles=(role,), password=PASSWORD,
        chooses_referral_mail=True,
    ))  # fmt: skip
    act(world, slug, who, lambda ctx: own_number.give_number(ctx, "514 555-0100"))
    Region(world, slug).deliver()
    found: Any = world.act(slug, lambda ctx: number_of(ctx, who))
    act(world, slug, who, lambda ctx: own_number.confirm_number(ctx, found.code))
    return who


def act(world: World, slug: str, who: UUID, story: Any) -> Any:
    """Does something as this person."""
    return world.act(slug, story, actor=Actor("staff", who))


def owed(world: World, kind: str) -> list[tuple[UUID, UUID]]:
    """Entries of text messages with this notice, and to whom."""
    return [
        (entry, who)
        for entry, who in world.sql(
            "SELECT id, subject_id FROM trail_entries WHERE verb = 'text_message.due' AND details->>'notice' = %s"
            " ORDER BY id", kind,
        )
    ]  # fmt: skip
