"""Reads an encounter as a page posts it, and puts what was typed, or what is kept, back into the fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Mapping
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.followups.operations.encounters import KIND, EncounterInvalid
from spheres_core.followups.schemas.encounters import (
    AddendumPosted,
    Encounter,
    EncounterCorrected,
    EncounterPosted,
    Place,
)
from spheres_core.followups.schemas.words import LONGEST_WORDS
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.views.extra_questions import extra_sent

LISTED: Final[Mapping[str, str]] = {"themes": "session_themes", "principles": "principles"}
"""Fields of which several may be ticked, and the list of the region's catalogue that each chooses from."""
ENCOUNTER_FORM: Final = DraftForm(
    "encounter",
    msg("Encounter"),
    {
        **dict.fromkeys(("state", "kind", "at", "day", "time", "place", *LISTED, "note"), "encounters"),
        "her_words": "own_words",
    },
    page="new_encounter",
    record_page="encounter",
    record_kind="encounter",
)
"""Its fields on the page, where the moment is written in two, and in the API."""
ADDENDUM_FORM: Final = DraftForm(
    "addendum", msg("Addition to an encounter"), {"text": "encounters", "hers": "encounters"}, record_page="encounter"
)
FIELD_OF = {"at": "day"}
"""The field of the page that a place in what was posted is about, where they have other names."""
_NAMES: Final = ("state", "kind", "day", "time", "place", "note", "her_words")
_FIELDS: Final = frozenset({*_NAMES, "text", "hers"})
_TIME = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?")


def posted_of(ctx: Context, sent: Post, kept: Encounter | None = None) -> EncounterPosted:
    """Returns an encounter as it was sent: with `kept` and the version that was seen, its correction.

    Raises `EncounterInvalid` with `sent.problems` filled.
    """
    at = moment_sent(sent, ctx.zone)
    for name in ("note", "her_words"):
        if len(sent[name]) > LONGEST_WORDS:
            sent.problems[name] = msg("Write at most {most} characters.", most=LONGEST_WORDS)
    if sent.problems:
        raise EncounterInvalid(msg("Some answers need another look."))
    values: dict[str, Any] = {
        "state": sent["state"],
        "kind": sent["kind"],
        "at": at,
        "place": sent["place"] if sent["place"] in get_args(Place) else None,
        **{name: sent.every(name) for name in LISTED},
        "note": sent["note"].replace("\r\n", "\n"),
        "her_words": sent["her_words"].replace("\r\n", "\n"),
        "confirmed": bool(sent["confirmed"]),
    }
    extra = extra_sent(ctx, KIND, sent)
    try:
        if kept is None:
            return structs.replace(msgspec.convert(values, EncounterPosted), extra=extra)
        values["version"] = sent.version()
        return structs.replace(msgspec.convert(values, EncounterCorrected), extra=extra)
    except msgspec.ValidationError:
        sent.problems["state"] = msg("Choose what became of it, and how you met.")
        raise EncounterInvalid(msg("Some answers need another look.")) from None


def fields_of(
    ctx: Context, kept: Encounter | None, sent: Post | None, draft: Mapping[str, str | list[str]] | None = None
) -> dict[str, Any]:
    """Returns what stands in the fields: what was sent, else what is kept, else an encounter of this moment.

    `draft`: what she goes on with; what it does not hold stays as it is.
    """
    if sent is not None:
        return {**{name: sent[name] for name in _NAMES}, **{name: sent.every(name) for name in LISTED}}
    at = (kept.at if kept else ctx.now).astimezone(ctx.zone)
    found = {
        "state": kept.state if kept else "held",
        "kind": kept.kind if kept else "in_person",
        "day": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M}",
        "place": (kept.place or "") if kept else "",
        "themes": kept.themes if kept else [],
        "principles": kept.principles if kept else [],
        "note": kept.note if kept else "",
        "her_words": (kept.her_words or "") if kept else "",
    }
    return found | _began(draft or {})


def _began(draft: Mapping[str, str | list[str]]) -> dict[str, Any]:
    """Returns what a draft puts in the fields. Of a whole form, boxes that it does not hold were not ticked."""
    typed = {name: text for name, text in draft.items() if name in _NAMES}
    ticked = {name: _several(draft.get(name, [])) for name in LISTED if name in draft or "state" in draft}
    return typed | ticked


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def problems_of(
    refusal: Refusal | None, sent: Post | None, *, fields: Container[str] = _FIELDS
) -> dict[str, Message | Words]:
    """Returns what is wrong by field; `page` for what is about none of them."""
    if refusal is None:
        return {}
    found: dict[str, Message | Words] = {**sent.problems} if sent is not None else {}
    for each in refusal.errors:
        if each.path.startswith("extra."):
            continue  # they stand at the fields of their forms
        field = FIELD_OF.get(each.path, each.path)
        found[field if field in fields else "page"] = each.message
    return found or {"page": refusal.message}


def addendum_of(sent: Post) -> AddendumPosted:
    """Returns what is added, as it was sent. Raises `EncounterInvalid` with the problem at its field."""
    text = sent["text"].replace("\r\n", "\n").strip()
    if not text:
        raise EncounterInvalid(errors=[Problem(msg("Write what you want to add."), path="text")])
    if len(text) > LONGEST_WORDS:
        raise EncounterInvalid(
            errors=[Problem(msg("Write at most {most} characters.", most=LONGEST_WORDS), path="text")]
        )
    return AddendumPosted(text, hers=sent["hers"] == "yes")


def moment_sent(sent: Post, zone: ZoneInfo) -> dt.datetime | None:
    """Returns the moment that stands in the fields `day` and `time`; None with `sent.problems` filled."""
    day = sent.day("day")
    if day is None:
        return None
    found = _TIME.fullmatch(sent["time"].strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        sent.problems["time"] = msg("Write the time as 16:30.")
        return None
    return dt.datetime.combine(day, dt.time(hour, minute), zone)
