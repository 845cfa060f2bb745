"""The tenant's public pages, and its administration."""

from typing import Any, Final

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import public, requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.settings import Settings as ReferralSettings
from spheres_core.site.content_pages import page_in
from spheres_core.site.permissions import ADMINISTER
from spheres_core.site.settings import Settings
from spheres_core.site.views.administration import administration_page
from spheres_core.site.views.contact_points import Way, programme_ways, ways_now
from spheres_core.site.views.partners import partners_page

DOORS: tuple[tuple[str, Message, Message], ...] = (
    ("youth", msg("For youth"), msg("What the team can do with you, and how it goes.")),
    ("professionals", msg("For professionals"), msg("Advice and support when you work with a young person.")),
    ("partners", msg("Our partners"), msg("Who does what, and how to reach them.")),
    ("about", msg("About the programme"), msg("Where it comes from and what guides it.")),
)

FACES: Final = {"Cans": "cans"}
"""Stylesheets with a typeface of their own, by script."""


@get("/", guards=[public], name="home")
async def home(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "site/home.html", **_home(ctx))


@get("/partners", guards=[public], name="partners")
async def partners(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    shown = await partners_page(ctx, ctx.today)
    return await rendering.page(ctx, request_scope, "site/partners.html", title=ctx.locale.say("Our partners"), **shown)


@get("/{slug:str}", guards=[public], name="page")
async def content_page(ctx: Context, request_scope: RequestScope, slug: FromPath[str]) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "site/page.html", **await _content(ctx, slug))


@get("/administration", guards=[requires(ADMINISTER)], name="administration")
async def administration(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    shown = await administration_page(ctx)
    return await rendering.page(
        ctx, request_scope, "site/administration.html", title=ctx.locale.say("Administration"), **shown
    )


async def frame(ctx: Context) -> dict[str, Any]:
    """What every page carries: where to leave to, what the tab says, and how to reach someone."""
    settings = ctx.settings("site", Settings)
    now = await ways_now(ctx)
    return {
        "exit_url": str(ctx.locale.pick(settings.leave_to)) or None,
        "neutral_title": ctx.locale.pick(settings.neutral_title) or None,
        "faces": _faces(ctx),
        "reach_now": now,
        "support": _first_confirmed(now),
    }


def _faces(ctx: Context) -> list[str]:
    """The stylesheets for scripts that the usual typeface lacks, of the languages that this region speaks."""
    scripts = dict.fromkeys(ctx.plugins.languages[tag].script for tag in ctx.tenant.languages)
    return [FACES[script] for script in scripts if script in FACES]


def _first_confirmed(ways: list[Way]) -> Way | None:
    return next((way for way in ways if not way.unconfirmed), None)


def _home(ctx: Context) -> dict[str, Any]:
    ages = ctx.settings("referrals", ReferralSettings)
    own = page_in(ctx.plugins, "home", ctx.locale)
    lead = (
        ctx.locale.say("This shows how a region could take up the programme. It is an example, not a service.")
        if ctx.tenant.illustrative
        else ctx.locale.say(
            "{programme} supports people aged {least} to {most} who are or have been sexually exploited. Taking part is"
            " always voluntary.",
            programme=ctx.locale.pick(ctx.tenant.name),
            least=ages.minimum_age,
            most=ages.maximum_age,
        )
    )
    return {
        "title": ctx.locale.pick({own.language: own.title}) if own else ctx.locale.say(
            "At your own pace, with someone beside you"
        ),
        "lead": lead,
        "doors": [_door(ctx, *dispatcher) for dispatcher in DOORS if _leads_somewhere(ctx, dispatcher[0])],
        "intro_html": own.body if own else None,
    }  # fmt: skip


def _leads_somewhere(ctx: Context, slug: str) -> bool:
    return slug == "partners" or page_in(ctx.plugins, slug, ctx.locale) is not None


def _door(ctx: Context, slug: str, title: Message, text: Message) -> dict[str, Text | str]:
    return {"kind": slug, "slug": slug, "title": ctx.locale.say(title), "text": ctx.locale.say(text)}


async def _content(ctx: Context, slug: str) -> dict[str, Any]:
    found = page_in(ctx.plugins, slug, ctx.locale)
    if found is None or slug == "home":
        raise NotFound
    title = ctx.locale.pick({found.language: found.title})
    return {
        "title": title,
        "lead": None,
        "body_html": found.body,
        "body_lang": title.lang if title.lang != ctx.locale.tag else None,
        "reach": await programme_ways(ctx)
        if slug == "professionals"
        else await ways_now(ctx)
        if slug == "youth"
        else [],
        "show_refer": slug == "professionals",
        "verified_on": None,
    }
