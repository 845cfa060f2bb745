"""Writes needs and strengths. No need is recorded before something that she can build on is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import NeedFacts, ParticipantFacts, Problem, msg
from spheres_core.followups.queries.participations import open_one
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import checks
from spheres_core.participants.operations.extra_answers import check_extra, may_write_hers, write_extra
from spheres_core.participants.schemas.extra_answers import ExtraChecked
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import listed
from spheres_core.plans.operations.moves import moved
from spheres_core.plans.operations.texts import require_writing, write_words
from spheres_core.plans.queries import needs as queries
from spheres_core.plans.queries.needs import CLASS, needs, strengths
from spheres_core.plans.schemas.needs import (
    Need,
    NeedChanged,
    NeedFound,
    NeedPosted,
    NeedState,
    Strength,
    StrengthChanged,
    StrengthFound,
    StrengthPosted,
)
from spheres_core.plans.schemas.words import TextPart

KIND: Final = "need"
"""The kind of record, on which extra questions may be asked."""
ADD_NEED = prepare(insert(needs))
ADD_STRENGTH = prepare(insert(strengths))
ANY_STRENGTH = prepare(
    select(strengths.c.id).where(scoped(strengths), strengths.c.participant_id == bindparam("her")).limit(1)
)
CHANGE_NEED = prepare(
    needs.update()
    .where(scoped(needs), needs.c.id == bindparam("which"), needs.c.version == bindparam("seen"))
    .values(
        version=needs.c.version + 1, state=bindparam("to", type_=Text()), urgency=bindparam("how", type_=Text()),
        identified_by=bindparam("by_whom", type_=Text()), author=bindparam("who"), written_at=bindparam("now"),
    )
    .returning(needs.c.id)
)  # fmt: skip
CHANGE_STRENGTH = prepare(
    strengths.update()
    .where(scoped(strengths), strengths.c.id == bindparam("which"), strengths.c.version == bindparam("seen"))
    .values(
        version=strengths.c.version + 1, identified_by=bindparam("by_whom", type_=Text()), author=bindparam("who"),
        written_at=bindparam("now"),
    )
    .returning(strengths.c.id)
)  # fmt: skip


class StrengthMissing(Invalid):
    """A difficulty is recorded only where a strength stands beside it."""

    code = "strength_missing"
    message = msg("First note a strength of hers: something that she can build on.")


async def record_strength(ctx: Context, file: ParticipantAccess, posted: StrengthPosted) -> Strength:
    """Records something that she can build on. Raises `ParticipantUnknown`, `NotTakingPart`, `LimitsNotExplained`."""
    await require_writing(ctx, file, CLASS, on=ctx.today)
    episode = await open_one(ctx, file.id)
    found = await _add_strength(ctx, file, episode.id, posted)
    return (await queries.strengths_with_words(ctx, file, [found]))[0]


async def change_strength(ctx: Context, file: ParticipantAccess, id: UUID, sent: StrengthChanged) -> Strength:
    """Says a strength in other words; the earlier ones stay. Raises `StrengthUnknown`, `ChangedMeanwhile`."""
    found = await queries.find_strength(ctx, file, id)
    await require_writing(ctx, file, CLASS, on=found.dated_on)
    changed = await ctx.db.run(
        CHANGE_STRENGTH, which=id, seen=sent.version, by_whom=sent.identified_by, who=ctx.actor.id, now=ctx.now
    )
    newest = (await queries.strengths_with_words(ctx, file, [await queries.find_strength(ctx, file, id)]))[0]
    if not changed:
        raise ChangedMeanwhile(extra=_sides(sent, newest))
    details = {"strength": str(id), "version": newest.version}
    act = moved(ctx, found, version=newest.version)
    await audit.record(ctx, "strength.changed", subject=("participant", file.id), details=details, doing=[act])
    await write_words(
        ctx, file.id, id, {"what": sent.what}, information=CLASS, on=found.dated_on, version=newest.version,
        hers=sent.identified_by == "herself", before={"what": newest.what},
    )  # fmt: skip
    return (await queries.strengths_with_words(ctx, file, [await queries.find_strength(ctx, file, id)]))[0]


async def record_need(ctx: Context, file: ParticipantAccess, posted: NeedPosted) -> Need:
    """Records something that she lacks, with a strength where none was recorded before.

    Raises `ParticipantUnknown`, `NotTakingPart`, `CodeUnknown`, `StrengthMissing`, `OwnWordsNotAgreed`,
    `LimitsNotExplained`, `ExtraAnswersInvalid`, `FormOutdated`.
    """
    await require_writing(ctx, file, CLASS, on=ctx.today, her_words=posted.her_words)
    require_codes([posted.need], listed(ctx, "needs"), path="need")
    extra = await check_extra(ctx, file, KIND, posted.extra, on=ctx.today)
    await _check(ctx, file, posted.need, "open", posted, extra)
    episode = await open_one(ctx, file.id)
    await ctx.db.lock("plan", file.id)
    if posted.strength.strip():
        said = StrengthPosted(posted.strength, posted.identified_by)
        await _add_strength(ctx, file, episode.id, said)
    elif await ctx.db.scalar(ANY_STRENGTH, her=file.id) is None:
        raise StrengthMissing(errors=[Problem(StrengthMissing.message, path="strength")])
    id = uuid7()
    found = NeedFound(
        id, file.id, posted.need, "open", posted.identified_by, posted.urgency, 1, ctx.actor.id, ctx.now, ctx.today
    )
    added = ADD_NEED.of(participation_id=episode.id, **msgspec.structs.asdict(found))
    details = {"need": str(id), "code": posted.need, "urgency": posted.urgency, "by": posted.identified_by}
    doing = [added, moved(ctx, found, to=found.state)]
    await audit.record(ctx, "need.recorded", subject=("participant", file.id), details=details, doing=doing)
    await write_words(ctx, file.id, id, _words(posted), information=CLASS, on=found.dated_on)
    await write_extra(ctx, file.id, id, CLASS, extra, on=found.dated_on)
    return (await queries.needs_with_words(ctx, file, [found]))[0]


async def change_need(ctx: Context, file: ParticipantAccess, id: UUID, sent: NeedChanged) -> Need:
    """Says how a need is now; earlier words stay.

    Raises `NeedUnknown`, `ChangedMeanwhile`, `OwnWordsNotAgreed`, `ExtraAnswersInvalid`, `FormOutdated`.
    """
    found = await queries.find_need(ctx, file, id)
    await require_writing(ctx, file, CLASS, on=found.dated_on, her_words=sent.her_words)
    before = (await queries.needs_with_words(ctx, file, [found]))[0]
    extra = await check_extra(ctx, file, KIND, sent.extra, on=found.dated_on, before=before.extra)
    await _check(ctx, file, found.need, sent.state, sent, extra)
    changed = await ctx.db.run(
        CHANGE_NEED, which=id, seen=sent.version, to=sent.state, how=sent.urgency, by_whom=sent.identified_by,
        who=ctx.actor.id, now=ctx.now,
    )  # fmt: skip
    if not changed:
        newest = await queries.find_need(ctx, file, id)
        raise ChangedMeanwhile(extra=_sides(sent, (await queries.needs_with_words(ctx, file, [newest]))[0]))
    details = {"need": str(id), "state": sent.state, "urgency": sent.urgency, "version": sent.version + 1}
    act = moved(ctx, found, to=sent.state, version=sent.version + 1)
    await audit.record(ctx, "need.changed", subject=("participant", file.id), details=details, doing=[act])
    said, was = _words(sent), _words(before)
    if before.her_words is None:
        del said["her_words"]
    await write_words(
        ctx, file.id, id, said, information=CLASS, on=found.dated_on, version=sent.version + 1, before=was
    )
    await write_extra(
        ctx, file.id, id, CLASS, extra, on=found.dated_on, version=sent.version + 1, before=before.extra,
        hers=may_write_hers(ctx, file, on=found.dated_on, is_new=False),
    )  # fmt: skip
    return (await queries.needs_with_words(ctx, file, [await queries.find_need(ctx, file, id)]))[0]


async def _check(
    ctx: Context, file: ParticipantAccess, need: str, state: NeedState, sent: NeedPosted | NeedChanged,
    extra: ExtraChecked,
) -> None:  # fmt: skip
    """Heeds what plugins say against it. Raises as `checks.heed` does."""
    her = ParticipantFacts(file.id, file.code)
    facts = NeedFacts(her, need, state, sent.identified_by, sent.urgency, extra.meanings)
    asked = await ctx.ask("check_need", need=facts)
    checks.heed(ctx, "check_need", asked, confirmed=sent.confirmed)


async def _add_strength(
    ctx: Context, file: ParticipantAccess, participation: UUID, posted: StrengthPosted
) -> StrengthFound:
    id = uuid7()
    found = StrengthFound(id, file.id, posted.identified_by, 1, ctx.actor.id, ctx.now, ctx.today)
    added = ADD_STRENGTH.of(participation_id=participation, **msgspec.structs.asdict(found))
    details = {"strength": str(id), "by": posted.identified_by}
    doing = [added, moved(ctx, found)]
    await audit.record(ctx, "strength.recorded", subject=("participant", file.id), details=details, doing=doing)
    await write_words(
        ctx, file.id, id, {"what": posted.what}, information=CLASS, on=found.dated_on,
        hers=posted.identified_by == "herself",
    )  # fmt: skip
    return found


def _words(source: NeedPosted | NeedChanged | Need) -> dict[TextPart, str]:
    return {
        "what": source.what,
        "met_by": source.met_by,
        "could_be_met_by": source.could_be_met_by,
        "her_words": source.her_words or "",
    }


def _sides(yours: Any, theirs: Any) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(yours), "theirs": msgspec.to_builtins(theirs)}
