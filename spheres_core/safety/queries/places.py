"""Reads the places and numbers of a plan from the directory as it is now: open or closed, and when it was verified."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.contact_values import contact_text
from spheres_core.partners.queries.emergency_contacts import public_lines
from spheres_core.partners.queries.matching import Match
from spheres_core.partners.schemas.directory import Hours
from spheres_core.partners.views.opening_hours_text import opening_text
from spheres_core.plans.queries.services import services_for
from spheres_core.safety.schemas.plans import PlanNumber, PlanPlace


async def places_here(ctx: Context) -> dict[str, Match]:
    """Returns by key the services where somebody could go; none of an organization that is proposed to nobody here."""
    return {
        each.service.key: each
        for each in await services_for(ctx, age=None, language="", area="")
        if not any(reason.aspect == "conflict" and reason.stands == "against" for reason in each.reasons)
    }


async def places_of(ctx: Context, keys: Sequence[str], *, on_paper: bool = False) -> list[PlanPlace]:
    """Returns the places of a plan; one that the directory has no longer stands there by its key, with nothing else.

    `on_paper`: without the line that says whether it is open now.
    """
    known = await places_here(ctx) if keys else {}
    unknown = PlanPlace("", "", "", None, [], [], None, stale=True)
    return [
        _place(ctx, known[key], on_paper=on_paper) if key in known else structs.replace(unknown, service=key, name=key)
        for key in keys
    ]


async def numbers_of(ctx: Context, community: str, *, on_paper: bool = False) -> list[PlanNumber]:
    """Returns whom to call in a community, as the public is told: no number that nobody has confirmed."""
    lines = (await public_lines(ctx, area=community)).contacts if community else ()
    return [
        PlanNumber(
            each.key, str(ctx.locale.pick(each.name)), str(ctx.locale.pick(each.purpose)),
            str(contact_text("phone", each.phone, ctx.locale.tag)), each.open_now,
            _hours(ctx, each.hours, on_paper=on_paper), each.verified_on, each.stale,
        )
        for each in lines
        if each.phone
    ]  # fmt: skip


def _place(ctx: Context, match: Match, *, on_paper: bool) -> PlanPlace:
    service = match.service
    phones = [
        str(contact_text(each.kind, each.value, ctx.locale.tag))
        for each in match.contacts
        if each.kind in ("phone", "text") and each.status != "to_confirm"
    ]
    return PlanPlace(
        service.key, str(ctx.locale.pick(service.name)), str(ctx.locale.pick(match.organization_name)),
        service.open_now, _hours(ctx, service.hours, service.time_zone, on_paper=on_paper), phones, service.verified_on,
        service.stale,
    )  # fmt: skip


def _hours(ctx: Context, hours: Sequence[Hours], time_zone: str = "", *, on_paper: bool) -> list[str]:
    said = opening_text(ctx, hours, time_zone)
    if said is None:
        return []
    first = [said.now] if said.now and not (on_paper and said.lines) else []
    return [str(each) for each in (*first, *said.lines)]
