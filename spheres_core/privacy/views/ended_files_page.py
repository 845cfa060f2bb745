"""Values of the page that says which files are erased soon."""

from typing import Any, Final

from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.privacy.queries.ended_files import list_ended

TITLE: Final = msg("Files that are erased soon")


async def ended_files_page(ctx: Context) -> dict[str, Any]:
    """Returns the values of `privacy/ended_files.html`."""
    found = await list_ended(ctx)
    return {
        "title": ctx.locale.say(TITLE),
        "schedule": ctx.locale.say_number("{n} year", "{n} years", found.years) if found.years else None,
        "due": found.due,
        "left": found.left,
    }
