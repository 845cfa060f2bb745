"""Her participation on a page of her file: where it stands, who follows her, and the steps that may be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from spheres_core.facts import Message, Problem, msg
from spheres_core.followups.operations.participations import StepIncomplete
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries import assignments, participations
from spheres_core.followups.schemas.participations import StateCode, StepPosted
from spheres_core.followups.schemas.words import LONGEST_WORDS
from spheres_core.followups.states import LEADS_TO, REASONS, REASONS_FOR, STATES
from spheres_core.followups.views.wording import PARTICIPATION_TONES, PARTS, names_of, options
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.registrations import DraftForm, SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations.checks import DoubtedByCheck
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess

STEPS: Final[Mapping[tuple[StateCode, StateCode], Message]] = {
    ("proposed", "not_started"): msg("It does not begin"),
    ("active", "paused"): msg("Pause, her place stays hers"),
    ("paused", "active"): msg("She is back"),
    ("active", "closing"): msg("Begin to close, together with her"),
    ("paused", "closing"): msg("Begin to close, together with her"),
    ("closing", "active"): msg("Go on after all"),
    ("closing", "closed"): msg("Close it"),
}
"""Steps that are taken on this page. A first pivot worker begins it, and a transfer is an act of its own."""
DRAFTS: Final[Mapping[StateCode, DraftForm]] = {
    to: DraftForm(
        f"participation_step_{to}",
        msg("Her participation: {state}", state=STATES[to]),
        dict.fromkeys(("reason", "conversation_on", "note"), "participation"),
        page="participation",
    )
    for to in dict.fromkeys(to for _, to in STEPS)
}
"""By where a step leads: what was typed of one never stands in another."""
HINTS: Final[Mapping[tuple[StateCode, StateCode], Message]] = {
    ("active", "paused"): msg("Nothing is lost, and coming back needs no new referral."),
    ("closing", "closed"): msg(
        "A closing conversation is offered to her first. Her birthday, going back or a refusal are no reasons. She may"
        " come back, under the same code."
    ),
}


FIELDS: Final = ("reason", "conversation_on")
"""Fields at which a problem stands; all others stand above the steps."""


async def summarize(ctx: Context, access: ParticipantAccess) -> Sequence[SummaryLine]:
    """Returns where it stands, for the overview of her file."""
    found = (await participations.list_participations(ctx, access.reader, access.id)).participations
    return [SummaryLine(ctx.locale.say(STATES[found[0].state]), ctx.locale.date(found[0].begun_on))] if found else []


async def participation_page(
    ctx: Context, access: ParticipantAccess, *, begun: Mapping[str, Post], refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `followups/participation.html` shows. `refusal`: why a step that was sent was not taken.

    `begun`: by where a step leads, what was sent of it or waits as a draft.
    """
    say = ctx.locale.say
    episodes = (await participations.list_participations(ctx, access.reader, access.id)).participations
    following = await assignments.list_assignments(ctx, access.reader, access.id)
    now = [each for each in following.assignments if each.ends is None]
    names = await names_of(ctx, [each.staff for each in now])
    last = episodes[0] if episodes else None
    steps = [to for to in LEADS_TO[last.state] if (last.state, to) in STEPS] if last else []
    may_step = ctx.may(ASSIGN) or reaches(ctx, access, "participation", act="write")
    return {
        "title": say(msg("Her participation")),
        "now": {"tone": PARTICIPATION_TONES[last.state], "label": say(STATES[last.state])} if last else None,
        "since": last.begun_on if last else None,
        "version": last.version if last else 0,
        "following": [(say(PARTS[each.part]), names.get(each.staff, ""), each.starts) for each in now],
        "pivot_missing": following.pivot_missing,
        "before": [(say(STATES[each.state]), each.begun_on) for each in episodes[1:]],
        "steps": [_step(ctx, last.state, to) for to in steps] if last and may_step else [],
        "left_over": [each["note"] for to, each in begun.items() if to not in steps and each["note"]],
        "longest": LONGEST_WORDS,
        "begun": begun,
        "problems": {each.path: each.message for each in refusal.errors} if refusal else {},
        "trouble": say(refusal.message) if refusal else None,
        "against": [say(each.message) for each in refusal.errors if each.path not in FIELDS] if refusal else [],
        "doubted": isinstance(refusal, DoubtedByCheck),
    }


def step_posted(sent: Post) -> StepPosted:
    """Returns a step as it was sent. Raises `StepIncomplete` with the problem at its field."""
    values: dict[str, Any] = {
        "to": sent["to"], "version": sent.version(), "reason": sent["reason"] or None,
        "note": sent["note"].replace("\r\n", "\n"), "confirmed": bool(sent["confirmed"]),
    }  # fmt: skip
    if day := sent.day("conversation_on", required=False):
        values["conversation_on"] = day
    if sent.problems:
        raise StepIncomplete(errors=[Problem(each, path=name) for name, each in sent.problems.items()])
    try:
        return msgspec.convert(values, StepPosted)
    except msgspec.ValidationError:
        raise StepIncomplete(errors=[Problem(msg("Please say why."), path="reason")]) from None


def _step(ctx: Context, now: StateCode, to: StateCode) -> dict[str, Any]:
    reasons = REASONS_FOR.get((now, to), frozenset())
    hint = HINTS.get((now, to))
    return {
        "to": to,
        "draft": DRAFTS[to].name,
        "title": ctx.locale.say(STEPS[now, to]),
        "hint": ctx.locale.say(hint) if hint else None,
        "reasons": options(ctx, {code: each for code, each in REASONS.items() if code in reasons}),
        "asks_conversation": (now, to) == ("closing", "closed"),
    }
