"""Writes tools for the demo's libraries: general ones, about nobody, with something for a content editor to do."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.cli.demo_data.sign_ins import CONTENT_EDITOR, COORDINATOR
from spheres_core.foundation.languages import localization
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.partners.queries.catalogue import listed
from spheres_core.support.operations import library, proposals
from spheres_core.support.queries import advice
from spheres_core.support.queries.library import published
from spheres_core.support.schemas.library import ProposalPosted, ToolPosted, ToolWritten


class DemoTool(Struct, frozen=True):
    """One tool: its words by language, what it goes with, in how many days it is to be reviewed, what becomes of it."""

    code: str
    title: dict[str, str]
    summary: dict[str, str]
    text: dict[str, str]
    themes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    review_in: int | None = None
    acts: tuple[str, ...] = ("publish",)


DEMO_TOOLS: Final = (
    DemoTool(
        "what_is_offered",
        {"fr": "Ce que le programme offre", "en": "What the program offers"},
        {"fr": "En une page, pour une équipe ou un milieu.", "en": "On one page, for a team or a setting."},
        {
            "fr": "## Pour la jeune personne\n\n- Un suivi volontaire, à son rythme.\n- Rien ne se fait sans son"
            " accord.\n\n## Pour vous\n\n- Un conseil, sans dire de qui il s’agit.\n- Une référence en ligne, sans"
            " compte.",
            "en": "## For the young person\n\n- Voluntary follow-up, at their own pace.\n- Nothing is done without"
            " their agreement.\n\n## For you\n\n- Advice, without saying about whom.\n- A referral online, without an"
            " account.",
        },
        ("program",), ("first_call",), 180,
    ),
    DemoTool(
        "before_a_referral",
        {"fr": "Avant une référence", "en": "Before a referral"},
        {"fr": "Ce qu’on voit d’abord avec la jeune personne.", "en": "What to talk about with the young person."},
        {
            "fr": "- Lui en parler d’abord, si c’est possible.\n- Lui dire que c’est volontaire, et qu’on peut dire"
            " non.\n- Lui demander comment on peut la joindre sans risque.",
            "en": "- Talk with them first, if you can.\n- Say that it is voluntary, and that one may say no.\n- Ask how"
            " they can be reached safely.",
        },
        ("program",), ("what_is_offered",), -12,
    ),
    DemoTool(
        "old_checklist",
        {"fr": "Ancienne liste de vérification", "en": "Earlier checklist"},
        {"fr": "Remplacée par d’autres outils.", "en": "Replaced by other tools."},
        {"fr": "- Relire avant l’appel.", "en": "- Read again before the call."},
        ("contact",), (), None,
    ),
    DemoTool(
        "sharing_in_a_team",
        {"fr": "En parler dans son équipe", "en": "Talking about it in one’s team"},
        {"fr": "Se préparer ensemble, sans nommer personne.", "en": "Getting ready together, without naming anybody."},
        {
            "fr": "- Choisir une personne qui appelle.\n- Convenir de ce qui se dit et de ce qui se tait.",
            "en": "- Choose one person who calls.\n- Agree on what is said and what is not.",
        },
        ("contact",), ("old_checklist", "without_naming"), 90,
    ),
    DemoTool(
        "whom_to_reach",
        {"fr": "Qui joindre, et quand"},
        {"fr": "Où trouver les coordonnées, de jour et de nuit."},
        {"fr": "- La page des partenaires dit comment joindre chacun.\n- En cas de danger immédiat, composez le 911."},
        ("contact",), (), None, (),
    ),
)  # fmt: skip
PROPOSED: Final = ProposalPosted(
    "fr",
    "Ouvrir la conversation",
    "Trois phrases pour commencer, sans presser.",
    "- Dire ce qu’on voit, sans juger.\n- Demander ce que la personne en pense.\n- Garder la porte ouverte.",
    ["contact"],
)


async def write_all(ctx: Context, editor: UUID, coordinator: UUID) -> None:
    """Writes the tools and withdraws the one that another refers to; proposes an entry where there is an answer."""
    by = structs.replace(ctx, actor=Actor("staff", editor, frozenset({CONTENT_EDITOR.role})))
    known, themes = {*await published(ctx)}, listed(ctx, "tool_themes")
    for each in DEMO_TOOLS:
        related = [code for code in each.related if code in known]
        review = ctx.today + dt.timedelta(days=each.review_in) if each.review_in is not None else None
        words = (_spoken(ctx, each.title), _spoken(ctx, each.summary), _spoken(ctx, each.text))
        if not words[0]:
            continue
        kept = [code for code in each.themes if code in themes]
        tool = ToolWritten(*words, themes=kept, related=related, review_on=review)
        await library.write_tool(by, ToolPosted(each.code, tool))
        known.add(each.code)
        if "publish" in each.acts:
            await library.publish_tool(by, each.code, 1)
    await library.withdraw_tool(by, "old_checklist", 2)
    await _propose(structs.replace(ctx, actor=Actor("staff", coordinator, frozenset({COORDINATOR.role}))))


def _spoken(ctx: Context, words: dict[str, str]) -> dict[str, str]:
    """Returns the texts in languages that the region speaks."""
    return {tag: text for tag, text in words.items() if localization.match(tag, ctx.tenant.languages)}


async def _propose(by: Context) -> None:
    themes = [code for code in PROPOSED.themes if code in listed(by, "tool_themes")]
    for each in await advice.list_advice(by, before=LATEST, limit=20, state="answered"):
        if proposals.may_propose(by, each):
            await proposals.propose(by, each.id, structs.replace(PROPOSED, themes=themes))
            return
