"""Finds her safety net: the plan to which she agreed and the services that she has, as they are at this moment."""

from __future__ import annotations

from typing import Final, TypeVar

from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries import requests
from spheres_core.plans.schemas.requests import RequestState
from spheres_core.safety.queries.places import places_of
from spheres_core.safety.queries.plans import read_plans
from spheres_core.safety.schemas.net import SafetyNet
from spheres_core.safety.schemas.plans import EmergencyPlan, PlanNumber, PlanPlace

T = TypeVar("T", PlanPlace, PlanNumber)
GIVEN: Final[tuple[RequestState, ...]] = ("accepted", "in_service")
"""States of a request in which the service is there for her."""
MOST: Final = 50


async def read_net(ctx: Context, file: ParticipantAccess) -> SafetyNet:
    """Returns her safety net, and writes to the trail what was shown. Raises `ParticipantUnknown`."""
    return await net_of(ctx, file, (await read_plans(ctx, file)).agreed)


async def net_of(ctx: Context, file: ParticipantAccess, plan: EmergencyPlan | None) -> SafetyNet:
    """Returns her safety net by a plan that was read; of services, those that the reader may know of."""
    places = plan.places if plan else []
    known = {each.service for each in places}
    services = await places_of(ctx, [each for each in await _services(ctx, file) if each not in known])
    return SafetyNet(
        at=ctx.now, people=plan.people if plan else [], places=_open_first(places), services=_open_first(services),
        numbers=_open_first(plan.numbers if plan else []),
    )  # fmt: skip


async def _services(ctx: Context, file: ParticipantAccess) -> list[str]:
    if not reaches(ctx, file, requests.CLASS):
        return []
    of = {"participant": file.id, "of_organization": file.decided.recipient, **file.reader}
    found = [each for each in await ctx.db.all(requests.LIST, before=LATEST, limit=MOST, **of) if each.state in GIVEN]
    await audit.record(
        ctx, "service_requests.read", subject=("participant", file.id), shown=[each.id for each in found]
    )
    return list(dict.fromkeys(each.service for each in found))


def _open_first(found: list[T]) -> list[T]:
    return sorted(found, key=lambda each: (True, None, False).index(each.open_now))
