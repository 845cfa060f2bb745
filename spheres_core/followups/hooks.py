"""Registers the followups room with the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.consents.events import about
from spheres_core.facts import msg
from spheres_core.followups import controllers, events
from spheres_core.followups.models import (
    AccompanimentRow,
    AssignmentRow,
    ContactAttemptRow,
    EncounterRow,
    HandOverRow,
    ParticipationRow,
    VulnerableDateRow,
)
from spheres_core.followups.operations import assignments as assignment_operations
from spheres_core.followups.operations import coordination
from spheres_core.followups.operations import hand_overs as hand_over_operations
from spheres_core.followups.operations.encounters import KIND as ENCOUNTER
from spheres_core.followups.pages import accompaniments as accompaniment_list_pages
from spheres_core.followups.pages import (
    agreement,
    contact,
    dates,
    encounters,
    hand_overs,
    my_day,
    participation,
    reporting_decisions,
    timeline,
)
from spheres_core.followups.pages import coordination as coordination_pages
from spheres_core.followups.permissions import ASSIGN, FOLLOW
from spheres_core.followups.queries import assignments, said_before, vulnerable_dates
from spheres_core.followups.queries import timeline as timeline_queries
from spheres_core.followups.views import (
    accompaniment_pages,
    dates_page,
    encounter_pages,
    participant_list,
    participation_page,
    reporting_decisions_page,
    sections,
    timeline_lines,
)
from spheres_core.followups.views.accompaniment_form import DRAFTS as ACCOMPANIMENT_FORMS
from spheres_core.followups.views.encounter_form import ADDENDUM_FORM, ENCOUNTER_FORM
from spheres_core.followups.views.participation_page import DRAFTS as STEP_FORMS
from spheres_core.foundation.plugins.registrations import (
    Duty,
    FileSection,
    ListColumn,
    NavigationItem,
    Permission,
    RecordAct,
    RecordKind,
    SectionAct,
    SectionPage,
    TimelineActs,
    TrailEffect,
    TrailVerb,
    on_pages_only,
)
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.extra_answers import not_by_id
from spheres_core.referrals.queries import record_kinds
from spheres_core.referrals.states import AGREED


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(ASSIGN, msg("Begin participations, and say who follows whom"), roles=("coordinator",)),
        Permission(FOLLOW, msg("Follow young people who take part"), roles=("pivot_worker",)),
    ]


@hookimpl(trylast=True)
def register_record_kinds() -> Sequence[RecordKind]:
    written = "encounter.recorded"
    return [RecordKind(ENCOUNTER, msg("an encounter"), READ, READ, written, find=not_by_id, information="encounters")]


@hookimpl(trylast=True)
def register_record_acts() -> Sequence[RecordAct]:
    title = msg("She agrees to take part")
    return [RecordAct(record_kinds.REFERRAL, title, agreement.PAGE, ASSIGN, frozenset({AGREED}))]


@hookimpl(trylast=True)
def register_duties() -> Sequence[Duty]:
    return [Duty("files", FOLLOW, assignments.number_of)]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    return [
        FileSection(
            "participations",
            "participation",
            read=sections.read_participations,
            said_before=said_before.said_in_referral,
            shown=SectionPage(msg("Timeline"), 30, page=timeline.PAGE),
            column=ListColumn(msg("State"), participant_list.read_states, order=10),
        ),
        FileSection(
            "participation",
            "participation",
            read=on_pages_only,
            shown=SectionPage(
                msg("Her participation"),
                60,
                page=participation.PAGE,
                summarize=participation_page.summarize,
                begins=(SectionAct(msg("Hand this file over"), "offer_files", FOLLOW, code_in_query=True),),
            ),
            drafts=tuple(STEP_FORMS.values()),
        ),
        FileSection(
            "assignments",
            "participation",
            read=sections.read_assignments,
            column=ListColumn(msg("Pivot worker"), participant_list.read_pivots, order=20),
        ),
        FileSection(
            "encounters",
            "encounters",
            read=sections.read_encounters,
            shown=SectionPage(
                msg("Encounters"),
                50,
                empty=msg("Encounters stand here: planned, held or missed, her own words apart."),
                page=encounters.PAGE,
                summarize=encounter_pages.summarize,
                begins=(
                    SectionAct(msg("Write a note"), "new_encounter"),
                    SectionAct(msg("Reach her"), "contact_her"),
                ),
            ),
            column=ListColumn(msg("Next encounter"), participant_list.read_promised, order=30),
            drafts=(ENCOUNTER_FORM, ADDENDUM_FORM),
        ),
        FileSection(
            "accompaniments",
            "encounters",
            read=accompaniment_pages.read_for_file("encounters"),
            shown=SectionPage(
                accompaniment_pages.TITLES["encounters"],
                52,
                empty=msg("A clinic, a visit, a paper: what she goes to with somebody beside her."),
                page=accompaniment_pages.PAGES["encounters"],
                summarize=accompaniment_pages.summarize("encounters"),
            ),
            drafts=(ACCOMPANIMENT_FORMS["encounters"],),
        ),
        FileSection(
            "legal_steps",
            "legal",
            read=accompaniment_pages.read_for_file("legal"),
            shown=SectionPage(
                accompaniment_pages.TITLES["legal"],
                54,
                empty=msg("A day in court, a lawyer: with her wish, and without anything of the case."),
                page=accompaniment_pages.PAGES["legal"],
                summarize=accompaniment_pages.summarize("legal"),
            ),
            drafts=(ACCOMPANIMENT_FORMS["legal"],),
        ),
        FileSection(
            "reporting_decisions",
            "legal",
            read=on_pages_only,
            shown=SectionPage(reporting_decisions_page.TITLE, 56, page=reporting_decisions.PAGE, team_only=True),
            drafts=(reporting_decisions_page.DECISION_FORM,),
        ),
        FileSection(
            "dates",
            "needs_and_plan",
            read=vulnerable_dates.list_dates,
            shown=SectionPage(
                msg("Dates to keep in mind"),
                40,
                empty=msg("Rent day, leaving a placement, court: help is offered before."),
                page=dates.PAGE,
                summarize=dates_page.summarize,
            ),
            drafts=(dates_page.DATE_FORM,),
        ),
    ]


@hookimpl(trylast=True)
def register_timeline_acts() -> Sequence[TimelineActs]:
    return [
        TimelineActs(
            "encounter", msg("Encounters"), "encounters",
            (timeline_queries.ENCOUNTERS,), timeline_lines.say_encounters, page="encounter",
        ),
        TimelineActs(
            "accompaniment", accompaniment_pages.TITLES["encounters"], "encounters",
            (timeline_queries.ACCOMPANIMENTS,), timeline_lines.say_accompaniments, page="accompaniment",
        ),
        TimelineActs(
            "legal_step", accompaniment_pages.TITLES["legal"], "legal",
            (timeline_queries.ACCOMPANIMENTS,), timeline_lines.say_accompaniments, page="accompaniment",
        ),
        TimelineActs(
            "reporting_decision", reporting_decisions_page.TITLE, "legal",
            (timeline_queries.REPORTING_DECISIONS,), timeline_lines.say_reporting_decisions,
        ),
        TimelineActs(
            "contact_attempt", msg("Attempts to reach her"), "encounters",
            (timeline_queries.ATTEMPTS,), timeline_lines.say_attempts,
        ),
        TimelineActs(
            "participation", msg("Her participation"), "participation",
            (timeline_queries.PARTICIPATIONS,), timeline_lines.say_participation,
        ),
        TimelineActs(
            "assignment", msg("Who follows her"), "participation",
            (timeline_queries.ASSIGNMENTS,), timeline_lines.say_assignments,
        ),
        TimelineActs(
            "date", msg("Dates to keep in mind"), "needs_and_plan",
            (timeline_queries.DATES,), timeline_lines.say_dates,
        ),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_trail_effects() -> Sequence[TrailEffect]:
    accounts = ("staff.created", "staff.roles_changed", "staff.switched_off", "staff.switched_on")
    return [
        *(TrailEffect(verb, coordination.match_standings) for verb in accounts),
        TrailEffect("exclusion.recorded", assignment_operations.end_excluded),
        TrailEffect("participation.moved", hand_over_operations.end_with_participation),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [
        *my_day.HANDLERS,
        *timeline.HANDLERS,
        *contact.HANDLERS,
        *encounters.HANDLERS,
        *accompaniment_list_pages.HANDLERS,
        *reporting_decisions.HANDLERS,
        *dates.HANDLERS,
        *hand_overs.HANDLERS,
        *agreement.HANDLERS,
        *participation.HANDLERS,
        *coordination_pages.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("staff/my-day", msg("My day"), "staff", FOLLOW, order=5),
        NavigationItem("staff/coordination", msg("Coordination"), "staff", ASSIGN, order=11),
    ]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    episode = about("participation", "participation", ParticipationRow, "from", "to", ends=True)
    assignment = about("participation", "assignment", AssignmentRow, "part")
    hand_over = about("participation", "hand_over", HandOverRow, "part")
    encounter = about("encounters", "encounter", EncounterRow, "state", "kind")
    accompaniment = about("encounters", "accompaniment", AccompanimentRow, "state")
    legal_step = about("legal", "accompaniment", AccompanimentRow, "state")
    attempt = about("encounters", "attempt", ContactAttemptRow)
    date = about("needs_and_plan", "date", VulnerableDateRow, "kind")
    return [
        TrailVerb(
            "participation.begun", msg("A participation was begun"), hook="on_participation_changed", load_for=episode
        ),
        TrailVerb(
            "participation.moved", msg("A participation took a step"), hook="on_participation_changed", load_for=episode
        ),
        TrailVerb("said_before.read", msg("What a referral said of a participant was offered in a form of her file")),
        TrailVerb("participations.listed", msg("A participant's participations were read")),
        TrailVerb(
            "assignment.begun",
            msg("Somebody began to follow a participant"),
            hook="on_assignment_changed",
            load_for=assignment,
        ),
        TrailVerb(
            "assignment.ended",
            msg("Somebody no longer follows a participant"),
            hook="on_assignment_changed",
            load_for=assignment,
        ),
        TrailVerb("assignments.listed", msg("Who follows a participant was read")),
        TrailVerb(
            "hand_over.offered",
            msg("A file was offered to another worker"),
            hook="on_assignment_changed",
            load_for=hand_over,
        ),
        TrailVerb(
            "hand_over.told",
            msg("A participant was told who would follow her next"),
            hook="on_assignment_changed",
            load_for=hand_over,
        ),
        TrailVerb("hand_over.accepted", msg("A file was taken over"), hook="on_assignment_changed", load_for=hand_over),
        TrailVerb(
            "hand_over.declined", msg("A file was not taken over"), hook="on_assignment_changed", load_for=hand_over
        ),
        TrailVerb(
            "hand_over.withdrawn",
            msg("The offer of a file was taken back"),
            hook="on_assignment_changed",
            load_for=hand_over,
        ),
        TrailVerb("hand_overs.previewed", msg("It was looked at what would be handed over")),
        TrailVerb("hand_overs.listed", msg("Files that are offered were listed")),
        TrailVerb(
            "encounter.recorded", msg("An encounter was recorded"), hook="on_encounter_changed", load_for=encounter
        ),
        TrailVerb(
            "encounter.corrected", msg("An encounter was written anew"), hook="on_encounter_changed", load_for=encounter
        ),
        TrailVerb(
            "encounter.added_to",
            msg("Something was added to an encounter"),
            hook="on_encounter_changed",
            load_for=encounter,
        ),
        TrailVerb("encounters.read", msg("Encounters were read")),
        TrailVerb(
            "accompaniment.recorded",
            msg("An accompaniment was recorded"),
            hook="on_accompaniment_changed",
            load_for=accompaniment,
        ),
        TrailVerb(
            "accompaniment.corrected",
            msg("An accompaniment was written anew"),
            hook="on_accompaniment_changed",
            load_for=accompaniment,
        ),
        TrailVerb(
            "legal_step.recorded",
            msg("A legal step was recorded"),
            hook="on_accompaniment_changed",
            load_for=legal_step,
        ),
        TrailVerb(
            "legal_step.corrected",
            msg("A legal step was written anew"),
            hook="on_accompaniment_changed",
            load_for=legal_step,
        ),
        TrailVerb("reporting_decision.recorded", msg("A reporting decision was written down")),
        TrailVerb("reporting_decisions.read", msg("Reporting decisions were read")),
        TrailVerb("accompaniments.read", msg("Accompaniments were read")),
        TrailVerb(
            "contact.attempted",
            msg("Somebody tried to reach a participant"),
            hook="on_encounter_changed",
            load_for=attempt,
        ),
        TrailVerb("contact_attempts.read", msg("Attempts to reach a participant were read")),
        TrailVerb("date.noted", msg("A date that makes need rise was noted"), hook="on_date_changed", load_for=date),
        TrailVerb(
            "date.ended", msg("A date that makes need rise holds no more"), hook="on_date_changed", load_for=date
        ),
        TrailVerb(
            "date.help_offered", msg("Help was offered early, before a date"), hook="on_date_changed", load_for=date
        ),
        TrailVerb("dates.read", msg("Dates that make need rise were read")),
        TrailVerb("timeline.read", msg("A participant's timeline was read")),
        TrailVerb("coordination.read", msg("Caseloads, gaps and hand-overs were looked at")),
        TrailVerb("day.shown", msg("A worker's day was shown")),
        TrailVerb(
            "pivot.missing",
            msg("A participant has no pivot worker"),
            hook="on_assignment_changed",
            load_for=episode,
            tell=events.notify_coordinators,
        ),
    ]
