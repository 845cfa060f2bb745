"""Registers the committee room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.committee import controllers, events
from spheres_core.committee.models import RecommendationRow
from spheres_core.committee.operations import agenda
from spheres_core.committee.pages import figures, her_committee, meeting_names, meetings, preparation
from spheres_core.committee.permissions import MEET, PREPARE
from spheres_core.committee.queries import timeline
from spheres_core.committee.queries.agenda import CLASS
from spheres_core.committee.queries.recommendations import asks_to_ask, asks_to_tell
from spheres_core.committee.settings import Settings
from spheres_core.committee.views import (
    day_lines,
    draft_forms,
    her_page,
    name_page,
    plan_sections,
    sections,
    timeline_lines,
)
from spheres_core.consents.events import about
from spheres_core.consents.schemas import MEETING_NAME
from spheres_core.facts import msg
from spheres_core.foundation.plugins.bodies import Body, BriefSection
from spheres_core.foundation.plugins.registrations import (
    DaySection,
    FileSection,
    NavigationItem,
    Permission,
    SectionAct,
    SectionPage,
    TimelineActs,
    TrailEffect,
    TrailVerb,
)


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(
            MEET,
            msg("See when committees meet, and discuss what the own seat and each young person’s consent let through"),
            roles=("committee_member", "coordinator", "pivot_worker"),
        ),
        Permission(
            PREPARE,
            msg("Plan meetings of committees, and write down what they recommend"),
            roles=("coordinator",),
        ),
    ]


@hookimpl(trylast=True)
def register_bodies() -> Sequence[Body]:
    return [
        Body("clinical", msg("Clinical Committee")),
        Body("steering", msg("Steering Committee"), discusses_participants=False),
    ]


@hookimpl(trylast=True)
def register_brief_sections() -> Sequence[BriefSection]:
    plan, of = "needs_and_plan", plan_sections
    return [
        BriefSection("strengths", plan, msg("What she can build on"), of.strengths_of, order=10),
        BriefSection("goals", plan, msg("What she wants"), of.goals_of, order=20),
        BriefSection("needs", plan, msg("What she needs"), of.needs_of, order=30),
        BriefSection("stages", "stages", msg("Where she stands"), of.stages_of, order=40),
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    each_page = (her_committee, meeting_names, meetings, preparation, figures)
    return [handler for page in each_page for handler in page.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("staff/committee", msg("Committees"), "staff", MEET, order=11)]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    return [
        FileSection(
            "agenda_items",
            CLASS,
            read=sections.read_items,
            shown=SectionPage(
                her_page.TITLE,
                58,
                page=her_committee.PAGE,
                summarize=her_page.summarize,
                empty=msg("What she wants a committee to think about with us stands here, and what it recommended."),
                begins=(SectionAct(msg("Put on the agenda of a committee"), "put_on_agenda"),),
                team_only=True,
            ),
            drafts=(draft_forms.ITEM_FORM,),
        ),
        FileSection(
            "recommendations",
            CLASS,
            read=sections.read_recommendations,
            drafts=(draft_forms.TOLD_FORM, draft_forms.RESULT_FORM),
        ),
        FileSection("meeting_name", MEETING_NAME, read=name_page.read_section, drafts=(draft_forms.NAME_FORM,)),
    ]


@hookimpl(trylast=True)
def register_day_sections() -> Sequence[DaySection]:
    return [
        DaySection("committee_to_ask", msg("Before a meeting"), day_lines.to_ask_lines, order=12, asks=asks_to_ask),
        DaySection(
            "recommendations_to_tell",
            msg("Recommended, and not told yet"),
            day_lines.to_tell_lines,
            order=14,
            asks=asks_to_tell,
        ),
    ]


@hookimpl(trylast=True)
def register_timeline_acts() -> Sequence[TimelineActs]:
    say = timeline_lines
    return [
        TimelineActs("agenda_item", msg("On the agenda of a committee"), CLASS, (timeline.ITEMS,), say.say_items),
        TimelineActs(
            "recommendation",
            msg("Recommendations of a committee"),
            CLASS,
            (timeline.RECOMMENDATIONS,),
            say.say_recommendations,
        ),
    ]


@hookimpl(trylast=True)
def register_trail_effects() -> Sequence[TrailEffect]:
    return [TrailEffect("participation.moved", agenda.end_with_participation)]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    recommendation = about(CLASS, "recommendation", RecommendationRow, "state", team_only=True)
    return [
        TrailVerb("committee.seat_given", msg("Somebody got a seat in a committee")),
        TrailVerb("committee.seat_ended", msg("A seat in a committee ended")),
        TrailVerb("committee.seats_listed", msg("Seats in committees were listed")),
        TrailVerb("committee.meetings_listed", msg("Meetings of committees were listed")),
        TrailVerb("committee_figures.published", msg("Figures of a period were published for the Steering Committee")),
        TrailVerb("committee_figures.read", msg("Figures for the Steering Committee were read")),
        TrailVerb("committee.recused", msg("A member of a committee stays out of an item")),
        TrailVerb("meeting.planned", msg("A meeting was planned"), hook="on_meeting_changed"),
        TrailVerb("meeting.ended", msg("A meeting was held or called off"), hook="on_meeting_changed"),
        TrailVerb("meeting.absence_noted", msg("A member does not come to a meeting")),
        TrailVerb(
            "meeting.absence_taken_back",
            msg("A member comes to a meeting after all"),
            tell=events.notify_who_does_not_come_instead,
        ),
        TrailVerb("meeting.presence_noted", msg("It was noted who is in a meeting")),
        TrailVerb("meeting.agenda_read", msg("The agenda of a meeting was read")),
        TrailVerb("meeting.brief_read", msg("A brief of a meeting was read")),
        TrailVerb("agenda_item.put", msg("A participant was put on the agenda of a meeting")),
        TrailVerb("agenda_item.changed", msg("An item of an agenda was written anew")),
        TrailVerb("agenda_item.carried", msg("What is overdue was put on the agenda of a meeting")),
        TrailVerb("agenda_item.taken_off", msg("A participant was taken off the agenda of a meeting")),
        TrailVerb(
            "recommendation.made",
            msg("A meeting recommended something about a participant"),
            hook="on_recommendation_changed",
            load_for=recommendation,
        ),
        TrailVerb(
            "recommendation.ended",
            msg("It was noted what came of a recommendation"),
            hook="on_recommendation_changed",
            load_for=recommendation,
        ),
        TrailVerb(
            "recommendation.told",
            msg("A participant was told what was recommended"),
            hook="on_recommendation_changed",
            load_for=recommendation,
        ),
        TrailVerb("meeting_name.written", msg("How a participant may be called at a meeting was written")),
        TrailVerb("meeting_name.read", msg("How a participant may be called at a meeting was read")),
        TrailVerb("recommendations.read", msg("What meetings recommended was read")),
        TrailVerb("agenda_items.read", msg("What a committee had on its agendas of a participant was read")),
    ]
