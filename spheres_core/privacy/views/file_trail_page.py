"""Values of the page that says who read and changed something about a participant."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from spheres_core.consents.schemas import CLASSES
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.participants.views.why import STANDINGS
from spheres_core.privacy.queries.file_trail import read_file_trail
from spheres_core.privacy.schemas.file_trail import FileTrailEntry

TITLE: Final = msg("Who read and changed something")
NOTHING: Final = msg("Nothing stands under this code. Look at it again.")
NAMELESS: Final[Mapping[str, Message]] = {
    "anonymous": msg("Somebody without an account"),
    "staff": msg("An account that is there no more"),
    "token": msg("A system whose token is there no more"),
    "link": msg("Somebody through a link"),
    "system": msg("The software, by itself"),
}


async def file_trail_page(ctx: Context, *, code: str = "", cursor: str = "") -> dict[str, Any]:
    """Returns the values of `privacy/file_trail.html`; with the entries once a code is asked for."""
    page, problems = None, {}
    if code.strip():
        try:
            page = await read_file_trail(ctx, code, cursor=cursor)
        except ParticipantUnknown:
            problems["code"] = ctx.locale.say(NOTHING)
    further = urlencode({"code": code, "cursor": page.next}) if page and page.next else ""
    return {
        "title": ctx.locale.say(TITLE),
        "code": code,
        "problems": problems,
        "lines": _lines(ctx, page.items) if page else None,
        "further": further,
        "is_first": not cursor,
    }


def _lines(ctx: Context, entries: Iterable[FileTrailEntry]) -> list[dict[str, Any]]:
    """Returns a line for what one person did at one moment, which is an entry or several."""
    return [
        _line(ctx, list(each)) for _, each in itertools.groupby(entries, lambda each: (each.at, each.actor, each.who))
    ]


def _line(ctx: Context, entries: list[FileTrailEntry]) -> dict[str, Any]:
    first = entries[0]
    return {
        "at": first.at,
        "who": first.who or ctx.locale.say(NAMELESS[first.actor]),
        "acts": list(dict.fromkeys(each.title for each in reversed(entries))),
        "information": _titles(ctx, CLASSES, [name for each in entries for name in each.information]),
        "standings": _titles(ctx, STANDINGS, [kind for each in entries for kind in each.standings]),
    }


def _titles(ctx: Context, titles: Mapping[str, Message], names: Iterable[str]) -> list[Text]:
    """Returns what each is called, once; a plugin's own has its name only."""
    return [
        ctx.locale.say(titles[name]) if name in titles else Text(name, ctx.locale.language)
        for name in dict.fromkeys(names)
    ]
