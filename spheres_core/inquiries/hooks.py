"""Registers the inquiries room with the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, TrailVerb
from spheres_core.inquiries import controllers, events, pages
from spheres_core.inquiries.permissions import ANSWER


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    roles = ("coordinator", "administrator")
    return [Permission(ANSWER, msg("Read and answer inquiries of other regions"), roles)]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return pages.HANDLERS


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("inquiries", msg("Inquiries"), "staff", ANSWER, order=600)]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb(
            "inquiry.received",
            msg("An inquiry of another region was received"),
            hook="on_inquiry_changed",
            tell=events.notify_team,
        ),
        TrailVerb("inquiries.listed", msg("Inquiries were listed")),
        TrailVerb("inquiry.moved", msg("An inquiry was answered, closed or opened again"), hook="on_inquiry_changed"),
    ]
