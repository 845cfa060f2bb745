"""Suggests which partner could make the first contact, by language and area. Nothing is sent."""

from collections.abc import Sequence

from spheres_core.facts import OrganizationFacts, ReferralFacts, RoutingSuggestion, msg

FIRST_CONTACT_ROLES = frozenset({"pivot_worker", "liaison"})
"""Roles of a partner whose people follow or identify young persons."""


def suggest_by_language_and_area(
    referral: ReferralFacts, organizations: Sequence[OrganizationFacts]
) -> list[RoutingSuggestion]:
    """Returns partners with a first-contact role that serve her language and, when known, her community."""
    suggestions = []
    for each in organizations:
        if FIRST_CONTACT_ROLES.isdisjoint(each.roles):
            continue
        if referral.community and each.areas and referral.community not in each.areas:
            continue
        speaks = referral.preferred_language in each.languages if referral.preferred_language else False
        serves = bool(referral.community) and referral.community in each.areas
        if not speaks and each.languages and referral.preferred_language:
            continue
        if speaks and serves:
            reason = msg("Serves her language and her community.")
        elif speaks:
            reason = msg("Serves her language.")
        elif serves:
            reason = msg("Serves her community.")
        else:
            reason = msg("Can make a first contact; its languages and areas are not stated.")
        suggestions.append(RoutingSuggestion(each.key, reason, weight=2 * speaks + serves))
    return suggestions
