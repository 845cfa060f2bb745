"""Hooks of the trail's room."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.audit import controllers, pages
from spheres_core.audit.events import acts, delivery
from spheres_core.audit.permissions import DELIVERIES, TRAIL_READ
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import Permission, TrailVerb


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(TRAIL_READ, msg("Read who read and changed what"), roles=("coordinator", "privacy_officer")),
        Permission(DELIVERIES, msg("See deliveries that were given up on"), roles=("administrator",)),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return pages.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("trail.read", msg("The trail was read")),
        TrailVerb("access.refused", msg("Something was refused")),
        TrailVerb("outside.called", msg("A plugin called an outside address")),
        TrailVerb("deliveries.listed", msg("Deliveries that were given up on were listed")),
        TrailVerb("delivery.tried_again", msg("A delivery was taken up again")),
        TrailVerb(delivery.GIVEN_UP, msg("A delivery did not succeed and was given up"), notifies=DELIVERIES),
        TrailVerb(
            "schedule.due", msg("The hour of a plugin's schedule came"), hook="on_schedule", load=acts.load_schedule
        ),
        TrailVerb(
            "job.requested", msg("A plugin asked for a job of its own"), hook="on_background_job", load=acts.load_job
        ),
    ]
