"""Registers the consents room with the core."""

from collections.abc import Sequence

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.consents.settings import Settings
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import TrailVerb


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("standing.opened", msg("A reason to see a participant's information began")),
        TrailVerb("standing.ended", msg("A reason to see a participant's information ended")),
        TrailVerb("consent.given", msg("A consent was recorded")),
        TrailVerb("consent.agreed_too", msg("A parent or tutor agreed to a consent too")),
        TrailVerb("consent.withdrawn", msg("A consent was taken back")),
        TrailVerb("limits.explained", msg("The limits of confidentiality were explained to a participant")),
        TrailVerb("disclosure.made", msg("Information about a participant left for another organization")),
        TrailVerb("exclusion.recorded", msg("Somebody is kept away from a participant")),
        TrailVerb("exclusion.ended", msg("Somebody is no longer kept away from a participant")),
    ]
