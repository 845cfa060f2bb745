"""Values that every page's frame gets from the site: the exit button, the tab's title, how to reach someone, and which
forms there are to link to."""

from typing import Any, Final

from spheres_core.facts import msg
from spheres_core.forms import queries as forms
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.settings import Settings
from spheres_core.site.theme_file import SHEETS, Theme, theme_of
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
    theme = theme_of(ctx.plugins)
    return {
        "exit_url": str(ctx.locale.pick(settings.leave_to)) or None,
        "neutral_title": ctx.locale.pick(settings.neutral_title) or None,
        "faces": _typefaces(ctx, theme),
        "theme": {"version": theme.version, "logo": theme.logo is not None} if theme else None,
        "reach_now": now.ways,
        "support": next(iter(now.ways), None),
        "reach_note": ctx.locale.say(PENDING) if now.local_ones_pending else None,
        "asks": frozenset(forms.forms_asked(ctx)),
    }


def _typefaces(ctx: Context, theme: Theme | None) -> list[str]:
    """Returns the stylesheets of typefaces beside the usual one: for scripts that it lacks, and of the theme."""
    scripts = dict.fromkeys(ctx.plugins.languages[tag].script for tag in ctx.tenant.languages)
    own = [SHEETS[theme.typeface]] if theme and theme.typeface in SHEETS else []
    return [TYPEFACES[script] for script in scripts if script in TYPEFACES] + own
