"""Organizations that the region's team does not propose, because of a conflict of interest.

Where few people live, somebody who works at a partner may be kin of the young person, or part of the matter. The
reason is for the team's file, never for a page: it could point at a person.
"""

from collections.abc import Sequence, Set

from spheres_core.partners.settings import NotProposed


def exclusion(organization: str, around: Set[str] | None, rules: Sequence[NotProposed]) -> NotProposed | None:
    """Returns the rule by which an organization is not proposed in a place, or None.

    `around`: the place and the areas around it; None when the place is not known, and then every rule counts: a
    conflict that might be there is one.
    """
    for rule in rules:
        if rule.organization == organization and (
            not rule.areas or around is None or not around.isdisjoint(rule.areas)
        ):
            return rule
    return None


def unknown_names(rules: Sequence[NotProposed], organizations: Set[str], areas: Set[str]) -> list[str]:
    """Returns the keys that rules name and the directory does not have: such a rule keeps nobody away."""
    named = [(rule.organization in organizations, rule.organization) for rule in rules]
    named += [(area in areas, area) for rule in rules for area in rule.areas]
    return list(dict.fromkeys(key for is_known, key in named if not is_known))
