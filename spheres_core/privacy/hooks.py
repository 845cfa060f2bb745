"""Registers the privacy room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, TrailVerb
from spheres_core.privacy import controllers
from spheres_core.privacy.pages import ended_files, erasure_holds, file_trail, incidents, oversight
from spheres_core.privacy.permissions import HOLD, KEEP, OVERSEE
from spheres_core.privacy.settings import Settings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(OVERSEE, msg("See how private information is kept, without words of a file"), ("privacy_officer",)),
        Permission(HOLD, msg("See which erasures are held and why, hold one and lift it"), ("privacy_officer",)),
        Permission(KEEP, msg("Keep the register of incidents"), ("privacy_officer",)),
    ]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("staff/privacy", msg("Protection of private information"), "staff", OVERSEE, order=3),
        NavigationItem("staff/incidents", msg("Register of incidents"), "staff", KEEP, order=14),
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [
        *oversight.HANDLERS,
        *ended_files.HANDLERS,
        *file_trail.HANDLERS,
        *incidents.HANDLERS,
        *erasure_holds.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    said = {
        "privacy.overseen": msg("It was looked at how private information is kept"),
        "incidents.listed": msg("Incidents were listed"),
        "incident.read": msg("An incident was read"),
        "incident.recorded": msg("An incident was written down"),
        "incident.changed": msg("An incident was written anew"),
        "incident.closed": msg("An incident was closed"),
        "incident.erased": msg("An incident was erased"),
        "erasure_hold.placed": msg("The erasing of what is kept about a person is held"),
        "erasure_hold.reviewed": msg("It was looked at whether an erasing is held on"),
        "erasure_hold.lifted": msg("An erasing is held no more"),
        "erasure_holds.listed": msg("Held erasures were listed"),
        "ended_files.listed": msg("Files that are erased soon were listed"),
        "participant.exported": msg("All that is kept about her was written out"),
        "participant.erasure_begun": msg("The erasing of her file was begun"),
        "participant.erased": msg("Her file was erased"),
    }
    return [TrailVerb(verb, title) for verb, title in said.items()]
