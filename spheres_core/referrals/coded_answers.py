"""Which answers of a referral stand in the clear, as columns of its row and as the facts that hooks are given.

A new coded answer is a column of `models.Referral`, a field of `schemas.ReferralCodes` and a line of `MEANINGS` here;
a field of the same name in `facts.ReferralFacts` gives it to hooks.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from spheres_core.facts import AgeRange, ReferralFacts
from spheres_core.referrals.eligibility import age_of
from spheres_core.referrals.schemas import Summary
from spheres_core.referrals.settings import Settings

T = TypeVar("T", bound=ReferralFacts)

MEANINGS: Final[Mapping[str, str]] = {
    "knows": "knows",
    "agrees_to_contact": "agrees_to_contact",
    "preferred_language": "language",
    "community": "community",
}
"""The meaning whose answer a column holds."""
SAFE_CONTACT: Final = ("safe_contact", "safe_contact_how")
_FACTS: Final = tuple(name for name in ReferralFacts.__struct_fields__ if name not in ("age_band", "meanings"))


def columns_of(meanings: Mapping[str, Any], *, received_on: dt.date, settings: Settings) -> dict[str, Any]:
    """Returns the coded columns of a referral by name, from its answers by meaning."""
    age, band = age_of(meanings, received_on, settings)
    needs = meanings.get("need") or ()
    return {
        "received_on": received_on,
        "age": age,
        "age_least": band.least if band else None,
        "age_most": band.most if band else None,
        "needs": list(needs) if isinstance(needs, list | tuple) else [needs],
        "safe_contact_known": any(meanings.get(name) for name in SAFE_CONTACT),
        **{column: meanings.get(meaning) for column, meaning in MEANINGS.items()},
    }


def summary_of(meanings: Mapping[str, Any]) -> Summary:
    """Returns the words that a list shows of a referral, from its answers by meaning; the caller seals them."""
    names = ("participant_name", "referrer_name", "referrer_organization")
    return Summary(*(str(meanings.get(name) or "").strip() for name in names))


def facts_of(kind: type[T], columns: Mapping[str, Any], **more: Any) -> T:
    """Returns a referral as hooks see it, from its columns by name and what else `kind` has."""
    least, most = columns["age_least"], columns["age_most"]
    band = AgeRange(least, most) if least is not None and most is not None else None
    return kind(**{name: columns[name] for name in _FACTS} | {"needs": tuple(columns["needs"])}, age_band=band, **more)
