"""Values that every page's frame gets from the site: the exit button, the tab's title, and how to reach someone."""

from typing import Any, Final

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.views.contact_ways import Way
from spheres_core.site.settings import Settings
from spheres_core.site.views.contact_points import ways_now

TYPEFACES: Final = {"Cans": "cans"}
"""Stylesheets with a typeface of their own, by script."""


async def frame_view(ctx: Context) -> dict[str, Any]:
    """Returns the site's part of the frame."""
    settings = ctx.settings("site", Settings)
    now = await ways_now(ctx)
    return {
        "exit_url": str(ctx.locale.pick(settings.leave_to)) or None,
        "neutral_title": ctx.locale.pick(settings.neutral_title) or None,
        "faces": _typefaces(ctx),
        "reach_now": now,
        "support": _first_confirmed(now),
    }


def _typefaces(ctx: Context) -> list[str]:
    """Returns the stylesheets for scripts that the usual typeface lacks, of the languages that this region has."""
    scripts = dict.fromkeys(ctx.plugins.languages[tag].script for tag in ctx.tenant.languages)
    return [TYPEFACES[script] for script in scripts if script in TYPEFACES]


def _first_confirmed(ways: list[Way]) -> Way | None:
    return next((way for way in ways if not way.unconfirmed), None)
