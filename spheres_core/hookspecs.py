"""Every hook, in the order in which a referral meets them.

Seven kinds, told by the first word of the name; the kind fixes when a hook is called and what an error does:

    register_                    once per plugin set; pure, no I/O. On error the plugin is left out of the set.
    gather_                      before a question, once a request; async, reads the plugin's own tables only, within a
                                 fifth of a second. What it returns reaches the same plugin's questions and panels as
                                 `own`. On error those that ask for `own` are missing.
    assess_ propose_ suggest_    a question on the way; pure, frozen facts and the tenant's settings in, a value out.
                                 On error that opinion is missing, which the worker is told; the request goes on.
    check_                       before a write; pure; returns problems. On error a warning, or a refusal when the
                                 plugin declares the hook a safeguard.
    show_                        a panel on a page of the core; pure. On error the manifest's sentence stands there.
    on_                          after commit, from the outbox; async, with its own ctx. Retried, never able to undo.
                                 Of what is done with a participant a plugin is told what the organization for which
                                 it acts here may read then (`plugin_organizations` in `[settings.consents]`).
    export_ erase_               a person's data leaves or goes; async, may do I/O. Fails loudly: nothing is said to be
                                 done that is not, and a second run goes on where the first one ended.

Implementations take any subset of the arguments, by name. A new argument always comes with a default.

What is going to be taken away is marked first: it goes on working, and each plugin that uses it is named with what
comes in its place and the version that is without it. `hooks.lock.json` holds all this against unmeant changes.
"""

from typing import TYPE_CHECKING, Any

from spheres_core.facts import (
    Act,
    BackgroundJob,
    ContactProposal,
    DueSchedule,
    EncounterFacts,
    GoalSuggestion,
    NeedFacts,
    OfferedServiceFacts,
    Opinion,
    OrganizationFacts,
    Panel,
    ParticipantFacts,
    ParticipationStep,
    PersonRecord,
    PlanFacts,
    Problem,
    ReferralFacts,
    ReferralMove,
    RoutingSuggestion,
    SentReferral,
    ServiceOpinion,
    ServiceRequestFacts,
    TogetherFacts,
)
from spheres_core.hook_versions import hookspec
from spheres_core.slots import SLOTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from msgspec import Struct

    from spheres_core.foundation.content.packs import PackReader
    from spheres_core.foundation.plugins.registrations import (
        Command,
        DaySection,
        Duty,
        FileSection,
        NavigationItem,
        Notifier,
        Permission,
        RecordAct,
        RecordKind,
        Report,
        Role,
        TimelineActs,
        TrailEffect,
        TrailVerb,
    )
    from spheres_core.foundation.plugins.schedules import Schedule
    from spheres_core.foundation.tenancy.context import Context


# ---- once, when a plugin set is built ------------------------------------------------------------------------------


@hookspec(since="0.1")
def register_settings() -> "type[Struct]":  # type: ignore[empty-body]
    """Returns the frozen struct of this room's or plugin's settings; every field has a default.

    A tenant sets them under `[settings.<room or plugin id>]`; unknown keys are refused with file, line and key.
    """


@hookspec(since="0.1")
def register_roles() -> "Sequence[Role]":  # type: ignore[empty-body]
    """Returns the roles that exist here. A plugin's begin with its id and a dot, and are declared in `plugin.toml`.

    An administrator gives them to members of staff as she gives the core's. A role carries what permissions say of it,
    and only a plugin's own permissions can name its roles.
    """


@hookspec(since="0.1")
def register_permissions() -> "Sequence[Permission]":  # type: ignore[empty-body]
    """Returns the permissions that exist here, and the roles that have them. A plugin's begin with its id and a dot.

    They are declared in `plugin.toml`, so that an administrator sees them before the plugin is on.
    """


@hookspec(since="0.1")
def register_pack_readers() -> "Sequence[PackReader]":  # type: ignore[empty-body]
    """Returns the readers of the content files that this room reads from a pack. Rooms of the core only."""


@hookspec(since="0.1")
def register_record_kinds() -> "Sequence[RecordKind]":  # type: ignore[empty-body]
    """Returns the kinds of records of this room on which extra questions are asked. Rooms of the core only."""


@hookspec(since="0.1")
def register_record_acts() -> "Sequence[RecordAct]":  # type: ignore[empty-body]
    """Returns acts of this room that the page of another room's record leads to. Rooms of the core only."""


@hookspec(since="0.1")
def register_duties() -> "Sequence[Duty]":  # type: ignore[empty-body]
    """Returns what a member of staff hands over before her account may close. Rooms of the core only."""


@hookspec(since="0.1")
def register_file_sections() -> "Sequence[FileSection]":  # type: ignore[empty-body]
    """Returns the sections of a participant's file that this room keeps. Rooms of the core only."""


@hookspec(since="0.1")
def register_day_sections() -> "Sequence[DaySection]":  # type: ignore[empty-body]
    """Returns what waits for a worker and this room keeps: parts of her day. Rooms of the core only."""


@hookspec(since="0.1")
def register_timeline_acts() -> "Sequence[TimelineActs]":  # type: ignore[empty-body]
    """Returns the acts that this room adds to the timeline of a participant's file. Rooms of the core only."""


@hookspec(since="0.1")
def register_trail_effects() -> "Sequence[TrailEffect]":  # type: ignore[empty-body]
    """Returns what this room does in the transaction in which one below it records a verb. Rooms of the core only."""


@hookspec(since="0.1")
def register_controllers() -> "Sequence[Any]":  # type: ignore[empty-body]
    """Returns Litestar handlers for JSON. A room's stand under `/api`, a plugin's under `/api/x/<plugin>`.

    Functions marked `get`, `post`, `put`, `patch` or `delete`, each with one of the guards `public`, `signed_in` or
    `requires("<permission>")`. A plugin's named handlers have names that begin with its id and an underscore. No answer
    is cached. A plugin's route that has not answered after 30 seconds has failed.
    """


@hookspec(since="0.1")
def register_pages() -> "Sequence[Any]":  # type: ignore[empty-body]
    """Returns Litestar handlers for pages, under `/<language>`; a plugin's under `/<language>/x/<plugin>`.

    The same holds for them as for controllers.
    """


@hookspec(since="0.1")
def register_navigation() -> "Sequence[NavigationItem]":  # type: ignore[empty-body]
    """Returns the entries of the navigation, and who sees them. A plugin's paths begin with `x/<plugin>`."""


@hookspec(since="0.1")
def register_frame() -> "Callable[[Context], Awaitable[Mapping[str, Any]]]":  # type: ignore[empty-body]
    """Returns a function that gives every page its frame: the way out, the way to reach someone. The site room only."""


@hookspec(since="0.1")
def register_trail_verbs() -> "Sequence[TrailVerb]":  # type: ignore[empty-body]
    """Returns, for each kind of trail entry, what the outbox does: the hook to call with which facts, whom to tell.

    A plugin names its own entries only, `<plugin>.<past participle>`, and gives each a title, and where it
    wants a permission whose holders are notified, and `on_own_entry`.
    """


@hookspec(since="0.1")
def register_schedules() -> "Sequence[Schedule]":  # type: ignore[empty-body]
    """Returns what this plugin does by itself, and at which full hours of the region's day; `on_schedule` does it."""


@hookspec(since="0.1")
def register_commands() -> "Sequence[Command]":  # type: ignore[empty-body]
    """Returns what an operator can do with this plugin: `spheres x <id> <name> --tenant <slug>`.

    Names and titles stand in `plugin.toml` too, so that help shows them without running anything of the plugin.
    """


@hookspec(since="0.1")
def register_reports() -> "Sequence[Report]":  # type: ignore[empty-body]
    """Returns questions over this plugin's own tables, which the core asks: by group, counted and added up.

    They read dates, numbers, codes and organizations, never a free text. Names and titles stand in `plugin.toml` too.
    """


@hookspec(since="0.1")
def register_notifier() -> "Notifier":  # type: ignore[empty-body]
    """Returns how people are told of plugins' entries. The staff room only."""


# ---- before a question: the plugin's own data ----------------------------------------------------------------------


@hookspec(since="0.1")
async def gather_own(ctx: "Context", referral: "ReferralFacts | None" = None) -> "Struct | None":
    """Reads what this plugin's own questions need from its own tables, and returns it as a frozen struct of its own.

    Called once a request, before the first of its hooks that takes the argument `own`. `ctx.db` answers `all`,
    `one_or_none` and `scalar` for prepared queries of the plugin's own tables, and nothing else; it writes nothing.
    `referral` is the one that is asked about; None where nothing is about one. It has a fifth of a second.
    """


# ---- on the way: questions -----------------------------------------------------------------------------------------


@hookspec(since="0.1")
def check_referral(referral: "SentReferral", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns the problems that stand against receiving this referral. Called before it is stored, with valid answers.

    A plugin that declares this hook a safeguard refuses the referral with its problems, and when it fails or cannot be
    loaded nothing is received. The problems of any other are shown to staff, beside the opinions.
    """


@hookspec(since="0.1")
def assess_eligibility(referral: "SentReferral", settings: "Struct", own: Any = None) -> "Opinion | None":
    """Tells whether this referral fits the program here. Every opinion is kept with its reason; none decides.

    None when there is nothing to say. Whose opinion is missing because it failed is shown to staff.
    """


@hookspec(since="0.1")
def suggest_routing(  # type: ignore[empty-body]
    referral: "ReferralFacts", organizations: "Sequence[OrganizationFacts]", settings: "Struct", own: Any = None
) -> "Sequence[RoutingSuggestion]":
    """Suggests partners who could make the first contact, and why. Shown to the coordinator; nothing is sent."""


@hookspec(since="0.1")
def propose_first_contact(  # type: ignore[empty-body]
    referral: "ReferralFacts", settings: "Struct", own: Any = None
) -> "Sequence[ContactProposal]":
    """Proposes how the first contact could be made here, and why. Shown to the coordinator beside who could make it.

    Asked when a referral is opened, so that it may change with the tenant's settings. Nothing of it is kept.
    """


@hookspec(since="0.1")
def check_encounter(encounter: "EncounterFacts", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns what stands against writing this encounter, each with the field that it is about, such as `place`.

    A safeguard refuses. What any other says is shown at the field; saved again with `confirmed`, it stays as it is.
    """


@hookspec(since="0.1")
def check_need(need: "NeedFacts", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns what stands against writing this need, each with the field that it is about. As for `check_encounter`."""


@hookspec(since="0.1")
def check_participation_step(step: "ParticipationStep", settings: "Struct", own: Any = None) -> "Sequence[Problem]":  # type: ignore[empty-body]
    """Returns what stands against this step of a participation. As for `check_encounter`; it can only hold it up.

    Nobody is asked where the step is her wish, or mends an error.
    """


@hookspec(since="0.1")
def assess_services(  # type: ignore[empty-body]
    request: "ServiceRequestFacts", services: "Sequence[OfferedServiceFacts]", settings: "Struct", own: Any = None
) -> "Sequence[ServiceOpinion]":
    """Tells which services fit a request and which do not, each with its reason; nothing of those it knows nothing of.

    Shown beside the reasons of the directory. Who asks for one that does not fit says why.
    """


@hookspec(since="0.1")
def suggest_goals(plan: "PlanFacts", settings: "Struct", own: Any = None) -> "Sequence[GoalSuggestion]":  # type: ignore[empty-body]
    """Suggests what a worker could talk about with her when a goal is noted. Nothing of it is filled in or kept."""


# ---- panels on pages of the core -----------------------------------------------------------------------------------


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
def show_together(together: "TogetherFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the screen that a young person and her worker look at together, in words that she may read.

    No link leads away from there, and a panel that fails is simply not there. Which were shown is kept in the trail.
    """


@hookspec(since="0.1")
def show_encounter_form(participant: "ParticipantFacts", settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel below the form on which an encounter is written, for whoever may write it. It is in the trail."""


@hookspec(since="0.1")
def show_administration(settings: "Struct", own: Any = None) -> "Panel | None":
    """Shows a panel on the region's administration page."""


# ---- told after commit ---------------------------------------------------------------------------------------------


@hookspec(since="0.1")
async def on_referral_received(ctx: "Context", referral: "ReferralFacts") -> None:
    """Is told that a referral was received. Delivered at least once: make it effective once, by the referral's id."""


@hookspec(since="0.1")
async def on_referral_moved(ctx: "Context", referral: "ReferralFacts", move: "ReferralMove") -> None:
    """Is told that a referral went from one state to another. Delivered at least once."""


@hookspec(since="0.1")
async def on_referral_changed(ctx: "Context", act: "Act") -> None:
    """Is told what else was done with a referral: who takes care of it, a question to the referrer, its answer.

    `act.subject_id` is the referral's. Delivered at least once.
    """


@hookspec(since="0.1")
async def on_participation_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a participation was begun, took a step, or is offered to another region."""


@hookspec(since="0.1")
async def on_assignment_changed(ctx: "Context", act: "Act") -> None:
    """Is told that somebody began or ceased to follow a participant, or of a file that changes hands."""


@hookspec(since="0.1")
async def on_consent_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a participant agreed to something for the plugin's organization, or took that back.

    Who could read until then is told that it ended, so that it can let go of what it keeps. At least once."""


@hookspec(since="0.1")
async def on_exclusion_changed(ctx: "Context", act: "Act") -> None:
    """Is told that somebody is kept away from a participant, or no longer. Only the team's plugins are told."""


@hookspec(since="0.1")
async def on_encounter_changed(ctx: "Context", act: "Act") -> None:
    """Is told that an encounter or an attempt to reach a participant was written; never the words."""


@hookspec(since="0.1")
async def on_accompaniment_changed(ctx: "Context", act: "Act") -> None:
    """Is told that an accompaniment of a participant was planned, held or not held; never the words."""


@hookspec(since="0.1")
async def on_date_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a date that makes a participant's need rise was noted, ended, or that help was offered before it."""


@hookspec(since="0.1")
async def on_plan_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a need, a strength or a goal of a participant was written; never the words."""


@hookspec(since="0.1")
async def on_stage_changed(ctx: "Context", act: "Act") -> None:
    """Is told that it was noted where a participant stands: with a goal, or in the cycle."""


@hookspec(since="0.1")
async def on_service_request_changed(ctx: "Context", act: "Act") -> None:
    """Is told that the plugin's organization was asked for a service, or how that went on; never the words.

    The team's plugins are told of every request. At least once."""


@hookspec(since="0.1")
async def on_inquiry_changed(ctx: "Context", act: "Act") -> None:
    """Is told that an inquiry of another region was received, answered, closed or opened again. At least once."""


@hookspec(since="0.1")
async def on_directory_changed(ctx: "Context", act: "Act") -> None:
    """Is told that the region's directory changed, and where: by hand, by a file, or by a decision. At least once."""


@hookspec(since="0.1")
async def on_staff_changed(ctx: "Context", act: "Act") -> None:
    """Is told that somebody joined the staff or left it, or has other roles. Ids and codes only. At least once."""


@hookspec(since="0.1")
async def on_forms_changed(ctx: "Context", act: "Act") -> None:
    """Is told that another version of a form is in force, or none. Delivered at least once."""


@hookspec(since="0.1")
async def on_region_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a plugin was switched, or that words or notes of the region changed. Delivered at least once."""


@hookspec(since="0.1")
async def on_own_entry(ctx: "Context", act: "Act") -> None:
    """Is told of an entry that this plugin wrote, when its verb names this hook. Delivered at least once."""


@hookspec(since="0.1")
async def on_schedule(ctx: "Context", schedule: "DueSchedule") -> None:
    """Does what is due. Called once for each day and hour, with ten seconds; a call that fails is tried again.

    After twelve hours without a worker an hour is let go.
    """


@hookspec(since="0.1")
async def on_background_job(ctx: "Context", job: "BackgroundJob") -> None:
    """Does a job that the plugin asked for with `later`. It has ten seconds; one that fails is tried again."""


# ---- a person's data leaves or goes ---------------------------------------------------------------------------------


@hookspec(since="0.1")
async def export_person(ctx: "Context", referral: "ReferralFacts") -> "Sequence[PersonRecord]":  # type: ignore[empty-body]
    """Returns all that this plugin keeps about the person of a referral, in its tables and elsewhere, decrypted.

    Called by `spheres referral export`, for whoever asks what is kept. One that fails leaves the export unfinished.
    """


@hookspec(since="0.1")
async def erase_person(ctx: "Context", referral: "ReferralFacts") -> int:  # type: ignore[empty-body]
    """Erases what this plugin keeps about the person of a referral; returns the number of records.

    Rows that refer to the referral go with it by themselves; this hook is for what does not: files, other systems.
    Called by `spheres referral erase` before the referral itself goes, also for a plugin that is switched off. One that
    fails keeps the referral there until a further run succeeds.
    """


ANSWERS: dict[str, type] = {
    "check_referral": Problem,
    "check_encounter": Problem,
    "check_need": Problem,
    "check_participation_step": Problem,
    "assess_services": ServiceOpinion,
    "suggest_goals": GoalSuggestion,
    "assess_eligibility": Opinion,
    "suggest_routing": RoutingSuggestion,
    "propose_first_contact": ContactProposal,
    **dict.fromkeys(SLOTS, Panel),
}
"""The type of the answers to each question; an implementation may return one, several, or None, and nothing else."""
