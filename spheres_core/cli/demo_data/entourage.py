"""Has fictional close ones of the demo ask for support: one in each state, with what was done for them."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct, structs
from sqlalchemy import select

from spheres_core.cli.demo_data.languages import said_here
from spheres_core.cli.demo_data.sign_ins import COORDINATOR
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.support.operations import entourage
from spheres_core.support.queries.entourage import records
from spheres_core.support.schemas.entourage import (
    ContactKind,
    EntouragePosted,
    OfferKind,
    OfferPosted,
    SafeReach,
    SupportNotePosted,
)

NEWEST: Final = prepare(select(records.c.id).where(scoped(records)).order_by(records.c.id.desc()).limit(1))


class DemoCloseOne(Struct, frozen=True):
    """A close person: when they asked, in which language, their words, and what was done since."""

    days_ago: int
    language: str
    called: str
    ask: str
    reach: SafeReach
    notes: tuple[tuple[int, ContactKind, str], ...] = ()
    """Days after they asked, how, and what was noted."""
    offer: tuple[OfferKind, str] | None = None
    closed: bool = False


DEMO_CLOSE_ONES: Final = (
    DemoCloseOne(
        60, "fr", "Un parent", "Comprendre ce que je peux dire à la maison, et ce qui me dépasse.",
        SafeReach("call", "514-555-0123", "En semaine, le midi", message=True),
        ((2, "call", "Nous avons parlé de sommeil et de qui l’entoure."), (20, "meeting", "Une rencontre au café.")),
        closed=True,
    ),
    DemoCloseOne(
        12, "en", "A close one", "Somebody to talk to who does not judge.",
        SafeReach("email", "someone@example.org", "Only in the morning"),
        ((3, "call", "A first talk. Wishes to meet others who live through the same."),),
        ("group", "A group of parents on Tuesday evenings, four times. You may come once and see."),
    ),
    DemoCloseOne(1, "fr", "", "Des lectures, et savoir vers qui me tourner.", SafeReach("only_here")),
)  # fmt: skip


async def support_all(ctx: Context, coordinator: UUID) -> None:
    """Has each who speaks a language of the region ask on their day, and notes and offers what was done since."""
    by = Actor("staff", coordinator, frozenset({COORDINATOR.role}))
    for each in said_here(ctx, DEMO_CLOSE_ONES):
        then = structs.replace(ctx, now=ctx.now - dt.timedelta(days=each.days_ago, minutes=17))
        posted = EntouragePosted(each.ask, each.reach, each.called, each.language, confirmed=True)
        await entourage.open_record(structs.replace(then, actor=ANONYMOUS), posted)
        id: UUID = await ctx.db.scalar(NEWEST)
        if each.notes:
            await entourage.take_record(structs.replace(then, actor=by), id, 1)
        version = 2
        for days, kind, words in each.notes:
            acting = structs.replace(then, now=then.now + dt.timedelta(days=days), actor=by)
            await entourage.note_contact(acting, id, SupportNotePosted(acting.today, kind, words, confirmed=True))
            version += 1
        if each.offer:
            acting = structs.replace(then, now=then.now + dt.timedelta(days=5), actor=by)
            await entourage.offer(acting, id, OfferPosted(*each.offer, confirmed=True))
        if each.closed:
            acting = structs.replace(then, now=then.now + dt.timedelta(days=40), actor=by)
            await entourage.close_record(acting, id, version)
