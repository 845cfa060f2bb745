"""Encounters on pages of her file: the list, one to write, and one as it stands with what may still be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.facts import Message, msg
from spheres_core.followups.corrections import may_correct
from spheres_core.followups.operations.encounters import KIND, TooLateToCorrect
from spheres_core.followups.queries import encounters as queries
from spheres_core.followups.schemas.encounters import Encounter
from spheres_core.followups.views.destinations import back_to
from spheres_core.followups.views.encounter_form import LISTED, fields_of, problems_of
from spheres_core.followups.views.wording import KINDS, PLACES, STATES, TONES, names_of, options
from spheres_core.foundation.errors import ChangedMeanwhile, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations.checks import DoubtedByCheck
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.drafts import FileDraft
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.drafts import as_sent
from spheres_core.participants.views.extra_questions import ExtraShown, extra_asked, extra_in_words
from spheres_core.partners.queries import pack_content
from spheres_core.partners.queries.catalogue import listed

ON_OVERVIEW = 3
"""Encounters that stand on the overview of her file."""


ABOUT: Final[Mapping[str, Message]] = {"themes": msg("Themes"), "principles": msg("Principles used")}
"""Fields of which several may be ticked."""


class EncounterShown(Struct, frozen=True):
    """An encounter with its words."""

    id: UUID
    state: dict[str, Any]
    how: list[Text]
    about: list[Text]
    """Themes, then principles."""
    at: Any
    note: str
    her_words: str
    added: list[dict[str, Any]]
    by: str
    version: int
    extra: list[ExtraShown] = []


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns the last encounters for the overview of her file, without words."""
    page = await queries.list_encounters(ctx, access)
    return [
        SummaryLine(ctx.locale.say(STATES[each.state]), ctx.locale.time(each.at, zone=ctx.zone))
        for each in page.items[:ON_OVERVIEW]
    ]


async def encounters_page(ctx: Context, access: ParticipantAccess, *, cursor: str) -> dict[str, Any]:
    """Returns what `followups/encounters.html` shows."""
    page = await queries.list_encounters(ctx, access, cursor=cursor)
    names = await _names(ctx, page.items)
    return {
        "title": ctx.locale.say(msg("Encounters")),
        "encounters": [_shown(ctx, each, names) for each in page.items],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "back_url": "?" if cursor else "",
        "may_write": reaches(ctx, access, "encounters", act="write"),
    }


def new_page(
    ctx: Context,
    access: ParticipantAccess,
    *,
    origin: str,
    draft: FileDraft | None = None,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `followups/new_encounter.html` shows: with `draft`, what she goes on with.

    `refusal`: why what was `sent` was not kept.
    """
    return {
        "title": ctx.locale.say(msg("Write a note")),
        "back": back_to(origin),
        **_form(ctx, access, None, sent, refusal, draft),
    }


async def encounter_page(
    ctx: Context,
    access: ParticipantAccess,
    id: UUID,
    *,
    draft: FileDraft | None = None,
    added: Post | None = None,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `followups/encounter.html` shows: with `draft` and `added`, what she goes on with.

    `refusal`: why what was `sent` was not kept.
    """
    adding = sent or added
    found = await queries.read_encounter(ctx, access, id)
    history = await queries.versions_of(ctx, access, id)
    names = await names_of(
        ctx, [found.author, *(each.by for each in found.addenda), *(each.by for each in history.versions)]
    )
    written_on = found.written_at.astimezone(ctx.zone).date()
    correctable = may_correct(
        found.state, author=found.author, written_on=written_on, actor=ctx.actor.id, today=ctx.today
    )
    late = isinstance(refusal, TooLateToCorrect)
    writes = reaches(ctx, access, "encounters", act="write")
    may_correct_now = writes and correctable and not late
    return {
        "title": ctx.locale.say(msg("Encounter")),
        "encounter": structs.replace(_shown(ctx, found, names), extra=await extra_in_words(ctx, KIND, found.extra)),
        "versions": [
            {
                "note": each.note,
                "her_words": each.her_words or "",
                "at": each.at,
                "by": _name(names, each.by),
                "extra": await extra_in_words(ctx, KIND, each.extra),
            }
            for each in history.versions[1:]
        ],
        "may_correct": may_correct_now,
        "may_add": writes,
        "changed": isinstance(refusal, ChangedMeanwhile) or (draft is not None and draft.base != found.version),
        "yours": sent["note"] if sent is not None and late else _too_late(draft, may_correct_now),
        "added_text": adding["text"] if adding is not None else "",
        "added_hers": bool(adding is not None and adding["hers"]),
        **_form(ctx, access, found, sent if sent is not None and sent["state"] else None, refusal, draft),
    }


def _too_late(draft: FileDraft | None, may_correct_now: bool) -> str:
    """Returns the note of a draft that can only be added any more."""
    return str(draft.values.get("note", "")) if draft is not None and not may_correct_now else ""


def _form(
    ctx: Context,
    access: ParticipantAccess,
    found: Encounter | None,
    sent: Post | None,
    refusal: Refusal | None,
    draft: FileDraft | None,
) -> dict[str, Any]:
    """Returns what the form shows. `version` is the newest: whoever saves again has seen both sides."""
    typed = sent if sent is not None else as_sent(draft) if draft else None
    on = found.at.astimezone(ctx.zone).date() if found else ctx.today
    planned_before = found is not None and found.state == "planned"
    open_states = STATES if found is None or planned_before else {k: v for k, v in STATES.items() if k != "planned"}
    return {
        "fields": fields_of(ctx, found, sent, draft.values if draft else None),
        "version": found.version if found else 0,
        "states": options(ctx, {k: v for k, v in open_states.items() if found or k != "cancelled"}),
        "encounter_kinds": options(ctx, KINDS),
        "places": options(ctx, PLACES, msg("Not said")),
        "about": [(name, ctx.locale.say(title), _choices(ctx, name, found)) for name, title in ABOUT.items()],
        "keeps_her_words": reaches(ctx, access, "own_words", act="write"),
        "problems": problems_of(refusal, sent),
        "doubted": isinstance(refusal, DoubtedByCheck),
        "extra": extra_asked(
            ctx, access, KIND, on=on, kept=found.extra if found else None, sent=typed, refusal=refusal
        ),
    }


def _choices(ctx: Context, name: str, found: Encounter | None) -> list[tuple[str, Text]]:
    """Returns what may be ticked: what the region's list has in use, and what the encounter has already."""
    known, kept = listed(ctx, LISTED[name]), getattr(found, name) if found is not None else ()
    return [(code, ctx.locale.pick(each.label)) for code, each in known.items() if not each.retired or code in kept]


def _shown(ctx: Context, each: Encounter, names: dict[UUID, str]) -> EncounterShown:
    how = [ctx.locale.say(KINDS[each.kind])]
    if each.place:
        how.append(ctx.locale.say(PLACES[each.place]))
    return EncounterShown(
        id=each.id,
        state={"tone": TONES[each.state], "label": ctx.locale.say(STATES[each.state])},
        how=how,
        about=[
            ctx.locale.pick(label)
            for name, codes in (("session_themes", each.themes), ("principles", each.principles))
            for code in codes
            if (label := pack_content.label(ctx, name, code)) is not None
        ],
        at=each.at,
        note=each.note,
        her_words=each.her_words or "",
        added=[{"text": one.text, "hers": one.hers, "at": one.at, "by": _name(names, one.by)} for one in each.addenda],
        by=_name(names, each.author),
        version=each.version,
    )


async def _names(ctx: Context, found: list[Encounter]) -> dict[UUID, str]:
    return await names_of(ctx, [each.author for each in found] + [a.by for each in found for a in each.addenda])


def _name(names: dict[UUID, str], id: UUID | None) -> str:
    return names.get(id, "") if id else ""
