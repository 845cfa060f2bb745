"""Has professionals of the demo ask for advice: one request in each state, about nobody."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct, structs
from sqlalchemy import select

from spheres_core.cli.demo_data.languages import said_here
from spheres_core.cli.demo_data.sign_ins import COORDINATOR
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.support.operations import advice_requests, desk
from spheres_core.support.queries.advice import requests
from spheres_core.support.queries.advice_form import advice_form, default_form
from spheres_core.support.schemas.advice import AdvicePosted, ReplyPosted

NEWEST: Final = prepare(select(requests.c.id).where(scoped(requests)).order_by(requests.c.id.desc()).limit(1))


class DemoAdvice(Struct, frozen=True):
    """One request: how many days ago, in which language, its words, and what the desk has done since."""

    days_ago: int
    language: str
    situation: str
    question: str
    equipped: int
    acts: tuple[str, ...] = ()
    reply: str = ""


DEMO_ADVICE: Final = (
    DemoAdvice(
        20, "en", "A youth in our group home comes back with new clothes and a second phone.",
        "How do I open the conversation without rushing?", 4, ("take", "answer", "close"),
        "Begin with what matters to her, and let her set the pace. The gifts can wait for her words.",
    ),
    DemoAdvice(
        6, "fr", "Une élève de 15 ans parle d’un ami plus âgé qui décide de ses sorties.",
        "Quoi dire, et quoi éviter?", 3, ("take", "answer"),
        "Dites ce que vous voyez sans juger, demandez ce qu’elle en pense, et gardez la porte ouverte.",
    ),
    DemoAdvice(
        3, "fr", "Une jeune adulte hésite à quitter ce milieu, par peur de perdre son logement.",
        "Comment travailler cette ambivalence avec elle?", 5, ("take",),
    ),
    DemoAdvice(
        1, "en", "Several students at our school mention the same older acquaintance.",
        "Is there a workshop or a tool for a group of 15-year-olds?", 2,
    ),
)  # fmt: skip


async def ask_all(ctx: Context, coordinator: UUID) -> None:
    """Sends each request in a language of the region on its day, and has the coordinator do what was done since.

    Where the region has a form of its own, which asks otherwise, nothing is asked.
    """
    if default_form() != await advice_form(ctx):
        return
    by = Actor("staff", coordinator, frozenset({COORDINATOR.role}))
    for each in said_here(ctx, DEMO_ADVICE):
        then = structs.replace(ctx, now=ctx.now - dt.timedelta(days=each.days_ago, minutes=43))
        answers = {"situation": each.situation, "question": each.question, "equipped": each.equipped}
        posted = AdvicePosted(answers, each.language)
        await advice_requests.send_advice(structs.replace(then, actor=ANONYMOUS), posted)
        id: UUID = await ctx.db.scalar(NEWEST)
        for number, act in enumerate(each.acts, 1):
            acting = structs.replace(then, now=then.now + dt.timedelta(hours=5 * number), actor=by)
            if act == "take":
                await desk.take_advice(acting, id, number)
            elif act == "answer":
                await desk.answer_advice(acting, id, ReplyPosted(number, "answer", each.reply))
            else:
                await desk.close_advice(acting, id, number)
