"""A meeting of a committee with somebody on its agenda, and a recommendation about her."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import UUID

from spheres_core.committee.operations import agenda, meetings, recommendations, seats
from spheres_core.committee.schemas.agenda import ItemPosted
from spheres_core.committee.schemas.meetings import MeetingPosted, PresencePosted, SeatPosted
from spheres_core.committee.schemas.recommendations import RecommendationPosted
from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.queries.access import find_for_caller
from tests.journeys.conftest import Site, who_signs_in

BODY = "clinical"
LINE = ConsentLine(TEAM, "committee", "committee", "discuss")


def add_meeting(site: Site, tenant: str, code: str, *, by: str = "coordinator") -> UUID:
    """Puts a participant on the agenda of a meeting in which somebody of a role sits; returns the meeting."""

    def add() -> UUID:
        member = site.world.act(tenant, partial(who_signs_in, role=by))
        roles = frozenset({by, "coordinator"})
        return site.world.act(tenant, partial(_meet, code=code, member=member), actor=Actor("staff", member, roles))

    return site.behind(add)


async def _meet(ctx: Context, *, code: str, member: UUID) -> UUID:
    access = await find_for_caller(ctx, code)
    async with as_system(ctx):
        given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), (LINE,))
        await ledger.give_consent(ctx, access.id, given)
    await seats.give_seat(ctx, SeatPosted(BODY, member, ctx.today))
    meeting = (await meetings.plan_meeting(ctx, MeetingPosted(BODY, ctx.now + dt.timedelta(days=2)))).id
    item = ItemPosted(code, "Maison Exemple", "said", "Hm.", ctx.today)
    await agenda.put_on_agenda(ctx, await find_for_caller(ctx, code), meeting, item)
    await meetings.note_presence(ctx, meeting, PresencePosted([member]))
    due = ctx.today + dt.timedelta(days=9)
    posted = RecommendationPosted(1, "Maison Exemple", member, due, [member])
    await recommendations.recommend(ctx, meeting, posted)
    return meeting
