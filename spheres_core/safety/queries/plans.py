"""Finds her emergency plan, for whoever may read its class."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.safety.models import EmergencyPlanRow, EmergencyPlanTextRow, NotNowRow
from spheres_core.safety.plan_sections import PEOPLE
from spheres_core.safety.queries.places import numbers_of, places_of
from spheres_core.safety.queries.sections import sections_here, title_of
from spheres_core.safety.schemas.plans import (
    CLASS,
    EmergencyPlan,
    EmergencyPlans,
    NotNow,
    PlanFound,
    PlanSectionNamed,
    SectionSaid,
    TrustedPerson,
)

plans, texts, not_now = table(EmergencyPlanRow), table(EmergencyPlanTextRow), table(NotNowRow)


class _Text(Struct, frozen=True):
    id: UUID
    plan_id: UUID
    section: str
    words: bytes


_hers = (
    select(*(plans.c[name] for name in PlanFound.__struct_fields__))
    .where(scoped(plans), plans.c.participant_id == bindparam("participant"))
    .where(permitted(plans.c.participant_id, CLASS, plans.c.dated_on))
)
CURRENT = prepare(_hers.where(plans.c.state != "superseded").order_by(plans.c.version), into=PlanFound)
ONE = prepare(_hers.where(plans.c.version == bindparam("version")), into=PlanFound)
LAST_VERSION = prepare(
    select(func.coalesce(func.max(plans.c.version), 0))
    .where(scoped(plans), plans.c.participant_id == bindparam("participant"))
    .where(permitted(plans.c.participant_id, CLASS, plans.c.dated_on))
)
TEXTS = prepare(
    select(*(texts.c[name] for name in _Text.__struct_fields__))
    .where(scoped(texts), texts.c.participant_id == bindparam("participant"))
    .where(texts.c.plan_id == any_(bindparam("plans", type_=ARRAY(Uuid()))))
    .where(permitted(texts.c.participant_id, CLASS, texts.c.dated_on)),
    into=_Text,
)
NOT_NOW = prepare(
    select(not_now.c.dated_on, not_now.c.ask_again_on, not_now.c.written_at)
    .where(scoped(not_now), not_now.c.participant_id == bindparam("participant"))
    .where(permitted(not_now.c.participant_id, CLASS, not_now.c.dated_on))
    .order_by(not_now.c.id.desc())
    .limit(1)
)


async def read_plans(ctx: Context, file: ParticipantAccess) -> EmergencyPlans:
    """Returns her plan and the draft of another, and writes to the trail which were shown.

    Raises `ParticipantUnknown`.
    """
    require_class(ctx, file, CLASS)
    found = await ctx.db.all(CURRENT, participant=file.id, **file.reader)
    if file.purpose == "emergency":  # somebody on call goes by what she agreed to
        found = [each for each in found if each.state == "agreed"]
    await audit.record(
        ctx, "emergency_plan.read", subject=("participant", file.id), shown=[each.id for each in found],
        details={"purpose": file.purpose},
    )  # fmt: skip
    shown = {each.state: each for each in await plans_with_words(ctx, file, found)}
    rows = await ctx.db.all(NOT_NOW, participant=file.id, **file.reader)
    said = next((NotNow(on, again) for on, again, at in rows if all(at > each.written_at for each in found)), None)
    return EmergencyPlans(
        await last_version(ctx, file), shown.get("agreed"), shown.get("draft"), said,
        [PlanSectionNamed(code, str(title_of(ctx, each))) for code, each in sections_here(ctx).items()],
    )  # fmt: skip


async def last_version(ctx: Context, file: ParticipantAccess) -> int:
    """Returns the number of the last version, 0 where there is none."""
    return int(await ctx.db.scalar(LAST_VERSION, participant=file.id, **file.reader))


async def read_version(ctx: Context, file: ParticipantAccess, version: int) -> EmergencyPlan | None:
    """Returns one version; None where there is none, or none that the reader may read."""
    found = await ctx.db.one_or_none(ONE, participant=file.id, version=version, **file.reader)
    return None if found is None else (await plans_with_words(ctx, file, [found]))[0]


async def plans_with_words(
    ctx: Context, file: ParticipantAccess, found: Sequence[PlanFound], *, on_paper: bool = False
) -> list[EmergencyPlan]:
    """Returns plans with their words, and with the directory as it is now. `on_paper`: not whether it is open now."""
    ids = [each.id for each in found]
    rows = await ctx.db.all(TEXTS, participant=file.id, plans=ids, **file.reader) if ids else []
    words = {
        (row.plan_id, row.section): ctx.keys.open("emergency_plan_texts", row.id, "words", row.words) for row in rows
    }
    return [
        await _with_words(
            ctx, each, {code: said for (id, code), said in words.items() if id == each.id}, on_paper=on_paper
        )
        for each in found
    ]


async def _with_words(ctx: Context, found: PlanFound, words: dict[str, bytes], *, on_paper: bool) -> EmergencyPlan:
    people = msgspec.json.decode(words.pop(PEOPLE, b"[]"), type=list[TrustedPerson])
    known = sections_here(ctx, also_retired=True)
    order = [*(code for code in known if code in words), *sorted(code for code in words if code not in known)]
    return EmergencyPlan(
        id=found.id, version=found.version, state=found.state, language=found.language, community=found.community,
        sections=[
            SectionSaid(code, str(title_of(ctx, known[code])) if code in known else code, words[code].decode())
            for code in order
        ],
        people=people, places=await places_of(ctx, found.places, on_paper=on_paper),
        numbers=await numbers_of(ctx, found.community, on_paper=on_paper), review_by=found.review_by,
        agreed_on=found.agreed_on, author=found.author, written_at=found.written_at, carried=found.carried,
    )  # fmt: skip
