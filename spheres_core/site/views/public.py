"""Values of the home page and of the pages that plugins bring."""

from collections.abc import Mapping
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.forms.meanings import REFERRAL, SELF_REFERRAL
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.views.contact_ways import Way
from spheres_core.referrals.settings import Settings as ReferralSettings
from spheres_core.site.content_pages import page_in
from spheres_core.site.views.contact_points import programme_ways, ways_now

CARDS: tuple[tuple[str, Message, Message], ...] = (
    ("youth", msg("For youth"), msg("What the team can do with you, and how it goes.")),
    ("family", msg("For family and friends"), msg("When you are worried about someone you care about.")),
    ("professionals", msg("For professionals"), msg("Advice and support when you work with a young person.")),
    ("partners", msg("Our partners"), msg("Who does what, and how to reach them.")),
    ("about", msg("About the program"), msg("Where it comes from and what guides it.")),
)
"""Cards of the home page: the page that each leads to, its title and its text."""


OFFERS: Final[Mapping[str, tuple[str, ...]]] = {
    "youth": (SELF_REFERRAL,),
    "family": (REFERRAL,),
    "professionals": (REFERRAL,),
}
"""The forms that each page of a pack offers, where the region asks them."""
TABS: Final[Mapping[str, Message]] = {
    "youth": msg("Services"),
    "family": msg("Support"),
    "professionals": msg("Advice"),
    "about": msg("About"),
}
"""A word for each page in the browser's tab and history, from which nobody can tell the matter."""
URGENT: Final = ("youth", "family")
"""Pages beside which stands whom to reach right now."""


def home_view(ctx: Context) -> dict[str, Any]:
    """Returns the values of `site/home.html`."""
    own = page_in(ctx, "home")
    title = ctx.locale.pick({own.language: own.title}) if own else ctx.locale.say(
        "At your own pace, with someone beside you"
    )  # fmt: skip
    return {
        "title": title,
        "lead": _lead(ctx),
        "cards": [_card(ctx, *card) for card in CARDS if _has_page(ctx, card[0])],
        "intro_html": own.body if own else None,
    }


def _lead(ctx: Context) -> Text:
    if ctx.tenant.illustrative:
        return ctx.locale.say("This shows how a region could take up the program. It is an example, not a service.")
    ages = ctx.settings("referrals", ReferralSettings)
    return ctx.locale.say(
        "{programme} supports people aged {least} to {most} who are or have been sexually exploited. Taking part is"
        " always voluntary.",
        programme=ctx.locale.pick(ctx.tenant.name),
        least=ages.minimum_age,
        most=ages.maximum_age,
    )


def _has_page(ctx: Context, slug: str) -> bool:
    return slug == "partners" or page_in(ctx, slug) is not None


def _card(ctx: Context, slug: str, title: Message, text: Message) -> dict[str, Text | str]:
    return {"kind": slug, "slug": slug, "title": ctx.locale.say(title), "text": ctx.locale.say(text)}


async def content_view(ctx: Context, slug: str) -> dict[str, Any]:
    """Returns the values of `site/page.html`. Raises `NotFound` when no plugin brings this page."""
    found = page_in(ctx, slug)
    if found is None or slug == "home":
        raise NotFound
    title = ctx.locale.pick({found.language: found.title})
    return {
        "title": title,
        "tab": ctx.locale.say(TABS[slug]) if slug in TABS else slug.replace("-", " ").replace("_", " "),
        "lead": None,
        "body_html": found.body,
        "body_lang": title.lang if title.lang != ctx.locale.tag else None,
        "reach": await _contacts(ctx, slug),
        "urgent": slug in URGENT,
        "offered": OFFERS.get(slug, ()),
        "verified_on": None,
    }


async def _contacts(ctx: Context, slug: str) -> tuple[Way, ...]:
    if slug == "professionals":
        return tuple(await programme_ways(ctx))
    return (await ways_now(ctx)).ways if slug in URGENT else ()
