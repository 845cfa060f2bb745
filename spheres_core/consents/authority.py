"""Says who may give a consent, by the legal profile, on a day. Where the profile is silent, nobody may.

A *cell* of the profile is one kind of consent, one legal regime and one range of ages: `information/P-39.1/14-17`.
Where the age or the regime is not known, only what all cells that could apply agree on holds.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from spheres_core.consents.schemas import GIVERS, PARENTS, TOGETHER, ConsentKind, Giver, may_be_decided
from spheres_core.facts import AgeRange
from spheres_core.foundation.content.ages import completed_years, same_day
from spheres_core.partners import legal_profiles
from spheres_core.partners.legal_profiles import ConsentRule, LegalProfile

OF_PROFILE: Final[Mapping[ConsentKind, legal_profiles.ConsentKind]] = {
    "participation": "taking_part",
    "information": "information",
    "care": "care",
    "research": "research",
    "publication": "publication",
}
"""The name of each kind of consent in the profile."""
ADULT: Final = 18
"""Completed years. Whoever may be younger is treated as a minor."""
LEAP_DAY: Final = "03-01"


class Authority(Struct, frozen=True):
    """Who may give a consent on a day, and what that rests on."""

    givers: frozenset[Giver]
    cells: tuple[str, ...]
    """The cells of the profile that were looked at, in order."""
    to_confirm: bool
    """Whether one of them was not read in the law itself: a lawyer has to confirm it."""
    offered: bool = True
    """False where this consent is not asked for at this age."""
    also: frozenset[Giver] = frozenset()
    """One of these must agree as well; until then it is not in force. Empty where one giver is enough."""


NOBODY: Final = Authority(frozenset(), (), to_confirm=True)
"""Where no cell says anything."""
HERSELF_ONLY: Final = Authority(frozenset({"herself"}), (), to_confirm=True)
"""To take part: nobody's agreement takes the place of her own, whatever a profile says."""


def who_may_consent(
    profile: LegalProfile | None,
    kind: ConsentKind,
    born: dt.date | AgeRange,
    on: dt.date,
    *,
    regime: str = "",
    decided: Mapping[str, str] | None = None,
) -> Authority:
    """Returns who may give a consent of this kind on a day.

    `born`: her date of birth, or the ages between which she is on that day. `regime`: the act that the organization
    which holds the information lives under; empty when it is not known. `decided`: what a person of the region decided
    for cells that are to be confirmed.
    """
    rules = [each for each in _rules(profile, kind) if not regime or each.regime in ("", regime)]
    silent = HERSELF_ONLY if kind == "participation" else NOBODY
    if profile is None or not rules:
        return silent
    ages = ages_on(profile, born, on)
    eldest = max(rule.ages[1] for rule in rules)
    found: dict[str, ConsentRule] = {}
    for age in range(min(ages.least, eldest), min(ages.most, eldest) + 1):
        applying = {cell_of(rule): rule for rule in rules if rule.ages[0] <= age <= rule.ages[1]}
        if not applying:
            return silent
        found |= applying
    said = [_said(cell, rule, decided or {}) for cell, rule in found.items()]
    agreed = frozenset.intersection(*(GIVERS[each] for each in said))
    return Authority(
        silent.givers or agreed,
        tuple(found),
        to_confirm=any(rule.status != "verified" for rule in found.values()),
        offered="not_offered" not in said,
        also=PARENTS if TOGETHER in said else frozenset(),
    )


def holds_until(
    profile: LegalProfile | None,
    kind: ConsentKind,
    giver: Giver,
    birth_date: dt.date,
    on: dt.date,
    *,
    regime: str = "",
    decided: Mapping[str, str] | None = None,
    together: bool = False,
) -> dt.date | None:
    """Returns the birthday from which on whoever gave it on a day may no longer give it; None when there is none.

    `together`: a parent or tutor agreed too. What she gave alone ends where from a birthday on one must.
    """
    changes = {age for rule in _rules(profile, kind) for age in (rule.ages[0], rule.ages[1] + 1)}
    for day in sorted(birthday(profile, birth_date, age) for age in changes):
        if day > on:
            then = who_may_consent(profile, kind, birth_date, day, regime=regime, decided=decided)
            if giver not in then.givers or (then.also and not together):
                return day
    return None


def may_be_minor(profile: LegalProfile | None, born: dt.date | AgeRange | None, on: dt.date) -> bool:
    """Returns whether she may be under 18 on a day: also when nothing is known of her age."""
    return born is None or ages_on(profile, born, on).least < ADULT


def ages_on(profile: LegalProfile | None, born: dt.date | AgeRange, on: dt.date) -> AgeRange:
    """Returns her completed years on a day: one age, or the ages between which she is."""
    if isinstance(born, AgeRange):
        return born
    age = completed_years(born, on, leap_day_birthday=_leap_day(profile))
    return AgeRange(age, age)


def birthday(profile: LegalProfile | None, birth_date: dt.date, age: int) -> dt.date:
    """Returns the day on which somebody completes that many years; a 29 February as the profile says."""
    return same_day(birth_date, birth_date.year + age, leap_day=_leap_day(profile))


def cell_of(rule: ConsentRule) -> str:
    """Returns the name of a cell of the profile."""
    return "/".join((rule.kind, *([rule.regime] if rule.regime else []), f"{rule.ages[0]}-{rule.ages[1]}"))


def _said(cell: str, rule: ConsentRule, decided: Mapping[str, str]) -> str:
    """Returns what holds for a cell. What was read in the law is not decided here."""
    wanted = decided.get(cell, rule.giver)
    return wanted if rule.status != "verified" and may_be_decided(cell, wanted) else rule.giver


def _rules(profile: LegalProfile | None, kind: ConsentKind) -> list[ConsentRule]:
    return [] if profile is None else [rule for rule in profile.consents if rule.kind == OF_PROFILE[kind]]


def _leap_day(profile: LegalProfile | None) -> str:
    return LEAP_DAY if profile is None or profile.leap_day is None else profile.leap_day.birthday
