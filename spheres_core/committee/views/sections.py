"""Sections of a participant's file: the first page of each; the others are at routes of their own."""

from __future__ import annotations

from spheres_core.committee.queries import her_items, recommendations
from spheres_core.committee.schemas.agenda import Item
from spheres_core.committee.schemas.recommendations import HerRecommendation
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.participants.schemas.files import ParticipantAccess


async def read_items(ctx: Context, access: ParticipantAccess) -> Page[Item]:
    """Returns what committees had on their agendas of her, for her team."""
    return await her_items.list_items(ctx, access)


async def read_recommendations(ctx: Context, access: ParticipantAccess) -> Page[HerRecommendation]:
    """Returns what committees recommended about her, for her team."""
    return await recommendations.list_hers(ctx, access)
