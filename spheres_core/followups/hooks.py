"""Registers the followups room with the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.followups import controllers, events
from spheres_core.followups.permissions import ASSIGN, FOLLOW
from spheres_core.followups.queries import assignments
from spheres_core.foundation.plugins.registrations import Duty, Permission, TrailVerb


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(ASSIGN, msg("Begin participations, and say who follows whom"), roles=("coordinator",)),
        Permission(FOLLOW, msg("Follow young people who take part"), roles=("pivot_worker",)),
    ]


@hookimpl(trylast=True)
def register_duties() -> Sequence[Duty]:
    return [Duty("files", FOLLOW, assignments.number_of)]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("participation.begun", msg("A participation was begun")),
        TrailVerb("participation.moved", msg("A participation took a step")),
        TrailVerb("participations.listed", msg("A participant's participations were read")),
        TrailVerb("assignment.begun", msg("Somebody began to follow a participant")),
        TrailVerb("assignment.ended", msg("Somebody no longer follows a participant")),
        TrailVerb("assignments.listed", msg("Who follows a participant was read")),
        TrailVerb("pivot.missing", msg("A participant has no pivot worker"), tell=events.notify_coordinators),
    ]
