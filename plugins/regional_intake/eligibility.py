"""Gives the plugin's opinion. It never decides: it says when a person should look, and why."""

from spheres_core.plugin import Message, Opinion, SentReferral

from .settings import Settings

BOTH_SIDES = "regional_intake:both_sides"
"""The meaning that a region's form may give to a question about life on both sides of the border."""


def assess_law(referral: SentReferral, settings: Settings) -> Opinion | None:
    """Says that another province's law may apply; None when nothing points to it."""
    if referral.community in settings.other_law_communities:
        return Opinion("a_person_decides", _said("Where she is, another province's law may apply."), "other_law")
    if referral.meanings.get(BOTH_SIDES) == "yes":
        reason = _said("Her life is on both sides of a border: another province's law may apply.")
        return Opinion("a_person_decides", reason, "both_sides")
    return None


def _said(msgid: str) -> Message:
    return Message(msgid, domain="regional_intake")
