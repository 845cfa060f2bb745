"""A coordinator's page: gaps first, then hand-overs that wait, then who has how many files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from spheres_core.facts import Message, Problem, msg
from spheres_core.followups.operations.assignments import WorkerInvalid
from spheres_core.followups.queries.coordination import coordination
from spheres_core.followups.schemas.assignments import AssignmentPosted
from spheres_core.followups.schemas.coordination import Caseload
from spheres_core.followups.schemas.days import DayPart
from spheres_core.followups.states import OPEN, STATES
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.wording import PARTS, names_of
from spheres_core.followups.views.workers import workers
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post

COUNTED = tuple(state for state in STATES if state in OPEN)
"""States in which a file is somebody's, in order."""


async def coordination_page(
    ctx: Context, *, done: str = "", code: str = "", chosen: str = "", refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `followups/coordination.html` shows. `refusal`: why nobody was named for the file of a code."""
    found = await coordination(ctx)
    able = await workers(ctx)
    loads = {str(each.staff): each for each in found.caseloads}
    names = await names_of(ctx, [id for each in found.hand_overs for id in (each.from_staff, each.to_staff)])
    problems: dict[str, Message] = {f"staff-{code}": refusal.message} if refusal else {}
    return {
        "title": ctx.locale.say(msg("Coordination")),
        "done": say_done(ctx, done),
        "problems": problems,
        "chosen": {code: chosen},
        "workers": [("", ctx.locale.say(msg("Choose"))), *able],
        "gaps": [
            {"code": each.participant, "state": ctx.locale.say(STATES[each.state])} for each in found.without_pivot
        ],
        "offers": [
            {
                "id": each.id,
                "code": each.participant,
                "part": ctx.locale.say(PARTS[each.part]),
                "giver": names.get(each.from_staff, "") if each.from_staff else "",
                "to": names.get(each.to_staff, ""),
                "told": each.told,
                "at": each.offered_at,
            }
            for each in found.hand_overs
        ],
        "more": [(each, said) for each, said in await _watched(ctx) if each.lines or said],
        "caseloads": [{"name": name, **_counts(ctx, loads.get(id))} for id, name in able],
    }


async def _watched(ctx: Context) -> list[tuple[DayPart, list[Text]]]:
    """Returns what other rooms keep for a coordinator to watch, each with what is counted there."""
    return [
        (
            DayPart(each.name, str(ctx.locale.say(each.title)), list(await each.watched(ctx))),
            list(await each.counted(ctx)) if each.counted is not None else [],
        )
        for each in ctx.plugins.day_sections
        if each.watched is not None
    ]


def pivot_posted(sent: Post) -> AssignmentPosted:
    """Returns who is to follow her. Raises `WorkerInvalid` where nobody was chosen."""
    try:
        return AssignmentPosted(UUID(sent["staff"]))
    except ValueError:
        problem = Problem(msg("Choose who follows her."), path="staff")
        raise WorkerInvalid(errors=[problem]) from None


def _counts(ctx: Context, load: Caseload | None) -> dict[str, Any]:
    pivot = load.pivot if load else {}
    states: list[tuple[Text, int]] = [
        (ctx.locale.say(STATES[state]), pivot[state]) for state in COUNTED if state in pivot
    ]
    return {"files": sum(pivot.values()), "states": states, "backup": load.backup if load else 0}
