"""Hook implementations: the only way from the core into this folder."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core.plugin import (
    ActivityFacts,
    ActivityProposal,
    Context,
    GoalSuggestion,
    MeetingFacts,
    NeedFacts,
    Opinion,
    Panel,
    Permission,
    PersonRecord,
    PlanFacts,
    Problem,
    ReferralFacts,
    SentReferral,
    TrailVerb,
    hookimpl,
)

from . import controllers, distance, eligibility, operations, queries
from .settings import Settings


@hookimpl
def register_settings() -> type[Struct]:
    return Settings


@hookimpl
def register_permissions() -> Sequence[Permission]:
    title = {"fr": "Voir les questions de déplacement", "en": "See travel questions"}
    return [Permission(controllers.READ, title, roles=("coordinator",))]


@hookimpl
def register_controllers() -> Sequence[Any]:
    return [controllers.list_travel_questions]


@hookimpl
def register_trail_verbs() -> Sequence[TrailVerb]:
    title = {"fr": "Des questions de déplacement ont été consultées", "en": "Travel questions were read"}
    return [TrailVerb(queries.LISTED, title)]


@hookimpl
def assess_eligibility(referral: SentReferral, settings: Settings) -> Opinion | None:
    return eligibility.assess_law(referral, settings)


@hookimpl
def check_need(need: NeedFacts) -> Sequence[Problem]:
    return distance.check_urgent(need)


@hookimpl
def suggest_goals(plan: PlanFacts) -> Sequence[GoalSuggestion]:
    return distance.suggest_talk(plan)


@hookimpl
def show_plan(plan: PlanFacts) -> Panel | None:
    return distance.show_reach(plan)


@hookimpl
def propose_activities(plan: PlanFacts) -> Sequence[ActivityProposal]:
    return distance.propose_near(plan)


@hookimpl
def show_activity(activity: ActivityFacts) -> Panel | None:
    return distance.show_way(activity)


@hookimpl
def show_meeting(meeting: MeetingFacts) -> Panel | None:
    return distance.show_roads(meeting)


@hookimpl
async def on_referral_received(ctx: Context, referral: ReferralFacts) -> None:
    await operations.note_travel_question(ctx, referral)


@hookimpl
async def export_person(ctx: Context, referral: ReferralFacts) -> Sequence[PersonRecord]:
    return await queries.records(ctx, referral.id)
