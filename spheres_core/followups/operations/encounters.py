"""Writes encounters: what was planned, what took place, what was said, and what is added later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import DateTime, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import limits
from spheres_core.facts import EncounterFacts, ParticipantFacts, Problem, msg
from spheres_core.followups.corrections import may_become, may_correct
from spheres_core.followups.queries import encounters as queries
from spheres_core.followups.queries.encounters import encounters, texts
from spheres_core.followups.queries.participations import ages_now, open_for_words
from spheres_core.followups.schemas.encounters import (
    AddendumPosted,
    Encounter,
    EncounterCorrected,
    EncounterFound,
    EncounterPosted,
    TextPart,
)
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import checks
from spheres_core.participants.operations.extra_answers import check_extra, may_write_hers, write_extra
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.schemas.extra_answers import ExtraChecked
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import listed

ADD = prepare(insert(encounters))
ADD_TEXT = prepare(insert(texts))
WRITE_ANEW = prepare(
    encounters.update()
    .where(scoped(encounters), encounters.c.id == bindparam("which"), encounters.c.version == bindparam("seen"))
    .values(
        version=encounters.c.version + 1, state=bindparam("to", type_=Text()), kind=bindparam("its_kind", type_=Text()),
        at=bindparam("when", type_=DateTime(timezone=True)), place=bindparam("where", type_=Text()),
        themes=bindparam("about", type_=ARRAY(Text())), principles=bindparam("used", type_=ARRAY(Text())),
        dated_on=bindparam("day"), author=bindparam("who"),
        written_at=bindparam("now"),
    )
    .returning(encounters.c.id)
)  # fmt: skip
OF_PART: dict[TextPart, str] = {
    "note": "encounters",
    "addendum": "encounters",
    "her_words": "own_words",
    "her_addendum": "own_words",
}
"""The class of information of each part."""


KIND: Final = "encounter"
"""The kind of record, on which extra questions may be asked."""


class EncounterInvalid(Invalid):
    """An encounter that took place in the future, or that was planned without a moment."""

    code = "encounter_invalid"
    message = msg("What took place took place today or before.")


class OwnWordsNotAgreed(Invalid):
    """She has not agreed that her own words are kept, or the caller may not write them."""

    code = "own_words_not_agreed"
    message = msg("She has not agreed that her own words are kept. Please leave them out, or ask her.")


class TooLateToCorrect(Conflict):
    """It was written on another day, or by somebody else: so it stays."""

    code = "too_late_to_correct"
    message = msg("Only its author changes this, on the same day. Please add to it instead.")


async def record_encounter(ctx: Context, file: ParticipantAccess, posted: EncounterPosted) -> Encounter:
    """Records an encounter.

    Raises `ParticipantUnknown`, `NotTakingPart`, `EncounterInvalid`, `CodeUnknown`, `OwnWordsNotAgreed`,
    `ExtraAnswersInvalid`, `FormOutdated`.
    """
    at, day = moment_of(ctx, posted.at)
    require_class(ctx, file, "encounters", act="write", on=day)
    extra = await check_extra(ctx, file, KIND, posted.extra, on=day)
    await _check(ctx, file, posted, day, extra)
    _require_listed(ctx, posted)
    note, hers = posted.note.strip(), posted.her_words.strip()
    _require_own_words_agreed(ctx, file, day, hers)
    episode = await open_for_words(ctx, file.reader, file.id, words=bool(note or hers) or extra.has_answers)
    id = uuid7()
    found = EncounterFound(
        id, file.id, posted.state, posted.kind, at, posted.place, list(posted.themes),
        list(posted.principles), 1, ctx.actor.id,
        ctx.now, day,
    )  # fmt: skip
    written = [
        ADD.of(participation_id=episode.id, **msgspec.structs.asdict(found)),
        *([_text(ctx, found, "note", note)] if note else []),
        *([_text(ctx, found, "her_words", hers)] if hers else []),
    ]
    details = {"encounter": str(id), "state": posted.state, "kind": posted.kind}
    await audit.record(ctx, "encounter.recorded", subject=("participant", file.id), details=details, doing=written)
    if not extra.has_answers:
        return queries.shown(found, note=note, her_words=hers if reaches(ctx, file, "own_words") else None)
    await write_extra(ctx, file.id, id, "encounters", extra, on=day)
    return await _shown(ctx, file, found)


async def correct_encounter(ctx: Context, file: ParticipantAccess, id: UUID, sent: EncounterCorrected) -> Encounter:
    """Writes an encounter anew; its earlier versions stay.

    Raises `EncounterUnknown`, `ChangedMeanwhile`, `TooLateToCorrect`, `EncounterInvalid`, `OwnWordsNotAgreed`,
    `LimitsNotExplained`, `ExtraAnswersInvalid`, `FormOutdated`.
    """
    found = await queries.find(ctx, file, id)
    at, day = moment_of(ctx, sent.at)
    for each in (found.dated_on, day):
        require_class(ctx, file, "encounters", act="write", on=each)
    if found.version != sent.version:
        raise ChangedMeanwhile(extra=await _both(ctx, file, found, sent))
    written_on = found.written_at.astimezone(ctx.zone).date()
    allowed = may_correct(found.state, author=found.author, written_on=written_on, actor=ctx.actor.id, today=ctx.today)
    if not allowed or not may_become(found.state, sent.state):
        raise TooLateToCorrect
    before = await _shown(ctx, file, found)
    extra = await check_extra(ctx, file, KIND, sent.extra, on=day, before=before.extra)
    await _check(ctx, file, sent, day, extra)
    _require_listed(ctx, sent, found)
    await require_words_allowed(ctx, file, day, ours=sent.note, hers=sent.her_words, besides=extra.has_answers)
    values = {
        "to": sent.state,
        "its_kind": sent.kind,
        "when": at,
        "where": sent.place,
        "about": sent.themes,
        "used": sent.principles,
    }
    changed = await ctx.db.run(
        WRITE_ANEW, which=id, seen=sent.version, day=day, who=ctx.actor.id, now=ctx.now, **values
    )
    if not changed:
        newest = await queries.find(ctx, file, id)
        raise ChangedMeanwhile(extra=await _both(ctx, file, newest, sent))
    details = {"encounter": str(id), "state": sent.state, "version": sent.version + 1}
    await audit.record(ctx, "encounter.corrected", subject=("participant", file.id), details=details)
    now = await queries.find(ctx, file, id)
    if sent.note.strip() != before.note:
        await _write(ctx, now, "note", sent.note)
    if before.her_words is not None and sent.her_words.strip() != before.her_words:
        await _write(ctx, now, "her_words", sent.her_words)
    await write_extra(
        ctx, file.id, id, "encounters", extra, on=day, version=now.version, before=before.extra,
        hers=may_write_hers(ctx, file, on=day, is_new=False),
    )  # fmt: skip
    return await _shown(ctx, file, now)


async def add_to_encounter(ctx: Context, file: ParticipantAccess, id: UUID, posted: AddendumPosted) -> Encounter:
    """Adds to an encounter what stays beside it. Raises `EncounterUnknown`, `OwnWordsNotAgreed`."""
    found = await queries.find(ctx, file, id)
    require_class(ctx, file, "encounters", act="write", on=found.dated_on)
    ours, hers = ("", posted.text) if posted.hers else (posted.text, "")
    await require_words_allowed(ctx, file, found.dated_on, ours=ours, hers=hers, path="hers")
    await audit.record(ctx, "encounter.added_to", subject=("participant", file.id), details={"encounter": str(id)})
    await _write(ctx, found, "her_addendum" if posted.hers else "addendum", posted.text)
    return await _shown(ctx, file, found)


def moment_of(ctx: Context, at: dt.datetime) -> tuple[dt.datetime, dt.date]:
    """Returns a moment in UTC, and the day that it is here. Raises `EncounterInvalid` for one without its offset."""
    if at.tzinfo is None:
        problem = Problem(msg("Say at which offset from UTC, as in 2026-11-23T10:00:00-05:00."), path="at")
        raise EncounterInvalid(errors=[problem])
    return at.astimezone(dt.UTC), at.astimezone(ctx.zone).date()


async def require_words_allowed(
    ctx: Context, file: ParticipantAccess, on: dt.date, *, ours: str, hers: str, path: str = "her_words",
    besides: bool = False,
) -> None:  # fmt: skip
    """Lets words be written: hers only when she has agreed to it, and none before she knows what stays between them.

    `besides`: whether something else is written with them, such as answers to extra questions. Raises
    `OwnWordsNotAgreed` at `path`, `LimitsNotExplained`.
    """
    _require_own_words_agreed(ctx, file, on, hers.strip(), path)
    if besides or ours.strip() or hers.strip():
        await limits.require_limits_explained(ctx, file.reader, file.id, await ages_now(ctx, file.id))


def _require_listed(ctx: Context, posted: EncounterPosted, kept: EncounterFound | None = None) -> None:
    """Holds themes and principles to the region's lists; what the encounter has already may stay."""
    require_codes(posted.themes, listed(ctx, "session_themes"), path="themes", kept=kept.themes if kept else ())
    require_codes(posted.principles, listed(ctx, "principles"), path="principles", kept=kept.principles if kept else ())


async def _check(
    ctx: Context, file: ParticipantAccess, posted: EncounterPosted, day: dt.date, extra: ExtraChecked
) -> None:
    """Refuses what cannot be, and heeds what plugins say against it. Raises as `checks.heed` does."""
    if posted.state == "held" and posted.at > ctx.now:
        raise EncounterInvalid(errors=[Problem(EncounterInvalid.message, path="at")])
    facts = EncounterFacts(
        ParticipantFacts(file.id, file.code), posted.state, posted.kind, day, posted.place, tuple(posted.themes),
        bool(posted.note.strip()), bool(posted.her_words.strip()), extra.meanings,
    )  # fmt: skip
    asked = await ctx.ask("check_encounter", encounter=facts)
    checks.heed(ctx, "check_encounter", asked, confirmed=posted.confirmed)


def _require_own_words_agreed(
    ctx: Context, file: ParticipantAccess, on: dt.date, hers: str, path: str = "her_words"
) -> None:
    if hers and not reaches(ctx, file, "own_words", act="write", on=on):
        raise OwnWordsNotAgreed(errors=[Problem(OwnWordsNotAgreed.message, path=path)])


async def _write(ctx: Context, found: EncounterFound, part: TextPart, words: str) -> None:
    added = _text(ctx, found, part, words.strip())
    await ctx.db.run(added.statement, **added.values)


def _text(ctx: Context, found: EncounterFound, part: TextPart, words: str) -> BoundStatement[Any]:
    id = uuid7()
    return ADD_TEXT.of(
        id=id, participant_id=found.participant_id, encounter_id=found.id, information=OF_PART[part], part=part,
        version=found.version, words=ctx.keys.seal("encounter_texts", id, "words", words) if words else None,
        author=ctx.actor.id, written_at=ctx.now, dated_on=found.dated_on,
    )  # fmt: skip


async def _shown(ctx: Context, file: ParticipantAccess, found: EncounterFound) -> Encounter:
    return (await queries.with_words(ctx, file, [found]))[0]


async def _both(
    ctx: Context, file: ParticipantAccess, found: EncounterFound, sent: EncounterCorrected
) -> Mapping[str, Any]:
    theirs = await _shown(ctx, file, found)
    return {"yours": msgspec.to_builtins(sent), "theirs": msgspec.to_builtins(theirs)}
