"""What happens each evening by itself: a reminder, and the number for a registry, which is made up, and off."""

from typing import Annotated

from msgspec import Meta, Struct

from spheres_core.plugin import Context, Secret, call_outside, later, record

from . import beds

EVENING, MISSING, TELL = "shelter_beds.evening", "shelter_beds.missing", "shelter_beds.tell_registry"


class Settings(Struct, frozen=True):
    tell_registry: Annotated[bool, Meta(title="Tell the registry each evening how many beds are free")] = False
    registry_key: Annotated[Secret, Meta(title="Key of the registry")] = Secret()


async def look(ctx: Context) -> None:
    if not await beds.by_organization(ctx):
        await record(ctx, MISSING, details={"night": ctx.today.isoformat()})
    if ctx.settings("shelter_beds", Settings).tell_registry:
        await later(ctx, TELL)


async def tell_registry(ctx: Context) -> None:
    headers = {"authorization": f"Bearer {ctx.settings('shelter_beds', Settings).registry_key.reveal()}"}
    free = {"night": ctx.today.isoformat(), "free": (await beds.free_beds(ctx)).tonight}
    place = "https://registry.example.org/beds"
    (await call_outside(ctx, "shelter_beds", "POST", place, json=free, headers=headers)).raise_for_status()
