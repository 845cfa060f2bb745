"""Reads what sessions of clinical support may be about here: the core's themes, as the region's packs word them, and
theirs."""

from collections.abc import Mapping

from spheres_core.facts import Message, Words
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.code_lists import ListedItem
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.support.schemas.sessions import THEMES


def themes_here(ctx: Context) -> dict[str, Message | Words]:
    """Returns by code what a new session may be about."""
    own = _listed(ctx)
    kept: dict[str, Message | Words] = {code: title for code, title in THEMES.items() if code not in own}
    renamed = {code: each.label for code, each in in_use(own).items()}
    return {code: {**kept, **renamed}[code] for code in (*THEMES, *renamed) if code in kept or code in renamed}


def theme_title(ctx: Context, code: str) -> Text:
    """Returns how a theme is called, also one that is retired or whose pack is gone."""
    own = _listed(ctx)
    return ctx.locale.say(own[code].label if code in own else THEMES.get(code, THEMES["other"]))


def _listed(ctx: Context) -> Mapping[str, ListedItem]:
    return listed(ctx, "support_themes")
