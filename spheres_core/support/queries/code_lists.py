"""Reads the lists of workshops and of sessions for staff: the core's, as the region's packs reword them, and theirs."""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, Words
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.support.schemas.library import CodeRead
from spheres_core.support.schemas.sessions import THEMES as OF_SESSIONS
from spheres_core.support.schemas.workshops import WORKSHOP_KINDS, WORKSHOP_THEMES

KINDS, THEMES, TITLES = "workshop_kinds", "workshop_themes", "workshop_titles"
SUPPORT_THEMES: Final = "support_themes"
OF_THE_CORE: Final[Mapping[str, Mapping[str, Message]]] = {
    KINDS: WORKSHOP_KINDS,
    THEMES: WORKSHOP_THEMES,
    SUPPORT_THEMES: OF_SESSIONS,
}


class ListedCode(Struct, frozen=True):
    """One entry of a list: how it is called, and whether new records may no longer name it."""

    label: Message | Words
    retired: bool = False


def codes_here(ctx: Context, name: str) -> dict[str, ListedCode]:
    """Returns one of the lists by code, with what was retired."""
    core = {code: ListedCode(label) for code, label in OF_THE_CORE.get(name, {}).items()}
    return core | {code: ListedCode(each.label, each.retired) for code, each in listed(ctx, name).items()}


def options(ctx: Context, name: str, kept: Collection[str] = ()) -> list[tuple[str, Text]]:
    """Returns what may be chosen of a list, with what a record has already."""
    known = codes_here(ctx, name)
    offered = {**in_use(known), **{code: known[code] for code in kept if code in known}}
    return [(code, ctx.locale.say(each.label)) for code, each in offered.items()]


def read_code(ctx: Context, name: str, code: str) -> CodeRead:
    """Returns a code with its label; the code itself where the list has lost it."""
    known = codes_here(ctx, name)
    said = ctx.locale.say(known[code].label) if code in known else Text(code, ctx.locale.language)
    return CodeRead(code, str(said), said.lang)


def theme_title(ctx: Context, code: str) -> Text:
    """Returns how a theme of sessions is called, also one that is retired or whose pack is gone."""
    known = codes_here(ctx, SUPPORT_THEMES)
    return ctx.locale.say(known[code].label if code in known else OF_SESSIONS["other"])
