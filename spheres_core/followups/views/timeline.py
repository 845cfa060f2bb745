"""Her file as a timeline: one readable line for each act, with what the reader may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from spheres_core.audit import operations as audit
from spheres_core.consents.schemas import CLASSES
from spheres_core.facts import msg
from spheres_core.followups.queries.timeline import Act, acts_of
from spheres_core.followups.schemas.timeline import Timeline, TimelineLine
from spheres_core.followups.views.wording import names_of, options
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LIMIT, make_cursor, read_cursor
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.file_frame import sections_shown
from spheres_core.partners.queries.catalogue import listed

LOOKED: Final = "timeline.read"
ENCOUNTER: Final = "encounter"
"""The kind of acts that are about themes, and with principles."""


class KindUnknown(Invalid):
    """A timeline has no acts of this kind; `known` names those that it has."""

    code = "kind_unknown"
    message = msg("There is no such kind of act.")


async def timeline_of(
    ctx: Context,
    file: ParticipantAccess,
    *,
    kind: str = "",
    information: str = "",
    theme: str = "",
    principle: str = "",
    since_last: bool = False,
    cursor: str = "",
) -> Timeline:
    """Returns a page of her timeline, the last written first, and writes to the trail that it was read.

    `kind`, `information`: only acts of this kind, of this class; `theme`, `principle`: only encounters about it, or
    with it; `since_last`: only what was written since the reader last looked. Raises `CursorInvalid`, `KindUnknown`.
    """
    found, more, looked = await read_timeline(
        ctx, file, kind=kind, information=information, theme=theme, principle=principle, cursor=cursor
    )
    wanted = [act for act in found if not since_last or _is_new(act, looked)]
    lines = [
        TimelineLine(act.id, act.kind, act.at, str(line), act.by, new=_is_new(act, looked))
        for act, line in zip(wanted, await lines_of(ctx, wanted), strict=True)
    ]
    return Timeline(lines, more, looked)


async def read_timeline(
    ctx: Context,
    file: ParticipantAccess,
    *,
    kind: str = "",
    information: str = "",
    theme: str = "",
    principle: str = "",
    cursor: str = "",
) -> tuple[list[Act], str | None, dt.datetime | None]:
    """Returns a page of acts, the cursor of the next one, and when the reader last looked; see `timeline_of`."""
    known = ctx.plugins.timeline_acts
    if kind and kind not in known:
        raise KindUnknown(extra={"known": list(known)})
    if information and information not in (classes := _classes(ctx)):
        raise KindUnknown(extra={"known": sorted(classes)})
    for asked, name in ((theme, "session_themes"), (principle, "principles")):
        if asked and asked not in (entries := listed(ctx, name)):
            raise KindUnknown(extra={"known": list(entries)})
    kinds = [
        each.kind
        for each in known.values()
        if (not kind or each.kind == kind) and (not information or each.information == information)
        if not (theme or principle) or each.kind == ENCOUNTER
    ]
    name = f"timeline {file.id} {kind} {information} {theme} {principle}"
    before = read_cursor(ctx, name, cursor)
    found, looked = await acts_of(
        ctx, file, kinds, before=before, limit=LIMIT + 1, looked=LOOKED, theme=theme, principle=principle
    )
    shown = found[:LIMIT]
    if not cursor:
        await audit.record(ctx, LOOKED, subject=("participant", file.id), shown=[act.id for act in shown])
    return shown, make_cursor(ctx, name, shown[-1].id) if len(found) > LIMIT else None, looked


async def timeline_page(
    ctx: Context,
    file: ParticipantAccess,
    *,
    kind: str,
    information: str,
    theme: str,
    principle: str,
    since_last: bool,
    cursor: str,
) -> dict[str, Any]:
    """Returns what `followups/timeline.html` shows: her needs and strengths, then a line for each act."""
    found, more, looked = await read_timeline(
        ctx, file, kind=kind, information=information, theme=theme, principle=principle, cursor=cursor
    )
    wanted = [act for act in found if not since_last or _is_new(act, looked)]
    names = await names_of(ctx, [act.by for act in wanted])
    pages = {each.kind: each.page for each in ctx.plugins.timeline_acts.values()}
    asked = {
        "kind": kind,
        "class": information,
        "theme": theme,
        "principle": principle,
        "since": "last" if since_last else "",
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return {
        "title": ctx.locale.say(msg("Timeline")),
        "first": await _needs_and_strengths(ctx, file),
        "lines": [
            {
                "id": act.id, "page": pages[act.kind], "at": act.at, "line": line,
                "by": names.get(act.by, "") if act.by else "", "new": looked is not None and _is_new(act, looked),
            }
            for act, line in zip(wanted, await lines_of(ctx, wanted), strict=True)
        ],
        "asked": asked,
        "filters": _filters(ctx, file),
        "filtered": bool(query),
        "looked_at": looked,
        "next_url": f"?{query}{'&' if query else ''}cursor={more}" if more else "",
        "back_url": f"?{query}" if cursor else "",
        "may_write": reaches(ctx, file, "encounters", act="write"),
    }  # fmt: skip


def _filters(ctx: Context, file: ParticipantAccess) -> list[tuple[str, Text, list[tuple[str, Text]]]]:
    """Returns the lists by which lines are chosen: those of encounters only for whoever may read of them."""
    say, kinds = ctx.locale.say, {each.kind: each.title for each in ctx.plugins.timeline_acts.values()}
    found = [
        ("kind", say(msg("Kind of entry")), options(ctx, kinds, msg("Everything"))),
        ("class", say(msg("Class of information")),
         options(ctx, {code: CLASSES[code] for code in _classes(ctx)}, msg("Every class"))),
    ]  # fmt: skip
    lists = (("theme", msg("Theme"), "session_themes"), ("principle", msg("Principle"), "principles"))
    for name, title, source in lists if reaches(ctx, file, "encounters") else ():
        known = [(code, ctx.locale.pick(each.label)) for code, each in listed(ctx, source).items()]
        if known:
            found.append((name, say(title), [("", say(msg("Any"))), *known]))
    return found


async def _needs_and_strengths(ctx: Context, file: ParticipantAccess) -> list[dict[str, Any]]:
    """Returns what the sections of her needs say on the overview, where the reader may read them and they are there."""
    if not reaches(ctx, file, "needs_and_plan"):
        return []
    found = []
    for each in sections_shown(ctx):
        if each.information == "needs_and_plan" and each.name != "dates" and each.shown and each.shown.summarize:
            lines = await each.shown.summarize(ctx, file)
            if lines:
                found.append({"title": ctx.locale.say(each.shown.title), "name": each.name, "lines": lines})
    return found


async def lines_of(ctx: Context, acts: Sequence[Act]) -> list[Text]:
    """Returns a line for each act in the reader's language, as the room that keeps it says its codes."""
    said: dict[tuple[str, str, str], Text] = {}
    for kind in dict.fromkeys(act.kind for act in acts):
        alike = {(kind, act.what, act.how): act for act in acts if act.kind == kind}
        said |= zip(alike, await ctx.plugins.timeline_acts[kind].say(ctx, list(alike.values())), strict=True)
    return [said[act.kind, act.what, act.how] for act in acts]


def _classes(ctx: Context) -> list[str]:
    return list(dict.fromkeys(each.information for each in ctx.plugins.timeline_acts.values()))


def _is_new(act: Act, looked: dt.datetime | None) -> bool:
    return looked is None or act.written_at > looked
