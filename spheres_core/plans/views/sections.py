"""Sections of a participant's file: the first page of each; the others are at routes of their own."""

from __future__ import annotations

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries import cycle, goals, needs, requests
from spheres_core.plans.schemas.cycle import CycleStage
from spheres_core.plans.schemas.goals import Goal
from spheres_core.plans.schemas.needs import Need, Strength
from spheres_core.plans.schemas.requests import ServiceRequest


async def read_strengths(ctx: Context, access: ParticipantAccess) -> Page[Strength]:
    """Returns the last of her strengths."""
    return await needs.list_strengths(ctx, access)


async def read_needs(ctx: Context, access: ParticipantAccess) -> Page[Need]:
    """Returns the last of her needs."""
    return await needs.list_needs(ctx, access)


async def read_goals(ctx: Context, access: ParticipantAccess) -> Page[Goal]:
    """Returns the last of her goals."""
    return await goals.list_goals(ctx, access)


async def read_cycle_stages(ctx: Context, access: ParticipantAccess) -> Page[CycleStage]:
    """Returns the last observations of her stage in the cycle."""
    return await cycle.list_cycle_stages(ctx, access)


async def read_requests(ctx: Context, access: ParticipantAccess) -> Page[ServiceRequest]:
    """Returns the last services that were asked for."""
    return await requests.list_requests(ctx, access)
