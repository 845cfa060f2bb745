"""Writes accompaniments: what she goes to, how she wishes it, who goes along, and how it went in her words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import DateTime, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.accompaniment_kinds import PEER_MEETING, POLICE, all_agree
from spheres_core.followups.corrections import may_become, may_correct
from spheres_core.followups.operations.encounters import moment_of, require_words_allowed
from spheres_core.followups.queries import accompaniments as queries
from spheres_core.followups.queries.accompaniments import accompaniments, texts
from spheres_core.followups.queries.participations import open_one
from spheres_core.followups.schemas.accompaniments import (
    Accompaniment,
    AccompanimentCorrected,
    AccompanimentFound,
    AccompanimentPart,
    AccompanimentPosted,
)
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import CodeUnknown, require_codes

ADD = prepare(insert(accompaniments))
ADD_TEXT = prepare(insert(texts))
WRITE_ANEW = prepare(
    accompaniments.update()
    .where(scoped(accompaniments), accompaniments.c.id == bindparam("which"))
    .where(accompaniments.c.version == bindparam("seen"))
    .values(
        version=accompaniments.c.version + 1, state=bindparam("to", type_=Text()),
        kind=bindparam("its_kind", type_=Text()), at=bindparam("when", type_=DateTime(timezone=True)),
        wish=bindparam("wished", type_=Text()), who_goes=bindparam("company", type_=ARRAY(Text())),
        dated_on=bindparam("day"), author=bindparam("who"), written_at=bindparam("now"),
        agreed=bindparam("sides", type_=ARRAY(Text())),
    )
    .returning(accompaniments.c.id)
)  # fmt: skip
VERBS: Final[Mapping[str, str]] = {"encounters": "accompaniment", "legal": "legal_step"}
"""By class, what an entry of the trail is about: a plugin is told of acts of the classes that it may know."""
PARTS: Final[tuple[AccompanimentPart, ...]] = ("what", "first_name", "wish_words", "how_it_went")
OF_OTHERS: Final = ("what", "first_name")
"""Parts that may say something of somebody else, of the accompaniment's own class."""


class AccompanimentInvalid(Invalid):
    """One that took place in the future, or of which is told how it went before it was."""

    code = "accompaniment_invalid"
    message = msg("What took place took place today or before.")


class NotAgreedYet(Invalid):
    """Somebody who must agree has not."""

    code = "not_agreed_yet"
    message = msg("Somebody whose yes it needs has not said it.")


class AccompanimentStays(Conflict):
    """It was written on another day, or by somebody else: so it stays."""

    code = "accompaniment_stays"
    message = msg("Only its author changes this, on the same day. What comes later stands in an encounter.")


async def record_accompaniment(ctx: Context, file: ParticipantAccess, posted: AccompanimentPosted) -> Accompaniment:
    """Records an accompaniment, in the class of information that its kind is of.

    Raises `ParticipantUnknown`, `NotTakingPart`, `CodeUnknown`, `AccompanimentInvalid`, `OwnWordsNotAgreed`,
    `LimitsNotExplained`, `NotAgreedYet`.
    """
    at, day = moment_of(ctx, posted.at)
    information = _class_of(ctx, posted.kind)
    require_class(ctx, file, information, act="write", on=day)
    require_codes([posted.kind], queries.kinds(ctx), path="kind")
    _check(ctx, posted)
    await _require_words_allowed(ctx, file, posted, day)
    episode = await open_one(ctx, file.id)
    id = uuid7()
    found = AccompanimentFound(
        id, file.id, information, posted.kind, posted.state, at, posted.wish, list(posted.who_goes), 1, ctx.actor.id,
        ctx.now, day, sorted({*posted.agreed}),
    )  # fmt: skip
    added = ADD.of(participation_id=episode.id, **msgspec.structs.asdict(found))
    details = {"accompaniment": str(id), "state": posted.state}
    await audit.record(
        ctx, f"{VERBS[information]}.recorded", subject=("participant", file.id), details=details, doing=[added]
    )
    for part in PARTS:
        if getattr(posted, part).strip():
            await _write(ctx, found, part, getattr(posted, part))
    return await _shown(ctx, file, found)


async def correct_accompaniment(
    ctx: Context, file: ParticipantAccess, id: UUID, sent: AccompanimentCorrected
) -> Accompaniment:
    """Writes an accompaniment anew; its earlier words stay. A legal step stays one, and no other becomes one.

    Raises `AccompanimentUnknown`, `ChangedMeanwhile`, `AccompanimentStays`, `CodeUnknown`, `AccompanimentInvalid`,
    `OwnWordsNotAgreed`, `LimitsNotExplained`, `NotAgreedYet`.
    """
    found = await queries.find(ctx, file, id)
    at, day = moment_of(ctx, sent.at)
    for each in (found.dated_on, day):
        require_class(ctx, file, found.information, act="write", on=each)
    of_class = {code: each for code, each in queries.kinds(ctx).items() if each.information == found.information}
    require_codes([sent.kind], of_class, path="kind", kept=[found.kind])
    _check(ctx, sent)
    if found.version != sent.version:
        raise ChangedMeanwhile(extra=await _both(ctx, file, found, sent))
    written_on = found.written_at.astimezone(ctx.zone).date()
    allowed = may_correct(found.state, author=found.author, written_on=written_on, actor=ctx.actor.id, today=ctx.today)
    if not allowed or not may_become(found.state, sent.state):
        raise AccompanimentStays
    await _require_words_allowed(ctx, file, sent, day)
    before = await _shown(ctx, file, found)
    values = {"to": sent.state, "its_kind": sent.kind, "when": at, "wished": sent.wish, "company": sent.who_goes}
    values["sides"] = sorted({*sent.agreed})
    changed = await ctx.db.run(
        WRITE_ANEW, which=id, seen=sent.version, day=day, who=ctx.actor.id, now=ctx.now, **values
    )
    if not changed:
        newest = await queries.find(ctx, file, id)
        raise ChangedMeanwhile(extra=await _both(ctx, file, newest, sent))
    details = {"accompaniment": str(id), "state": sent.state, "version": sent.version + 1}
    await audit.record(ctx, f"{VERBS[found.information]}.corrected", subject=("participant", file.id), details=details)
    now = await queries.find(ctx, file, id)
    for part in PARTS:
        was = getattr(before, part)
        hidden = part in OF_OTHERS and not all_agree(now.kind, now.agreed)  # nothing stands there any more
        if hidden or (was is not None and getattr(sent, part).strip() != was):
            await _write(ctx, now, part, getattr(sent, part))
    return await _shown(ctx, file, now)


def _class_of(ctx: Context, kind: str) -> str:
    known = queries.kinds(ctx)
    if kind not in known:
        raise CodeUnknown(errors=[Problem(CodeUnknown.message, path="kind")], extra={"known": list(known)})
    return known[kind].information


def _check(ctx: Context, posted: AccompanimentPosted) -> None:
    if posted.state == "held" and posted.at > ctx.now:
        raise AccompanimentInvalid(errors=[Problem(AccompanimentInvalid.message, path="at")])
    _check_agreed(posted)
    if posted.state == "planned" and posted.how_it_went.strip():
        problem = Problem(msg("How it went is told when it has been."), path="how_it_went")
        raise AccompanimentInvalid(errors=[problem])


def _check_agreed(posted: AccompanimentPosted) -> None:
    """Lets nothing stand of somebody who has not agreed, and nothing happen. Raises `NotAgreedYet`."""
    if posted.first_name.strip() and posted.kind != PEER_MEETING:
        said = msg("Only a peer whom she meets has a first name here.")
        raise AccompanimentInvalid(errors=[Problem(said, path="first_name")])
    if posted.wish == "not_now" and "herself" in posted.agreed:
        problem = Problem(msg("She does not wish it now: then this is not a yes."), path="agreed")
        raise NotAgreedYet(errors=[problem])
    if all_agree(posted.kind, posted.agreed):
        return
    if posted.kind == POLICE:
        problem = Problem(msg("The police are met only when she asks for it herself."), path="agreed")
        raise NotAgreedYet(errors=[problem])
    for path in OF_OTHERS:
        if getattr(posted, path).strip():
            said = msg("Before both have said yes, neither a place nor a name is written down.")
            raise NotAgreedYet(errors=[Problem(said, path=path)])
    if posted.state == "held":
        problem = Problem(msg("They meet once both have said yes."), path="state")
        raise NotAgreedYet(errors=[problem])


async def _require_words_allowed(ctx: Context, file: ParticipantAccess, posted: AccompanimentPosted, day: Any) -> None:
    await require_words_allowed(ctx, file, day, ours=posted.what + posted.first_name, hers="")
    for path in ("wish_words", "how_it_went"):
        await require_words_allowed(ctx, file, day, ours="", hers=getattr(posted, path), path=path)


async def _write(ctx: Context, found: AccompanimentFound, part: AccompanimentPart, words: str) -> None:
    id = uuid7()
    sealed = ctx.keys.seal("accompaniment_texts", id, "words", words.strip()) if words.strip() else None
    await ctx.db.run(
        ADD_TEXT, id=id, participant_id=found.participant_id, accompaniment_id=found.id,
        information=found.information if part in OF_OTHERS else "own_words", part=part, version=found.version,
        words=sealed, author=ctx.actor.id, written_at=ctx.now, dated_on=found.dated_on,
    )  # fmt: skip


async def _shown(ctx: Context, file: ParticipantAccess, found: AccompanimentFound) -> Accompaniment:
    return (await queries.with_words(ctx, file, [found]))[0]


async def _both(
    ctx: Context, file: ParticipantAccess, found: AccompanimentFound, sent: AccompanimentCorrected
) -> Mapping[str, Any]:
    theirs = await _shown(ctx, file, found)
    return {"yours": msgspec.to_builtins(sent), "theirs": msgspec.to_builtins(theirs)}
