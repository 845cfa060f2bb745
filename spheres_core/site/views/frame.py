"""Values that every page's frame gets from the site: the exit button, the tab's title, how to reach someone, and which
forms there are to link to."""

from typing import Any, Final

from spheres_core.facts import msg
from spheres_core.forms import queries as forms
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.settings import Settings
from spheres_core.site.views.contact_points import ways_now

PENDING: Final = msg(
    "Some local emergency numbers are still being confirmed and are not shown. In immediate danger, call the one that "
    "your community uses."
)
"""Said where a community's own number is left out: a line that listens is no ambulance."""
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
        "reach_now": now.ways,
        "support": next(iter(now.ways), None),
        "reach_note": ctx.locale.say(PENDING) if now.local_ones_pending else None,
        "asks": frozenset(forms.forms_of(ctx.plugins)),
    }


def _typefaces(ctx: Context) -> list[str]:
    """Returns the stylesheets for scripts that the usual typeface lacks, of the languages that this region has."""
    scripts = dict.fromkeys(ctx.plugins.languages[tag].script for tag in ctx.tenant.languages)
    return [TYPEFACES[script] for script in scripts if script in TYPEFACES]
