"""Registers the support room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.plugins.registrations import EVERY_ROLE, NavigationItem, Permission, TrailVerb
from spheres_core.support import controllers, events, tool_file
from spheres_core.support.pages import (
    advice,
    desk,
    entourage,
    entourage_own,
    library,
    proposals,
    sessions,
    tools,
    trainings,
    workshops,
)
from spheres_core.support.permissions import (
    ACCOMPANY,
    ANSWER,
    COUNT_SESSIONS,
    COUNT_WORKSHOPS,
    GIVE_SESSIONS,
    LOG_TRAININGS,
    LOG_WORKSHOPS,
    READ_TRAININGS,
    TAKE_PART,
    WRITE_TOOLS,
)
from spheres_core.support.queries.advice_form import is_asked
from spheres_core.support.settings import Settings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    roles = ("clinical_support", "coordinator")
    return [
        Permission(ANSWER, msg("Read and answer what professionals ask"), roles),
        Permission(WRITE_TOOLS, msg("Write tools of the library and decide about proposed ones"),
                   ("content_editor", "coordinator")),
        Permission(ACCOMPANY, msg("Be there for close ones who ask for support"), roles),
        Permission(TAKE_PART, msg("Ask for clinical support for oneself or one’s team"), (EVERY_ROLE,)),
        Permission(GIVE_SESSIONS, msg("Give clinical support to members of staff"), ("clinical_support",)),
        Permission(COUNT_SESSIONS, msg("See how many sessions of clinical support took place"), ("coordinator",)),
        Permission(LOG_WORKSHOPS, msg("Plan workshops, and log those that took place"),
                   ("coordinator", "pivot_worker")),
        Permission(COUNT_WORKSHOPS, msg("See figures of workshops, and take the log as a file"), ("coordinator",)),
        Permission(LOG_TRAININGS, msg("Log trainings that one took or gave"), (EVERY_ROLE,)),
        Permission(READ_TRAININGS, msg("Read which trainings colleagues took or gave"), ("coordinator",)),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [
        PackReader(tool_file.TOPIC, tool_file.FILE, tool_file.read_tools, describe=tool_file.describe_tools,
                   fit=tool_file.fit_tools)
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [
        *advice.HANDLERS, *desk.HANDLERS, *library.HANDLERS, *tools.HANDLERS, *proposals.HANDLERS,
        *entourage_own.HANDLERS, *entourage.HANDLERS, *sessions.HANDLERS, *workshops.HANDLERS,
        *trainings.HANDLERS,
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("advice", msg("Ask for advice"), order=45, there=is_asked),
        NavigationItem("tools", msg("Tools"), order=46),
        NavigationItem("staff/tools", msg("Library of tools"), "staff", WRITE_TOOLS, order=25),
        NavigationItem("advice/requests", msg("Requests for advice"), "staff", ANSWER, order=12),
        NavigationItem("entourage", msg("Support for close ones"), order=47),
        NavigationItem("entourage/records", msg("Close ones"), "staff", ACCOMPANY, order=13),
        NavigationItem("staff/support-sessions", msg("Clinical support for staff"), "staff", TAKE_PART, order=690),
        NavigationItem("staff/workshops", msg("Workshops"), "staff", LOG_WORKSHOPS, order=685),
        NavigationItem("staff/trainings", msg("Trainings"), "staff", LOG_TRAININGS, order=695),
    ]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb(
            "advice.received", msg("A professional asked for advice"), hook="on_advice_changed", tell=events.notify_desk
        ),
        TrailVerb("advice.taken", msg("Somebody took care of a request for advice"), hook="on_advice_changed"),
        TrailVerb("advice.answered", msg("A request for advice was answered"), hook="on_advice_changed"),
        TrailVerb(
            "advice.referral_drafted", msg("A referral was begun from a request for advice"), hook="on_advice_changed"
        ),
        TrailVerb(
            "advice.closed", msg("A request for advice was closed, and its words deleted"), hook="on_advice_changed"
        ),
        TrailVerb("advice.listed", msg("Requests for advice were listed")),
        TrailVerb("advice.read", msg("A request for advice was read")),
        TrailVerb("advice.looked_up", msg("A request for advice was looked up with its code")),
        TrailVerb("tool_proposals.listed", msg("Proposed entries were listed")),
        TrailVerb("tool_proposal.read", msg("A proposed entry was read")),
        TrailVerb("tool.written", msg("A tool of the library was written")),
        TrailVerb("tool.published", msg("A tool of the library was published"), hook="on_tool_published"),
        TrailVerb("tool.withdrawn", msg("A tool of the library was withdrawn"), hook="on_tool_withdrawn"),
        TrailVerb("tool.proposed", msg("An entry for the library was proposed"), tell=events.notify_editors),
        TrailVerb("tool_proposal.approved", msg("A proposed entry became a tool")),
        TrailVerb("tool_proposal.declined", msg("A proposed entry was declined and deleted")),
        TrailVerb("advice.rated", msg("Who asked for advice said how equipped they feel"), hook="on_advice_changed"),
        *_entourage_verbs(),
        *_session_verbs(),
        *_workshop_verbs(),
    ]


def _entourage_verbs() -> Sequence[TrailVerb]:
    told = {
        "entourage.opened": msg("Support for a close person was opened"),
        "entourage.taken": msg("Somebody is there for a close person"),
        "entourage.changed": msg("A close person's record was written anew"),
        "entourage.supported": msg("It was noted what was done for a close person"),
        "entourage.offered": msg("Something was offered to a close person"),
        "entourage.offer_answered": msg("A close person said whether they want what was offered"),
        "entourage.closed": msg("Support for a close person was closed"),
        "entourage.erased": msg("A close person's record was erased"),
    }
    received = TrailVerb(
        "entourage.received", msg("A close person asked for support"), hook="on_entourage_changed",
        tell=events.notify_companions,
    )  # fmt: skip
    read = {
        "entourage.listed": msg("Records of close ones were listed"),
        "entourage.read": msg("A close person's record was read"),
        "entourage.looked_up": msg("A close person opened their own support"),
        "entourage.exported": msg("A close person's record was copied for them"),
    }
    silent = (TrailVerb(verb, title) for verb, title in read.items())
    return [received, *silent, *(TrailVerb(verb, title, hook="on_entourage_changed") for verb, title in told.items())]


def _session_verbs() -> Sequence[TrailVerb]:
    told = {
        "support_session.asked": msg("Clinical support for staff was asked for"),
        "support_session.offered": msg("Clinical support for staff was offered"),
        "support_session.agreed": msg("The day of a session for staff was agreed on"),
        "support_session.held": msg("A session for staff took place"),
        "support_session.cancelled": msg("A session for staff was called off"),
    }
    silent = {
        "support_session.noted": msg("Notes of a session for staff were written"),
        "support_session.rated": msg("Somebody said how a session for staff left them"),
        "support_session.erased": msg("A session for staff was erased"),
        "support_session.read": msg("A session for staff was read"),
        "support_sessions.listed": msg("Sessions for staff were listed"),
        "support_sessions.counted": msg("Sessions for staff were counted"),
    }
    return [
        *(TrailVerb(verb, title, hook="on_support_session_changed") for verb, title in told.items()),
        *(TrailVerb(verb, title) for verb, title in silent.items()),
    ]


def _workshop_verbs() -> Sequence[TrailVerb]:
    silent = {
        "workshop.planned": msg("A workshop was planned"),
        "workshop.changed": msg("A workshop was corrected"),
        "workshop.cancelled": msg("A workshop was called off"),
        "workshop.read": msg("A workshop was read"),
        "workshop.erased": msg("A workshop was erased"),
        "workshops.listed": msg("Workshops were listed"),
        "workshops.exported": msg("The log of workshops was taken as a file"),
        "workshop_figures.published": msg("Figures of workshops were published"),
        "workshop_figures.read": msg("Figures of workshops were read"),
        "training.logged": msg("Somebody of the staff logged a training"),
        "training.changed": msg("Somebody of the staff corrected a training"),
        "training.removed": msg("Somebody of the staff took a training out of the log"),
        "training.read": msg("Somebody of the staff read a training"),
        "training.erased": msg("A training was erased"),
        "trainings.listed": msg("Trainings of somebody of the staff were listed"),
    }
    held = TrailVerb("workshop.held", msg("A workshop took place"), hook="on_workshop_held")
    return [held, *(TrailVerb(verb, title) for verb, title in silent.items())]
