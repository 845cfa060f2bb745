"""Age on the referral date, and what it says of eligibility. An opinion with its reason; a person decides."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from spheres_core.facts import AgeRange, Opinion, ReferralFacts, msg
from spheres_core.foundation.content.ages import completed_years
from spheres_core.referrals.settings import Settings

BANDS: Mapping[str, AgeRange] = {
    "under_12": AgeRange(0, 11),
    "12-13": AgeRange(12, 13),
    "14-17": AgeRange(14, 17),
    "18-24": AgeRange(18, 24),
    "25_plus": AgeRange(25, 120),
}
"""Core codes of the meaning `age_band`; `unknown` is no band."""


def age_of(meanings: Mapping[str, Any], on: dt.date, settings: Settings) -> tuple[int | None, AgeRange | None]:
    """Returns (completed years, band) from whichever of birth date, age and age band was answered."""
    if born := meanings.get("birth_date"):
        born_on = born if isinstance(born, dt.date) else dt.date.fromisoformat(born)
        return completed_years(born_on, on, leap_day_birthday=settings.leap_day_birthday), None
    if (age := meanings.get("age")) is not None:
        return int(age), None
    return None, BANDS.get(str(meanings.get("age_band")))


def outside_ages(low: int, high: int, settings: Settings) -> Literal["age_below", "age_above"] | None:
    """Returns on which side of the region's ages a whole range lies; None when some of it lies within."""
    if high < settings.minimum_age:
        return "age_below"
    return "age_above" if low > settings.maximum_age else None


def assess_age(referral: ReferralFacts, settings: Settings) -> Opinion:
    """Returns the core's opinion. Unknown or straddling ages go to a person."""
    least, most = settings.minimum_age, settings.maximum_age
    if referral.age is not None:
        low = high = referral.age
    elif referral.age_band is not None:
        low, high = referral.age_band.least, referral.age_band.most
    else:
        return Opinion("a_person_decides", msg("Her age is not known."), "age_unknown")
    outside = outside_ages(low, high, settings)
    if outside == "age_below":
        reason = msg("On the referral date she is younger than {age}.", age=least)
        return Opinion("does_not_fit", reason, "age_below")
    if outside == "age_above":
        return Opinion("does_not_fit", msg("On the referral date she is older than {age}.", age=most), "age_above")
    if low < least or high > most:
        return Opinion("a_person_decides", msg("Only a range is known of her age."), "age_range")
    reason = msg("On the referral date she is between {least} and {most}.", least=least, most=most)
    return Opinion("fits", reason, "age_fits")
