"""Who sits in the committees, and the forms to plan a meeting and to give a seat."""

from __future__ import annotations

from typing import Any

from spheres_core.committee.permissions import MEET
from spheres_core.committee.queries import seats
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.views.form_fields import FormField, filled, refused
from spheres_core.staff.queries.members import list_members


async def seats_page(ctx: Context, *, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `committee/seats.html` shows."""
    say, names = ctx.locale.say, await organization_names(ctx)
    found = (await seats.list_seats(ctx)).items
    able = [
        each for each in await list_members(ctx) if each.active and ctx.plugins.permits(frozenset(each.roles), MEET)
    ]
    seated = [(str(each.id), Text(each.name, ctx.locale.language)) for each in found]
    members = [(str(each.id), Text(each.name, ctx.locale.language)) for each in able]
    fields = [
        FormField("choose", "body", say(msg("Which committee")), options=bodies(ctx)),
        FormField("choose", "staff", say(msg("Who")), options=members),
        FormField("line", "starts", say(msg("First day")), ctx.today.isoformat(), hint=say(msg("Such as 2026-03-31"))),
        FormField("line", "ends", say(msg("Last day, where one is known"))),
        FormField("choose", "substitute_for", say(msg("As the substitute of")),
                  options=[("", say(msg("Nobody: a seat of her own"))), *seated]),
    ]  # fmt: skip
    return {
        "title": say(msg("Who sits in the committees")),
        "seats": [
            {
                "id": each.id,
                "name": each.name,
                "body": dict(bodies(ctx)).get(each.body, each.body),
                "organization": ctx.locale.pick(names[each.organization]) if each.organization in names else "",
                "starts": each.starts,
                "ends": each.ends,
                "substitute": each.substitute_for is not None,
            }
            for each in found
        ],
        "fields": filled(fields, sent) if sent is not None else fields,
        "today": ctx.today,
    } | refused(ctx, sent, refusal, fields)


def plan_form(ctx: Context, *, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `committee/plan.html` shows."""
    say = ctx.locale.say
    fields = [
        FormField("choose", "body", say(msg("Which committee")), options=bodies(ctx)),
        FormField("line", "day", say(msg("Day")), hint=say(msg("Such as 2026-03-31"))),
        FormField("line", "hour", say(msg("Hour")), hint=say(msg("Such as 13:30"))),
        FormField("line", "place", say(msg("Where"))),
    ]
    return {
        "title": say(msg("Plan a meeting")),
        "fields": filled(fields, sent) if sent is not None else fields,
    } | refused(ctx, sent, refusal, fields)


def bodies(ctx: Context) -> list[tuple[str, Any]]:
    """Returns the committees of this region as options."""
    return [
        (key, ctx.locale.say(each.title) if isinstance(each.title, Message) else ctx.locale.pick(each.title))
        for key, each in ctx.plugins.bodies.items()
    ]
