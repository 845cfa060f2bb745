"""Registers the plans room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.consents.events import about
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import (
    DaySection,
    FileSection,
    NavigationItem,
    Permission,
    RecordKind,
    SectionAct,
    SectionPage,
    TimelineActs,
    TrailEffect,
    TrailVerb,
)
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.extra_answers import not_by_id
from spheres_core.plans import controllers, events
from spheres_core.plans.models import (
    CycleStageRow,
    GoalRow,
    GoalStageRow,
    NeedRow,
    ServiceGapRow,
    ServiceRequestRow,
    StrengthRow,
)
from spheres_core.plans.operations import goals, needs, request_steps
from spheres_core.plans.operations import requests as request_operations
from spheres_core.plans.pages import answer_links, cycle, plan, requests, together
from spheres_core.plans.permissions import ANSWER
from spheres_core.plans.queries import timeline
from spheres_core.plans.queries.needs import CLASS, asks_urgent
from spheres_core.plans.queries.requests import CLASS as REQUESTS_CLASS
from spheres_core.plans.queries.requests import asks_unanswered
from spheres_core.plans.settings import Settings
from spheres_core.plans.views import draft_forms, plan_page, request_page, sections, timeline_lines


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(ANSWER, msg("Answer what the own organization is asked for, for a participant"), roles=("liaison",))
    ]


@hookimpl(trylast=True)
def register_record_kinds() -> Sequence[RecordKind]:
    return [
        RecordKind(needs.KIND, msg("a need"), READ, READ, "need.recorded", find=not_by_id, information=CLASS),
        RecordKind(goals.KIND, msg("a goal"), READ, READ, "goal.recorded", find=not_by_id, information=CLASS),
        RecordKind(
            request_operations.KIND, msg("a service request"), READ, READ, "service_request.sent", find=not_by_id,
            information=REQUESTS_CLASS,
        ),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [*plan.HANDLERS, *cycle.HANDLERS, *requests.HANDLERS, *together.HANDLERS, *answer_links.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("staff/requests", msg("Requests to us"), "staff", ANSWER, order=11)]


@hookimpl(trylast=True)
def register_day_sections() -> Sequence[DaySection]:
    return [
        DaySection(
            "urgent_needs",
            msg("Urgent needs that nothing meets yet"),
            plan_page.urgent_lines,
            order=10,
            asks=asks_urgent,
        ),
        DaySection(
            "unanswered",
            msg("Requests that no partner has answered"),
            request_page.unanswered_lines,
            order=20,
            asks=asks_unanswered,
        ),
    ]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    return [
        FileSection(
            "strengths",
            "needs_and_plan",
            read=sections.read_strengths,
            shown=SectionPage(
                msg("Needs and plan"),
                10,
                page=plan.PAGE,
                summarize=plan_page.summarize,
                empty=msg("Begin with what she can build on; her goals and needs stand here."),
                begins=(
                    SectionAct(msg("Note a need"), "plan_need"),
                    SectionAct(msg("Note a goal"), "plan_goal"),
                ),
            ),
            drafts=(draft_forms.STRENGTH_FORM,),
        ),
        FileSection("needs", "needs_and_plan", read=sections.read_needs, drafts=(draft_forms.NEED_FORM,)),
        FileSection(
            "goals",
            "needs_and_plan",
            read=sections.read_goals,
            drafts=(draft_forms.GOAL_FORM, draft_forms.GOAL_STAGE_FORM),
        ),
        FileSection(
            "cycle_stages",
            "stages",
            read=sections.read_cycle_stages,
            shown=SectionPage(msg("Where she stands"), 20, page=cycle.PAGE),
            drafts=(draft_forms.CYCLE_FORM,),
        ),
        FileSection(
            "requests",
            "service_requests",
            read=sections.read_requests,
            shown=SectionPage(
                msg("Services asked for"),
                30,
                page=requests.PAGE,
                summarize=request_page.summarize,
                empty=msg("What partners are asked for stands here, with their answers."),
                begins=(SectionAct(msg("Ask for a service"), "ask_for_service"),),
            ),
            drafts=(draft_forms.REQUEST_FORM, draft_forms.ANSWER_FORM),
        ),
    ]


@hookimpl(trylast=True)
def register_timeline_acts() -> Sequence[TimelineActs]:
    say = timeline_lines
    return [
        TimelineActs("need", msg("Needs"), "needs_and_plan", (timeline.PLAN_MOVES,), say.say_needs),
        TimelineActs("strength", msg("Strengths"), "needs_and_plan", (timeline.PLAN_MOVES,), say.say_strengths),
        TimelineActs("goal", msg("Goals"), "needs_and_plan", (timeline.PLAN_MOVES,), say.say_goals),
        TimelineActs(
            "goal_stage", msg("Where she stands with a goal"), "stages", (timeline.GOAL_STAGES,), say.say_goal_stages
        ),
        TimelineActs("cycle_stage", msg("Where she stands"), "stages", (timeline.CYCLE_STAGES,), say.say_cycle_stages),
        TimelineActs(
            "service_request", msg("Services asked for"), "service_requests", (timeline.REQUESTS,), say.say_requests
        ),
    ]


@hookimpl(trylast=True)
def register_trail_effects() -> Sequence[TrailEffect]:
    return [
        TrailEffect("participation.moved", request_steps.end_with_participation),
        TrailEffect("consent.withdrawn", request_steps.end_with_agreement),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    need = about("needs_and_plan", "need", NeedRow, "code", "state", "urgency")
    strength = about("needs_and_plan", "strength", StrengthRow)
    goal = about("needs_and_plan", "goal", GoalRow, "from", "to", "state")
    goal_stage = about("stages", "stage", GoalStageRow, "goal")
    cycle_stage = about("stages", "stage", CycleStageRow, "model", "model_version")
    request = about("service_requests", "request", ServiceRequestRow, "service", "from", "to", "by_partner", ends=True)
    gap = about("service_requests", "gap", ServiceGapRow, "need", "area", team_only=True)
    return [
        TrailVerb("need.recorded", msg("A need was recorded"), hook="on_plan_changed", load_for=need),
        TrailVerb("need.changed", msg("A need was written anew"), hook="on_plan_changed", load_for=need),
        TrailVerb("needs.read", msg("A participant's needs were read")),
        TrailVerb("urgent_needs.listed", msg("Urgent needs were listed")),
        TrailVerb("strength.recorded", msg("A strength was recorded"), hook="on_plan_changed", load_for=strength),
        TrailVerb("strength.changed", msg("A strength was written anew"), hook="on_plan_changed", load_for=strength),
        TrailVerb("strengths.read", msg("A participant's strengths were read")),
        TrailVerb("goal.recorded", msg("A goal was recorded"), hook="on_plan_changed", load_for=goal),
        TrailVerb("goal.changed", msg("A goal was written anew"), hook="on_plan_changed", load_for=goal),
        TrailVerb("goals.read", msg("A participant's goals were read")),
        TrailVerb(
            "goal_stage.observed",
            msg("It was noted where she stands with a goal"),
            hook="on_stage_changed",
            load_for=goal_stage,
        ),
        TrailVerb(
            "cycle_stage.observed",
            msg("It was noted where she stands in the cycle"),
            hook="on_stage_changed",
            load_for=cycle_stage,
        ),
        TrailVerb(
            "service_request.sent",
            msg("A partner was asked for a service"),
            hook="on_service_request_changed",
            load_for=request,
            tell=events.notify_asked,
        ),
        TrailVerb(
            "service_request.moved",
            msg("A service request took a step"),
            hook="on_service_request_changed",
            load_for=request,
            tell=events.notify_of_step,
        ),
        TrailVerb(
            "service_gap.recorded",
            msg("A need that nobody can meet was recorded"),
            hook="on_plan_changed",
            load_for=gap,
        ),
        TrailVerb("service_request.link_made", msg("A link to answer a service request was made")),
        TrailVerb("service_request.link_revoked", msg("A link to answer a service request was closed")),
        TrailVerb("service_request.read_by_link", msg("A service request was read by a link")),
        TrailVerb("service_request.link_not_opened", msg("A link that opens nothing was tried")),
        TrailVerb("service_requests.read", msg("Service requests were read")),
        TrailVerb("participant.shown_together", msg("A plan was opened on a screen for a worker and the young person")),
        TrailVerb("stages.read", msg("It was read where a participant stands")),
    ]
