"""Registers the consents room with the core."""

from collections.abc import Sequence

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.consents.events import OWN_LINES, about
from spheres_core.consents.settings import Settings
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import TrailVerb


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    lines_begin, lines_end = about(OWN_LINES, "", None, "kind"), about(OWN_LINES, ends=True)
    kept_away = about("participation", team_only=True)
    return [
        TrailVerb("standing.opened", msg("A reason to see a participant's information began")),
        TrailVerb("standing.ended", msg("A reason to see a participant's information ended")),
        TrailVerb("consent.given", msg("A consent was recorded"), hook="on_consent_changed", load_for=lines_begin),
        TrailVerb(
            "consent.agreed_too",
            msg("A parent or tutor agreed to a consent too"),
            hook="on_consent_changed",
            load_for=lines_begin,
        ),
        TrailVerb("consent.withdrawn", msg("A consent was taken back"), hook="on_consent_changed", load_for=lines_end),
        TrailVerb("consents.listed", msg("A participant's consents were read")),
        TrailVerb("consent.read", msg("A consent was read")),
        TrailVerb("why.asked", msg("It was asked why somebody can see something")),
        TrailVerb("limits.read", msg("It was read whether the limits of confidentiality were explained")),
        TrailVerb("exclusions.listed", msg("It was read who is kept away from a participant")),
        TrailVerb("limits.explained", msg("The limits of confidentiality were explained to a participant")),
        TrailVerb("disclosure.made", msg("Information about a participant left for another organization")),
        TrailVerb("disclosures.made", msg("Information about participants was shown to another organization")),
        TrailVerb(
            "exclusion.recorded",
            msg("Somebody is kept away from a participant"),
            hook="on_exclusion_changed",
            load_for=kept_away,
        ),
        TrailVerb(
            "exclusion.ended",
            msg("Somebody is no longer kept away from a participant"),
            hook="on_exclusion_changed",
            load_for=kept_away,
        ),
    ]
