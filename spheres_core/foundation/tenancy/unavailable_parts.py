"""Parts that do not work just now because a plugin fails, in its manifest's words and the reader's language."""

from collections.abc import Iterable
from typing import Any

from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context


def failure_texts(ctx: Context, plugin: str, *parts: str) -> list[Text]:
    """Returns what the plugin's manifest says of these parts when they fail. A route is part of `routes`."""
    installed = ctx.plugins.plugins.get(plugin)
    if installed is None:
        return []
    named = dict.fromkeys("routes" if " " in part else part for part in parts)
    failure = installed.manifest.failure
    return [ctx.locale.pick(failure[part]) for part in named if part in failure]


def unavailable_plugins(ctx: Context, known: Iterable[Incident] = ()) -> list[dict[str, Any]]:
    """Returns the plugins of which a part is out of this tenant's way, in this process or by what others wrote down."""
    parts: dict[str, set[str]] = {}
    here = CIRCUIT_BREAKERS.open_parts(str(ctx.tenant.id))
    there = [(each.plugin, each.part) for each in known if each.resting_until and each.resting_until > ctx.now]
    for plugin, part in (*here, *there):
        if plugin in ctx.plugins.plugins:
            parts.setdefault(plugin, set()).add(part)
    return [
        {
            "plugin": plugin,
            "title": ctx.locale.pick(ctx.plugins.plugins[plugin].manifest.title),
            "parts": sorted(found),
            "stops": failure_texts(ctx, plugin, *sorted(found)),
        }
        for plugin, found in sorted(parts.items())
    ]
