"""Reads an accompaniment as a page posts it, and puts what was typed, or what is kept, back into the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from spheres_core.facts import Message, msg
from spheres_core.followups.accompaniment_kinds import AccompanimentClass
from spheres_core.followups.operations.accompaniments import AccompanimentInvalid
from spheres_core.followups.schemas.accompaniments import (
    LONGEST_FIRST_NAME,
    LONGEST_NAME,
    Accompaniment,
    AccompanimentCorrected,
    AccompanimentPosted,
    AccompanimentState,
    Company,
    Side,
    Wish,
)
from spheres_core.followups.schemas.words import LONGEST_WORDS
from spheres_core.followups.views.encounter_form import moment_sent
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post

STATES: Final[Mapping[AccompanimentState, Message]] = {
    "planned": msg("It is to come"),
    "held": msg("It was done"),
    "not_held": msg("It was not done this time"),
}
TONES: Final[Mapping[AccompanimentState, str]] = {"planned": "active", "held": "done", "not_held": "waiting"}
WISHES: Final[Mapping[Wish, Message]] = {
    "beside_her": msg("Somebody stays beside her"),
    "nearby": msg("Somebody waits nearby"),
    "alone": msg("She goes in alone"),
    "not_now": msg("She does not wish this step now"),
}
COMPANY: Final[Mapping[Company, Message]] = {
    "pivot": msg("Her pivot worker"),
    "backup": msg("The backup of her pivot worker"),
    "colleague": msg("A colleague of the team"),
    "partner": msg("Somebody of a partner"),
    "somebody_close": msg("Somebody close to her"),
}
AGREED: Final[Mapping[AccompanimentClass, Mapping[Side, Message]]] = {
    "encounters": {
        "herself": msg("She has said yes"),
        "other_side": msg("The other person has said yes, by whoever is beside that person"),
    },
    "legal": {"herself": msg("She asks for it herself")},
}
"""By class, who may have agreed, for the kinds that need it."""
_CODES: Final = ("kind", "state", "day", "time", "what", "wish", "who_goes", "agreed")
_HER_WORDS: Final = dict.fromkeys(("wish_words", "how_it_went"), "own_words")
DRAFTS: Final[Mapping[AccompanimentClass, DraftForm]] = {
    "encounters": DraftForm(
        "accompaniment",
        msg("Accompaniment"),
        dict.fromkeys((*_CODES, "first_name"), "encounters") | _HER_WORDS,
        page="accompaniments",
        record_page="accompaniment",
    ),
    "legal": DraftForm(
        "legal_step",
        msg("Legal step"),
        dict.fromkeys(_CODES, "legal") | _HER_WORDS,
        page="legal_steps",
        record_page="accompaniment",
    ),
}
"""By class of information: what was typed of a legal step is never kept as an encounter's."""
TEXTS: Final = {
    "what": LONGEST_NAME,
    "first_name": LONGEST_FIRST_NAME,
    "wish_words": LONGEST_WORDS,
    "how_it_went": LONGEST_WORDS,
}

FIELDS: Final = frozenset({*_CODES, *TEXTS})
"""Fields at which something may be wrong."""


def accompaniment_posted(ctx: Context, sent: Post, *, correcting: bool = False) -> AccompanimentPosted:
    """Returns an accompaniment as it was sent, or its correction.

    Raises `AccompanimentInvalid` with `sent.problems` filled.
    """
    at = moment_sent(sent, ctx.zone)
    for name, most in TEXTS.items():
        if len(sent[name]) > most:
            sent.problems[name] = msg("Write at most {most} characters.", most=most)
    if not sent["kind"]:
        sent.problems["kind"] = msg("Choose one.")
    sent.choice("state", STATES)
    if sent.problems:
        raise AccompanimentInvalid(msg("Some answers need another look."))
    values: dict[str, Any] = {
        "kind": sent["kind"], "state": sent["state"], "at": at, "wish": sent["wish"] or None,
        "who_goes": sent.every("who_goes"), "agreed": sent.every("agreed"),
        **{name: sent[name].replace("\r\n", "\n") for name in TEXTS},
    }  # fmt: skip
    try:
        if not correcting:
            return msgspec.convert(values, AccompanimentPosted)
        return msgspec.convert(values | {"version": sent.version()}, AccompanimentCorrected)
    except msgspec.ValidationError:
        raise AccompanimentInvalid(msg("Some answers need another look.")) from None


def fields_of(ctx: Context, kept: Accompaniment | None, sent: Post | None) -> dict[str, Any]:
    """Returns what stands in the fields: what was sent, else what is kept, else something that is planned."""
    if sent is not None:
        names = ("kind", "state", "day", "time", "wish", *TEXTS)
        return {
            **{name: sent[name] for name in names},
            "who_goes": sent.every("who_goes"),
            "agreed": sent.every("agreed"),
        }
    if kept is None:
        blank = dict.fromkeys(("kind", "day", "time", "wish", *TEXTS), "")
        return {**blank, "state": "planned", "who_goes": ["pivot"], "agreed": []}
    at = kept.at.astimezone(ctx.zone)
    return {
        "kind": kept.kind, "state": kept.state, "day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}",
        "wish": kept.wish or "", "who_goes": kept.who_goes, "what": kept.what,
        "first_name": kept.first_name, "wish_words": kept.wish_words or "",
        "how_it_went": kept.how_it_went or "", "agreed": kept.agreed,
    }  # fmt: skip
