"""Registers the safety room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.consents.events import about
from spheres_core.facts import msg
from spheres_core.foundation.plugins.bodies import BriefSection
from spheres_core.foundation.plugins.registrations import (
    DaySection,
    FileSection,
    NavigationItem,
    Permission,
    SectionAct,
    SectionPage,
    TimelineActs,
    TrailVerb,
)
from spheres_core.safety import controllers, events
from spheres_core.safety.models import EmergencyAccessRow, EmergencyPlanRow, NotNowRow
from spheres_core.safety.pages import on_call, plan
from spheres_core.safety.permissions import OPEN, REVIEW
from spheres_core.safety.queries import coverage, timeline
from spheres_core.safety.schemas.plans import CLASS
from spheres_core.safety.settings import Settings
from spheres_core.safety.views import brief_section, plan_page, sections
from spheres_core.safety.views.access_rate import rate_sentences
from spheres_core.safety.views.draft_forms import PLAN_FORM
from spheres_core.safety.views.timeline_lines import say_plans


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(OPEN, msg("Open an emergency plan in an emergency, where she agreed to it"), ("on_call_partner",)),
        Permission(REVIEW, msg("Look at who opened an emergency plan, and why"), roles=("privacy_officer",)),
    ]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("staff/on-call", msg("On call"), "staff", OPEN, order=4),
        NavigationItem("staff/emergency-accesses", msg("Emergency accesses"), "staff", REVIEW, order=11),
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [*plan.HANDLERS, *on_call.HANDLERS]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_day_sections() -> Sequence[DaySection]:
    title = msg("Emergency plans to talk about")
    return [
        DaySection(
            "emergency_accesses",
            msg("Opened in an emergency"),
            sections.opened_of_pivot,
            5,
            watched=sections.opened_of_coordinator,
            counted=rate_sentences,
            asks=coverage.asks_active,
        ),
        DaySection(
            "emergency_plans",
            title,
            sections.lines_of_pivot,
            15,
            watched=sections.lines_of_coordinator,
            asks=coverage.asks_active,
        ),
    ]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    return [
        FileSection(
            "emergency_plan",
            CLASS,
            read=sections.read_section,
            shown=SectionPage(
                plan_page.TITLE,
                35,
                page=sections.PAGE,
                summarize=sections.summarize,
                empty=msg("What she has thought out for a dangerous moment stands here, in her words."),
                begins=(SectionAct(msg("Write the plan with her"), "write_emergency_plan"),),
            ),
            drafts=(PLAN_FORM,),
            shared=sections.shared_texts,
        )
    ]


@hookimpl(trylast=True)
def register_brief_sections() -> Sequence[BriefSection]:
    return [BriefSection("emergency_plan", CLASS, plan_page.TITLE, brief_section.plans_of, order=60)]


@hookimpl(trylast=True)
def register_timeline_acts() -> Sequence[TimelineActs]:
    acts = (timeline.PLANS, timeline.NOT_NOW)
    return [TimelineActs("emergency_plan", plan_page.TITLE, CLASS, acts, say_plans)]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    plan_act, wish = about(CLASS, "plan", EmergencyPlanRow, "version", "state"), about(CLASS, "not_now", NotNowRow)
    return [
        TrailVerb("emergency_plan.read", msg("A participant's emergency plan was read")),
        TrailVerb(
            "emergency_plan.written",
            msg("A draft of an emergency plan was written"),
            hook="on_emergency_plan_changed",
            load_for=plan_act,
        ),
        TrailVerb(
            "emergency_plan.agreed",
            msg("A participant agreed to her emergency plan"),
            hook="on_emergency_plan_changed",
            load_for=plan_act,
        ),
        TrailVerb(
            "emergency_plan.not_now",
            msg("A participant did not want an emergency plan"),
            hook="on_emergency_plan_changed",
            load_for=wish,
        ),
        TrailVerb(
            "emergency_access.opened",
            msg("Somebody on call opened an emergency plan"),
            hook="on_emergency_access_opened",
            load_for=about(CLASS, "access", EmergencyAccessRow, team_only=True),
            tell=events.notify_of_access,
        ),
        TrailVerb("emergency_access.refused", msg("Somebody on call tried a code that opens nothing")),
        TrailVerb("emergency_access.reviewed", msg("Somebody looked at an emergency access")),
        TrailVerb("emergency_accesses.counted", msg("Emergency accesses were counted")),
        TrailVerb("emergency_accesses.listed", msg("Emergency accesses were listed")),
        TrailVerb("emergency_plan.card_made", msg("The card was made that she may carry")),
        TrailVerb("emergency_plan.asked_for", msg("Those without an emergency plan were listed")),
    ]
