"""Hooks that are told after commit, or called when something is due."""

from typing import TYPE_CHECKING

from spheres_core.facts import Act, BackgroundJob, DueSchedule, ReferralFacts, ReferralMove
from spheres_core.facts.text_messages import TextMessage
from spheres_core.hook_versions import hookspec

if TYPE_CHECKING:
    from spheres_core.foundation.tenancy.context import Context


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
async def on_activity_changed(ctx: "Context", act: "Act") -> None:
    """Is told that an outing was planned, changed, held or called off; never where it is, and never who comes along."""


@hookspec(since="0.1")
async def on_invitation_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a participant was asked to an outing, or what she answered; never the words."""


@hookspec(since="0.1")
async def on_attendance_recorded(ctx: "Context", act: "Act") -> None:
    """Is told that it was noted whether a participant came to an outing; never why she did not."""


@hookspec(since="0.1")
async def on_date_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a date that makes a participant's need rise was noted, ended, or that help was offered before it."""


@hookspec(since="0.1")
async def on_plan_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a need, a strength or a goal of a participant was written; never the words."""


@hookspec(since="0.1")
async def on_emergency_plan_changed(ctx: "Context", act: "Act") -> None:
    """Is told that an emergency plan was written, agreed to by the participant, or not wanted now; never the words."""


@hookspec(since="0.1")
async def on_emergency_access_opened(ctx: "Context", act: "Act") -> None:
    """Is told that somebody on call opened a participant's emergency plan; never by whom, or why. For the team's."""


@hookspec(since="0.1")
async def on_stage_changed(ctx: "Context", act: "Act") -> None:
    """Is told that it was noted where a participant stands: with a goal, or in the cycle."""


@hookspec(since="0.1")
async def on_service_request_changed(ctx: "Context", act: "Act") -> None:
    """Is told that the plugin's organization was asked for a service, or how that went on; never the words.

    The team's plugins are told of every request. At least once."""


@hookspec(since="0.1")
async def on_meeting_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a meeting of a committee was planned, held or called off; nothing of its agenda. At least once."""


@hookspec(since="0.1")
async def on_recommendation_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a committee recommended something about a participant, and what came of it: codes, never the words.

    Only the team's own plugins are told. At least once."""


@hookspec(since="0.1")
async def on_inquiry_changed(ctx: "Context", act: "Act") -> None:
    """Is told that an inquiry of another region was received, answered, closed or opened again. At least once."""


@hookspec(since="0.1")
async def on_advice_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a request for advice was received, taken, answered or closed; never the words. At least once.

    `act.subject_id` is the request's, which leads to nobody.
    """


@hookspec(since="0.1")
async def on_tool_published(ctx: "Context", act: "Act") -> None:
    """Is told that a tool of the library was published, or that one of a pack is shown again. At least once.

    `act.details["tool"]` is its code. A tool is about nobody.
    """


@hookspec(since="0.1")
async def on_tool_withdrawn(ctx: "Context", act: "Act") -> None:
    """Is told that a tool was taken out of the library, or that one of a pack was hidden here. At least once.

    `act.details["tool"]` is its code.
    """


@hookspec(since="0.1")
async def on_entourage_changed(ctx: "Context", act: "Act") -> None:
    """Is told that a close person asked for support, was given or offered some, or no longer is; never the words.

    `act.subject_id` is their record's, which leads to nobody's file. At least once.
    """


@hookspec(since="0.1")
async def on_support_session_changed(ctx: "Context", act: "Act") -> None:
    """Is told that clinical support for staff was asked for, offered, agreed on, held or called off. At least once.

    `act.details` hold its kind and theme; who asked or takes part is told to nobody.
    """


@hookspec(since="0.1")
async def on_workshop_held(ctx: "Context", act: "Act") -> None:
    """Is told that a workshop took place, or was logged afterwards. At least once.

    `act.details` hold codes of its kind, setting and themes; no title, no place, and no number of people.
    """


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
async def on_text_message_due(ctx: "Context", message: "TextMessage") -> None:
    """Hands a text message over to a telephone. Called for one plugin, the region's gateway, with ten seconds.

    A call that fails is tried again, later and later, and is then parked and told to administrators; it carries the
    same `message.id` each time, by which whoever sends it sends it once.
    """


@hookspec(since="0.1")
async def on_schedule(ctx: "Context", schedule: "DueSchedule") -> None:
    """Does what is due. Called once for each day and hour, with ten seconds; a call that fails is tried again.

    After twelve hours without a worker an hour is let go.
    """


@hookspec(since="0.1")
async def on_background_job(ctx: "Context", job: "BackgroundJob") -> None:
    """Does a job that the plugin asked for with `later`. It has ten seconds; one that fails is tried again."""
