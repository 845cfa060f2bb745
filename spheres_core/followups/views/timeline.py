"""Her file as a timeline: one readable line for each act, cut to what the reader may read."""

from __future__ import annotations

from typing import Final

from spheres_core.audit import operations as audit
from spheres_core.audit import queries as audit_queries
from spheres_core.facts import Message, msg
from spheres_core.followups.queries.timeline import SOURCES, Act, acts_of
from spheres_core.followups.schemas.timeline import Timeline, TimelineLine
from spheres_core.followups.states import STATES
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LIMIT, make_cursor, read_cursor
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import CHANNELS
from spheres_core.participants.views.safe_contact import OUTCOMES

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
    ctx: Context, file: ParticipantAccess, *, kind: str = "", since_last: bool = False, cursor: str = ""
) -> Timeline:
    """Returns a page of her timeline, the last written first, and writes to the trail that it was read.

    `kind`: only acts of this kind; `since_last`: only what was written since the reader last looked.
    Raises `CursorInvalid`, `KindUnknown`.
    """
    if kind and kind not in SOURCES:
        raise KindUnknown(extra={"known": list(SOURCES)})
    name = f"timeline {file.id} {kind}"
    before = read_cursor(ctx, name, cursor)
    looked = await audit_queries.last_of_actor(ctx, LOOKED, file.id)
    found = await acts_of(ctx, file, [kind] if kind else (), before=before, limit=LIMIT + 1)
    shown = found[:LIMIT]
    if not cursor:
        await audit.record(ctx, LOOKED, subject=("participant", file.id), shown=[act.id for act in shown])
    lines = [
        TimelineLine(
            act.id, act.kind, act.at, line_of(ctx, act), act.by, new=looked is None or act.written_at > looked
        )
        for act in shown
    ]  # fmt: skip
    more = make_cursor(ctx, name, shown[-1].id) if len(found) > LIMIT else None
    return Timeline([line for line in lines if line.new or not since_last], more, looked)


def line_of(ctx: Context, act: Act) -> str:
    """Returns one act in the reader's language."""
    if act.kind == "participation":
        return str(ctx.locale.say(msg("Her participation: {state}", state=ctx.locale.say(STATES[act.what]))))  # type: ignore[index]
    if act.kind == "contact_attempt":
        channel, outcome = CHANNELS[act.what], OUTCOMES[act.how]  # type: ignore[index]
        said = msg("{channel}: {outcome}", channel=ctx.locale.say(channel), outcome=ctx.locale.say(outcome))
        return str(ctx.locale.say(said))
    line = str(ctx.locale.say(LINES[act.kind, act.what]))
    detail = DETAILS.get((act.kind, act.how))
    return line if detail is None else f"{line} ({ctx.locale.say(detail)})"
