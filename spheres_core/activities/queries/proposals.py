"""Finds activities that might be something for her: those listed for a need of hers, and what plugins propose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from spheres_core.activities.queries.catalogue import activities
from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.isolation.hook_calls import HookAnswers
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.plans.queries.suggestions import plan_facts
from spheres_core.plans.views.form_fields import label_of

HOOK: Final = "propose_activities"
PLAN_CLASS: Final = "needs_and_plan"


class Proposed(Struct, frozen=True):
    """An activity of the region's list that might be something for her, and why."""

    activity: str
    reasons: list[Message | Words]


class Proposals(Struct, frozen=True):
    """Everything that is proposed, and which plugins could not answer."""

    items: Sequence[Proposed] = ()
    missing: Sequence[str] = ()


async def proposed_activities(ctx: Context, access: ParticipantAccess) -> Proposals:
    """Returns what is proposed to whoever may read her plan; it is read only where somebody proposes anything."""
    known = in_use(activities(ctx))
    asks = bool(ctx.plugins.listeners(HOOK))
    if not reaches(ctx, access, PLAN_CLASS) or not (asks or any(each.needs for each in known.values())):
        return Proposals()
    told = await plan_facts(ctx, access=access)
    answers = await ctx.ask("propose_activities", **told) if asks else HookAnswers(())
    reasons: dict[str, list[Message | Words]] = {}
    for code, each in known.items():
        meant_for = [need for need in each.needs if need in told["plan"].needs]
        if meant_for:
            named = ctx.locale.listed([str(label_of(ctx, listed(ctx, "needs"), need)) for need in meant_for])
            reasons[code] = [msg("The region’s list names it for a need of hers: {needs}", needs=named)]
    for _, proposal in answers.answers:
        if proposal.activity in known:
            reasons.setdefault(proposal.activity, []).append(proposal.reason)
    return Proposals([Proposed(code, said) for code, said in reasons.items()], answers.missing)
