"""Hooks that show panels on pages of the core, one for each slot."""

from typing import TYPE_CHECKING, Any

from spheres_core.facts import (
    OrganizationFacts,
    Panel,
    ParticipantFacts,
    PlanFacts,
    ReferralFacts,
    TogetherFacts,
)
from spheres_core.facts.activities import ActivityFacts
from spheres_core.facts.emergency_plans import EmergencyPlanFacts
from spheres_core.facts.meetings import MeetingFacts
from spheres_core.hook_versions import hookspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msgspec import Struct


@hookspec(since="0.1")
def show_home(settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the public home page, for anybody. No reader is known there, and nothing may tell of one."""


@hookspec(since="0.1")
def show_services(organizations: "Sequence[OrganizationFacts]", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the public page of partners and their services. `organizations`: those of today."""


@hookspec(since="0.1")
def show_referral(referral: "ReferralFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on one referral, for whoever may read referrals. Which plugins did is kept in the trail."""


@hookspec(since="0.1")
def show_my_day(settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on a worker's own day, the first page after signing in of those who follow participants."""


@hookspec(since="0.1")
def show_participant(participant: "ParticipantFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on a participant's file, for whoever may read it. Which plugins did is kept in the trail."""


@hookspec(since="0.1")
def show_plan(plan: "PlanFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel below a participant's needs and plan, for whoever may read them. It is kept in the trail."""


@hookspec(since="0.1")
def show_emergency_plan(plan: "EmergencyPlanFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel above an emergency plan to which a participant agreed, in her file and to somebody on call.

    It is told where she can go, and neither who she is nor a word of the plan. Which were shown is kept in the trail.
    """


@hookspec(since="0.1")
def show_together(together: "TogetherFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the screen that a young person and her worker look at together, in words that she may read.

    No link leads away from there, and a panel that fails is simply not there. Which were shown is kept in the trail.
    """


@hookspec(since="0.1")
def show_encounter_form(participant: "ParticipantFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel below the form on which an encounter is written, for whoever may write it. It is in the trail."""


@hookspec(since="0.1")
def show_activity(activity: "ActivityFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the page of an outing or a meeting of a group. It is told nothing of who comes along."""


@hookspec(since="0.1")
def show_meeting(meeting: "MeetingFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on a member's page of a meeting and on the page of whoever leads it. Nothing of the agenda is told:
    what stands there is the same for whoever stays out of an item.
    """


@hookspec(since="0.1")
def show_administration(settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the region's administration page."""
