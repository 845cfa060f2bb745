"""Writes her emergency plan: drafts with her, the one to which she agrees, and that she does not want one now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

import msgspec
from sqlalchemy import Date, Integer, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.queries.participations import open_one
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import CodeUnknown
from spheres_core.partners.queries import partners
from spheres_core.plans.operations.texts import DayToCome, require_writing
from spheres_core.safety.plan_sections import PEOPLE
from spheres_core.safety.queries import plans as queries
from spheres_core.safety.queries.places import places_here
from spheres_core.safety.queries.plans import not_now, plans, texts
from spheres_core.safety.queries.sections import sections_here
from spheres_core.safety.schemas.plans import (
    CLASS,
    EmergencyPlan,
    EmergencyPlans,
    NotNowPosted,
    PlanAgreed,
    PlanWritten,
)
from spheres_core.safety.settings import Settings

ADD: Final = prepare(insert(plans).on_conflict_do_nothing().returning(plans.c.id))
ADD_TEXT: Final = prepare(insert(texts))
ADD_NOT_NOW: Final = prepare(insert(not_now))
_hers = plans.update().where(scoped(plans), plans.c.participant_id == bindparam("hers"))
SUPERSEDE: Final = prepare(_hers.where(plans.c.state == bindparam("was")).values(state="superseded"))
AGREE: Final = prepare(
    _hers.where(plans.c.state == "draft", plans.c.version == bindparam("seen", type_=Integer())).values(
        state="agreed", agreed_on=bindparam("day", type_=Date())
    )
)


class PlanEmpty(Invalid):
    """Nothing is written in any section."""

    code = "plan_empty"
    message = msg("Write at least one thing. The rest can wait.")


class DayPassed(Invalid):
    """The day on which something is looked at or asked again has passed."""

    code = "day_passed"
    message = msg("This day has passed. Please choose a day to come.")


class NothingToAgreeTo(Conflict):
    """There is no draft."""

    code = "nothing_to_agree_to"
    message = msg("There is no draft to which she could agree. Write one with her first.")


class LanguageUnknown(Invalid):
    """The region does not have this language."""

    code = "language_unknown"
    message = msg("Choose one of the region’s languages.")


async def write_plan(ctx: Context, file: ParticipantAccess, written: PlanWritten) -> EmergencyPlan:
    """Writes a draft of her plan; the one to which she has agreed holds until she agrees to this one.

    Raises `ChangedMeanwhile` with both sides, `PlanEmpty`, `CodeUnknown`, `DayPassed`, `LanguageUnknown`,
    `ParticipantUnknown`, `NotTakingPart`, `LimitsNotExplained`.
    """
    await require_writing(ctx, file, CLASS, on=ctx.today)
    before = await _require_last(ctx, file, written, written.version)
    await _check(ctx, written, before)
    episode = await open_one(ctx, file.id)
    version, id = written.version + 1, uuid7()
    await ctx.db.run(SUPERSEDE, hers=file.id, was="draft")
    added = await ctx.db.all(
        ADD, id=id, participant_id=file.id, participation_id=episode.id, version=version, state="draft",
        language=written.language, community=written.community, places=list(written.places),
        review_by=written.review_by or ctx.today + dt.timedelta(days=_settings(ctx).plan_review_days),
        agreed_on=None, author=ctx.actor.id, written_at=ctx.now, dated_on=ctx.today,
        carried=list(dict.fromkeys(written.carried)),
    )  # fmt: skip
    if not added:
        raise ChangedMeanwhile(extra=await _sides(ctx, file, written))
    said = {code: words for code, words in written.sections.items() if words.strip() and code != PEOPLE}
    if written.people:
        said[PEOPLE] = msgspec.json.encode(written.people).decode()
    for code, words in said.items():
        text = uuid7()
        await ctx.db.run(
            ADD_TEXT, id=text, participant_id=file.id, plan_id=id, section=code, dated_on=ctx.today,
            words=ctx.keys.seal("emergency_plan_texts", text, "words", words),
        )  # fmt: skip
    details = {"plan": str(id), "version": version, "state": "draft"}
    await audit.record(ctx, "emergency_plan.written", subject=("participant", file.id), details=details)
    made = await queries.read_version(ctx, file, version)
    assert made is not None
    return made


async def agree_to_plan(ctx: Context, file: ParticipantAccess, agreed: PlanAgreed) -> EmergencyPlan:
    """Notes that she agrees to the draft: it is her plan, and the one before is kept as it was.

    Raises `ChangedMeanwhile` with both sides, `NothingToAgreeTo`, `DayToCome`, `ParticipantUnknown`.
    """
    require_class(ctx, file, CLASS, act="write")
    draft = await _require_last(ctx, file, agreed, agreed.version)
    if draft is None or draft.state != "draft":
        raise NothingToAgreeTo
    on = agreed.on or ctx.today
    if on > ctx.today:
        raise DayToCome(errors=[Problem(DayToCome.message, path="on")])
    await ctx.db.run(SUPERSEDE, hers=file.id, was="agreed")
    if not await ctx.db.run(AGREE, hers=file.id, seen=agreed.version, day=on):
        raise ChangedMeanwhile(extra=await _sides(ctx, file, agreed))
    details = {"plan": str(draft.id), "version": agreed.version, "state": "agreed"}
    await audit.record(ctx, "emergency_plan.agreed", subject=("participant", file.id), details=details)
    made = await queries.read_version(ctx, file, agreed.version)
    assert made is not None
    return made


async def note_not_now(ctx: Context, file: ParticipantAccess, posted: NotNowPosted) -> EmergencyPlans:
    """Notes that she does not want a plan now, and when it is asked again. Nothing depends on it.

    Raises `DayPassed`, `ParticipantUnknown`.
    """
    require_class(ctx, file, CLASS, act="write")
    if posted.ask_again_on <= ctx.today:
        raise DayPassed(errors=[Problem(DayPassed.message, path="ask_again_on")])
    id = uuid7()
    added = ADD_NOT_NOW.of(
        id=id, participant_id=file.id, ask_again_on=posted.ask_again_on, author=ctx.actor.id, written_at=ctx.now,
        dated_on=ctx.today,
    )  # fmt: skip
    details = {"not_now": str(id)}
    await audit.record(
        ctx, "emergency_plan.not_now", subject=("participant", file.id), details=details, doing=[added]
    )  # fmt: skip
    return await queries.read_plans(ctx, file)


async def _require_last(
    ctx: Context, file: ParticipantAccess, sent: PlanWritten | PlanAgreed, version: int
) -> EmergencyPlan | None:
    """Returns the version that the writer saw, the last one; None where there was none."""
    if await queries.last_version(ctx, file) != version:
        raise ChangedMeanwhile(extra=await _sides(ctx, file, sent))
    return await queries.read_version(ctx, file, version) if version else None


async def _check(ctx: Context, written: PlanWritten, before: EmergencyPlan | None) -> None:
    if not any(words.strip() for words in written.sections.values()) and not (written.people or written.places):
        raise PlanEmpty
    if written.language not in ctx.tenant.languages:
        raise LanguageUnknown(errors=[Problem(LanguageUnknown.message, path="language")])
    if written.review_by is not None and written.review_by <= ctx.today:
        raise DayPassed(errors=[Problem(DayPassed.message, path="review_by")])
    sections, places = {*sections_here(ctx)}, {*(await places_here(ctx) if written.places else ())}
    if before is not None:
        sections |= {each.code for each in before.sections}
        places |= {each.service for each in before.places}
    _require_known(written.sections, sections, path="sections")
    _require_known(written.carried, sections, path="carried")
    _require_known(written.places, places, path="places")
    areas = {each.key for each in await partners.areas(ctx)}
    _require_known([written.community] if written.community else [], areas, path="community")


def _require_known(codes: Iterable[str], known: Collection[str], *, path: str) -> None:
    if any(code not in known for code in codes):
        raise CodeUnknown(errors=[Problem(CodeUnknown.message, path=path)], extra={"known": sorted(known)})


async def _sides(ctx: Context, file: ParticipantAccess, sent: PlanWritten | PlanAgreed) -> dict[str, object]:
    theirs = await queries.read_version(ctx, file, await queries.last_version(ctx, file))
    return {"yours": msgspec.to_builtins(sent), "theirs": msgspec.to_builtins(theirs)}


def _settings(ctx: Context) -> Settings:
    return ctx.settings("safety", Settings)
