"""Registers the activities room with the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.activities import controllers
from spheres_core.activities.models import OutingInvitationRow
from spheres_core.activities.pages import hers, outings, portrait
from spheres_core.activities.permissions import BUDGET, PLAN
from spheres_core.activities.queries import timeline
from spheres_core.activities.queries.invitations import asks_waiting
from spheres_core.activities.queries.outings import CLASS
from spheres_core.activities.views import brief_section, draft_forms, file_pages, shared_texts, timeline_lines
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


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(PLAN, msg("Plan activities, ask to come along and note who came"), ("pivot_worker", "coordinator")),
        Permission(BUDGET, msg("Write what activities may cost and what they cost"), ("coordinator",)),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [*outings.HANDLERS, *hers.HANDLERS, *portrait.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("staff/activities", msg("Activities"), "staff", PLAN, order=14)]


@hookimpl(trylast=True)
def register_day_sections() -> Sequence[DaySection]:
    return [DaySection("outings", msg("Activities of these days"), file_pages.day_lines, order=30, asks=asks_waiting)]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    return [
        FileSection(
            "activities",
            CLASS,
            read=file_pages.read_for_file,
            shown=SectionPage(
                msg("Activities"),
                25,
                page=hers.PAGE,
                summarize=file_pages.summarize,
                empty=msg("Outings and groups in which she tries something out stand here."),
                begins=(SectionAct(msg("Ask her along"), hers.PAGE),),
            ),
            drafts=(draft_forms.INVITATION_FORM, draft_forms.ANSWER_FORM, draft_forms.FOUND_FORM),
            shared=shared_texts.shared_texts,
        )
    ]


@hookimpl(trylast=True)
def register_brief_sections() -> Sequence[BriefSection]:
    title = msg("What she took part in, and how she said it was")
    return [BriefSection("activities", CLASS, title, brief_section.activities_of, order=50)]


@hookimpl(trylast=True)
def register_timeline_acts() -> Sequence[TimelineActs]:
    say = timeline_lines.say_outings
    return [TimelineActs("outing", msg("Activities"), CLASS, (timeline.INVITATIONS,), say, page=hers.ONE)]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    asked = about("activities", "invitation", OutingInvitationRow, "answer")
    came = about("activities", "invitation", OutingInvitationRow, "attendance")
    return [
        TrailVerb("outing.planned", msg("An activity was planned"), hook="on_activity_changed"),
        TrailVerb("outing.changed", msg("An activity was changed, held or called off"), hook="on_activity_changed"),
        TrailVerb("outing.budgeted", msg("It was noted what an activity may cost, or what it cost")),
        TrailVerb("outings.listed", msg("Activities were listed")),
        TrailVerb("outing.read", msg("An activity was opened, with those who come along")),
        TrailVerb(
            "outing_invitation.made",
            msg("A participant was asked to an activity"),
            hook="on_invitation_changed",
            load_for=asked,
        ),
        TrailVerb(
            "outing_invitation.changed",
            msg("The answer or the words of a participant about an activity were written anew"),
            hook="on_invitation_changed",
            load_for=asked,
        ),
        TrailVerb("outing_invitations.read", msg("It was read what activities a participant was asked to")),
        TrailVerb(
            "attendance.noted",
            msg("It was noted whether a participant came to an activity"),
            hook="on_attendance_recorded",
            load_for=came,
        ),
        TrailVerb("portrait.made", msg("The portrait of a participant’s strengths was made")),
        TrailVerb("kept_apart.recorded", msg("It was noted that two participants must not meet")),
        TrailVerb("kept_apart.ended", msg("It was noted that two participants may meet again")),
        TrailVerb("kept_apart.read", msg("It was read whom a participant must not meet")),
    ]
