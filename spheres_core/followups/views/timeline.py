"""Her file as a timeline: one readable line for each act, cut to what the reader may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from spheres_core.audit import operations as audit
from spheres_core.audit import queries as audit_queries
from spheres_core.consents.schemas import CLASSES
from spheres_core.facts import Message, msg
from spheres_core.followups.queries.timeline import INFORMATION_OF, SOURCES, Act, acts_of
from spheres_core.followups.schemas.timeline import Timeline, TimelineKind, TimelineLine
from spheres_core.followups.states import STATES
from spheres_core.followups.views.wording import names_of, options
from spheres_core.followups.vulnerable_dates import KINDS as DATE_KINDS
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LIMIT, make_cursor, read_cursor
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import CHANNELS
from spheres_core.participants.views.file_frame import sections_shown
from spheres_core.participants.views.safe_contact import OUTCOMES

KINDS: Final[Mapping[TimelineKind, Message]] = {
    "encounter": msg("Encounters"),
    "contact_attempt": msg("Attempts to reach her"),
    "participation": msg("Her participation"),
    "assignment": msg("Who follows her"),
    "date": msg("Dates to keep in mind"),
}
LOOKED: Final = "timeline.read"
LINES: Final[dict[tuple[str, str], Message]] = {
    ("assignment", "pivot"): msg("Somebody follows her as pivot worker from now on"),
    ("assignment", "backup"): msg("Somebody is the backup of her pivot worker from now on"),
    ("encounter", "planned"): msg("An encounter is planned"),
    ("encounter", "held"): msg("An encounter took place"),
    ("encounter", "missed"): msg("An encounter did not come about"),
    ("encounter", "cancelled"): msg("An encounter was called off"),
}
DETAILS: Final[dict[tuple[str, str], Message]] = {
    ("encounter", "in_person"): msg("in person"),
    ("encounter", "phone"): msg("by phone"),
    ("encounter", "video"): msg("by video"),
    ("encounter", "messages"): msg("by messages"),
    ("encounter", "accompaniment"): msg("accompanied somewhere"),
    ("encounter", "group"): msg("in a group"),
}


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
    since_last: bool = False,
    cursor: str = "",
) -> Timeline:
    """Returns a page of her timeline, the last written first, and writes to the trail that it was read.

    `kind`, `information`: only acts of this kind, of this class; `since_last`: only what was written since the reader
    last looked. Raises `CursorInvalid`, `KindUnknown`.
    """
    found, more, looked = await read_timeline(ctx, file, kind=kind, information=information, cursor=cursor)
    lines = [
        TimelineLine(act.id, act.kind, act.at, str(line_of(ctx, act)), act.by, new=_is_new(act, looked))
        for act in found
        if not since_last or _is_new(act, looked)
    ]
    return Timeline(lines, more, looked)


async def read_timeline(
    ctx: Context, file: ParticipantAccess, *, kind: str = "", information: str = "", cursor: str = ""
) -> tuple[list[Act], str | None, dt.datetime | None]:
    """Returns a page of acts, the cursor of the next one, and when the reader last looked; see `timeline_of`."""
    if kind and kind not in SOURCES:
        raise KindUnknown(extra={"known": list(SOURCES)})
    if information and information not in INFORMATION_OF.values():
        raise KindUnknown(extra={"known": sorted(set(INFORMATION_OF.values()))})
    kinds = [
        each
        for each in SOURCES
        if (not kind or each == kind) and (not information or INFORMATION_OF[each] == information)
    ]
    name = f"timeline {file.id} {kind} {information}"
    before = read_cursor(ctx, name, cursor)
    looked = await audit_queries.last_of_actor(ctx, LOOKED, file.id)
    found = await acts_of(ctx, file, kinds, before=before, limit=LIMIT + 1) if kinds else []
    shown = found[:LIMIT]
    if not cursor:
        await audit.record(ctx, LOOKED, subject=("participant", file.id), shown=[act.id for act in shown])
    return shown, make_cursor(ctx, name, shown[-1].id) if len(found) > LIMIT else None, looked


async def timeline_page(
    ctx: Context, file: ParticipantAccess, *, kind: str, information: str, since_last: bool, cursor: str
) -> dict[str, Any]:
    """Returns what `followups/timeline.html` shows: her needs and strengths, then a line for each act."""
    found, more, looked = await read_timeline(ctx, file, kind=kind, information=information, cursor=cursor)
    names = await names_of(ctx, [act.by for act in found])
    asked = {"kind": kind, "class": information, "since": "last" if since_last else ""}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return {
        "title": ctx.locale.say(msg("Timeline")),
        "first": await _needs_and_strengths(ctx, file),
        "lines": [
            {
                "id": act.id, "kind": act.kind, "at": act.at, "line": line_of(ctx, act),
                "by": names.get(act.by, "") if act.by else "", "new": looked is not None and _is_new(act, looked),
            }
            for act in found
            if not since_last or _is_new(act, looked)
        ],
        "asked": asked,
        "kinds": options(ctx, KINDS, msg("Everything")),
        "classes": options(ctx, {code: CLASSES[code] for code in INFORMATION_OF.values()}, msg("Every class")),
        "filtered": bool(query),
        "looked_at": looked,
        "next_url": f"?{query}{'&' if query else ''}cursor={more}" if more else "",
        "back_url": f"?{query}" if cursor else "",
        "may_write": reaches(ctx, file, "encounters", act="write"),
    }  # fmt: skip


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


def line_of(ctx: Context, act: Act) -> Text:
    """Returns one act in the reader's language."""
    say = ctx.locale.say
    if act.kind == "participation":
        return say(msg("Her participation: {state}", state=say(STATES[act.what])))  # type: ignore[index]
    if act.kind == "contact_attempt":
        channel, outcome = CHANNELS[act.what], OUTCOMES[act.how]  # type: ignore[index]
        return say(msg("{channel}: {outcome}", channel=say(channel), outcome=say(outcome)))
    if act.kind == "date":
        return say(msg("A date to keep in mind: {date}", date=say(DATE_KINDS[act.what])))  # type: ignore[index]
    line, detail = say(LINES[act.kind, act.what]), DETAILS.get((act.kind, act.how))
    return line if detail is None else say(msg("{line} ({detail})", line=line, detail=say(detail)))


def _is_new(act: Act, looked: dt.datetime | None) -> bool:
    return looked is None or act.written_at > looked
