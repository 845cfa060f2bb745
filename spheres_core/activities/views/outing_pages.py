"""Outings on pages: the list, one with those of whom the reader may know, its forms, and the sums of seasons."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.activities.permissions import BUDGET
from spheres_core.activities.queries import budget
from spheres_core.activities.queries import outings as queries
from spheres_core.activities.queries.outings import When
from spheres_core.activities.schemas.outings import Outing, OutingListed
from spheres_core.activities.views.outing_form import budget_fields, outing_fields
from spheres_core.activities.views.wording import answer_tag, name_of, say_season, state_tag
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.catalogue import listed
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.views.form_fields import label_of, refused


class OutingLine(Struct, frozen=True):
    """An outing in the list."""

    id: UUID
    name: Text | str
    at: dt.datetime
    place: str
    state: dict[str, str]
    weekly: bool


class SeatShown(Struct, frozen=True):
    """Somebody who was asked, of whom the reader may know."""

    code: str
    invitation: UUID
    answer: dict[str, str]
    holds: bool
    came: bool


async def list_page(ctx: Context, *, when: When, cursor: str) -> dict[str, Any]:
    """Returns what `activities/list.html` shows."""
    page = await queries.list_outings(ctx, when=when, cursor=cursor)
    return {
        "title": ctx.locale.say(msg("Activities")),
        "when": when,
        "outings": [_line(ctx, each) for each in page.items],
        "next_url": f"?when={when}&cursor={page.next}" if page.next else "",
        "back_url": f"?when={when}" if cursor else "",
        "sees_budget": ctx.may(BUDGET),
    }


async def outing_page(
    ctx: Context, id: UUID, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `activities/outing.html` shows. `refusal`: why what was `sent` of its budget was not kept."""
    found = await queries.read_outing(ctx, id)
    fields = budget_fields(ctx, found) if ctx.may(BUDGET) else []
    people = [
        SeatShown(
            each.participant, each.invitation, answer_tag(ctx, each.answer, each.attendance), each.answer != "no",
            each.attendance == "came",
        )
        for each in found.people
    ]  # fmt: skip
    begun = found.at <= ctx.now and found.state != "called_off"
    return {
        "title": name_of(ctx, found.activity),
        "id": found.id,
        "at": found.at,
        "state": state_tag(ctx, found.state),
        "version": found.version,
        "facts": await _facts(ctx, found),
        "people": people,
        "noting": [each for each in people if each.holds] if begun else [],
        "others": found.others,
        "full": found.state == "planned" and found.at > ctx.now and not found.open,
        "changeable": found.state == "planned",
        "budget": fields,
    } | refused(ctx, sent, refusal, fields)


async def form_page(
    ctx: Context, id: UUID | None, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `activities/form.html` shows: a new outing, or one as it is kept."""
    kept = await queries.read_outing(ctx, id) if id else None
    organizations = await organization_names(ctx) if kept is None else {}
    fields = outing_fields(ctx, kept, changes_seats=kept is None or ctx.may(BUDGET), organizations=organizations)
    title = ctx.locale.say(msg("Plan an activity")) if kept is None else name_of(ctx, kept.activity)
    shown = refused(ctx, sent, refusal, fields)
    theirs = await _facts(ctx, kept) if kept and shown["theirs"] else None
    return (
        {"title": title, "id": id, "version": kept.version if kept else None, "fields": fields}
        | shown
        | {"theirs": theirs}
    )


async def budget_page(ctx: Context) -> dict[str, Any]:
    """Returns what `activities/budget.html` shows."""
    found = await budget.season_sums(ctx)
    return {
        "title": ctx.locale.say(msg("What activities cost")),
        "seasons": [
            {
                "season": say_season(ctx, each.year, each.season), "outings": ctx.locale.number(each.outings),
                "planned": ctx.locale.dollars(each.planned_cents), "spent": ctx.locale.dollars(each.spent_cents),
            }
            for each in found.seasons
        ],
    }  # fmt: skip


def _line(ctx: Context, each: OutingListed) -> OutingLine:
    name, state = name_of(ctx, each.activity), state_tag(ctx, each.state)
    return OutingLine(each.id, name, each.at, each.place, state, each.group is not None)


async def _facts(ctx: Context, found: Outing) -> list[dict[str, Any]]:
    say, pick = ctx.locale.say, ctx.locale.pick
    names = await organization_names(ctx) if found.organization else {}
    category = listed(ctx, "activity_categories")
    purposes = ctx.locale.listed([label_of(ctx, listed(ctx, "activity_purposes"), e) for e in found.purposes])
    said: list[tuple[Message, Text | str]] = [
        (msg("When"), ctx.locale.time(found.at, zone=ctx.zone)),
        (msg("Where one meets"), found.place),
        (msg("How one gets there and back"), found.transport),
        (msg("What makes it possible for everybody to come"), found.accessibility),
        (msg("Kind"), label_of(ctx, category, found.category) if found.category else ""),
        (msg("What it is good for"), purposes),
        (msg("Offered by"), pick(names[found.organization]) if found.organization in names else ""),
        (msg("Seats"), str(found.seats)),
        (
            msg("What each pays herself"),
            ctx.locale.dollars(found.cost_cents) if found.cost_cents else say(msg("Nothing")),
        ),
    ]
    return [{"label": say(label), "value": value} for label, value in said if value]
