"""What happens each evening by itself: a reminder, and the number for a registry, where a region has one."""

from collections.abc import Sequence

from spheres_core.plugin import Context, OutsideCallFailed, call_outside, later, record

from . import beds
from .settings import Settings

EVENING = "shelter_beds.evening"
MISSING = "shelter_beds.missing"
TELL = "shelter_beds.tell_registry"
REGISTRY = "https://registry.example.org"


async def look(ctx: Context) -> None:
    if not await beds.by_organization(ctx):
        await record(ctx, MISSING, details={"night": ctx.today.isoformat()})
    if ctx.settings("shelter_beds", Settings).tell_registry:
        await later(ctx, TELL)


async def tell_registry(ctx: Context) -> None:
    own = ctx.settings("shelter_beds", Settings)
    free = {"night": ctx.today.isoformat(), "free": (await beds.free_beds(ctx)).tonight}
    headers = {"authorization": f"Bearer {own.registry_key.reveal()}"}
    answer = await call_outside(ctx, "shelter_beds", "POST", f"{REGISTRY}/beds", json=free, headers=headers)
    if answer.status >= 300:
        raise OutsideCallFailed(f"the registry answered {answer.status}")


async def report(ctx: Context) -> Sequence[str]:
    """Returns the free beds of each night as lines of a CSV file."""
    return ["night,free", *(f"{night.isoformat()},{free}" for night, free in await beds.by_night(ctx))]
