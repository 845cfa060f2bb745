"""Has the demo's staff ask for clinical support: some sessions that took place, one to come, one that waits."""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.cli.demo_data.sign_ins import (
    CLINICAL_SUPPORT,
    COMMITTEE,
    COORDINATOR,
    FIRST_PIVOT,
    LIAISON,
    ON_CALL,
    SECOND_PIVOT,
    DemoAccount,
)
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.support.operations import sessions
from spheres_core.support.schemas.sessions import OwnPartPosted, SessionAgreed, SessionKind, SessionPosted


class DemoSession(Struct, frozen=True):
    """One session: when it was asked for, by whom, about what, how many days later it is, and who else comes."""

    days_ago: int
    by: DemoAccount
    kind: SessionKind
    theme: str
    words: Mapping[str, str]
    days_later: int | None = None
    people: tuple[DemoAccount, ...] = ()
    equipped: tuple[int, int] | None = None
    """Before and after, of who asked."""


DEMO_SESSIONS: Final = (
    DemoSession(
        70, FIRST_PIVOT, "individual", "exhaustion",
        {"fr": "Je rapporte le travail à la maison, et je dors mal.",
         "en": "I take the work home with me, and sleep badly."},
        6, (), (3, 6),
    ),
    DemoSession(
        41, COORDINATOR, "group", "teamwork",
        {"fr": "Nous nous parlons trop vite; prenons une heure ensemble.",
         "en": "We talk past each other; let us take an hour together."},
        9, (FIRST_PIVOT, SECOND_PIVOT, LIAISON, COMMITTEE, ON_CALL), (5, 7),
    ),
    DemoSession(
        3, SECOND_PIVOT, "individual", "boundaries",
        {"fr": "Où s’arrête mon rôle, quand le téléphone sonne le soir?",
         "en": "Where does my part end, when the phone rings in the evening?"},
        9,
    ),
    DemoSession(
        1, FIRST_PIVOT, "after_event", "helplessness",
        {"fr": "Une semaine difficile. En parler avant la fin du mois.",
         "en": "A hard week. To talk about it before the month ends."},
        people=(SECOND_PIVOT,),
    ),
)  # fmt: skip
"""They are about those who ask, and about nobody who is followed."""


async def hold_all(ctx: Context, staff: Mapping[str, UUID], language: str) -> None:
    """Has each asked for on its day, agreed on two days later, and held where its day is past."""
    giving = Actor("staff", staff[CLINICAL_SUPPORT.address], frozenset({CLINICAL_SUPPORT.role}))
    for each in DEMO_SESSIONS:
        asked_at = ctx.now - dt.timedelta(days=each.days_ago, minutes=11)
        asking = structs.replace(
            ctx, now=asked_at, actor=Actor("staff", staff[each.by.address], frozenset({each.by.role}))
        )
        before, after = each.equipped or (None, None)
        posted = SessionPosted(
            each.kind, each.theme, each.words[language], [staff[one.address] for one in each.people], None, before, True
        )
        id = await sessions.ask_for_session(asking, posted)
        if each.days_later is None:
            continue
        day = asking.today + dt.timedelta(days=each.days_later)
        agreeing = structs.replace(ctx, now=asked_at + dt.timedelta(days=2), actor=giving)
        await sessions.agree(agreeing, id, SessionAgreed(1, day))
        if day < ctx.today:
            then = asked_at + dt.timedelta(days=each.days_later, hours=1)
            await sessions.hold(structs.replace(ctx, now=then, actor=giving), id, 2)
            await sessions.say(structs.replace(asking, now=then), id, OwnPartPosted(before, after))
