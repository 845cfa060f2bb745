"""Operations on workshops: plan or log one, say who was there in numbers, correct it, call it off."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.languages import localization
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.queries import members
from spheres_core.support.operations.word_checks import check_words
from spheres_core.support.queries import workshops as queries
from spheres_core.support.queries.code_lists import KINDS, THEMES, TITLES, codes_here
from spheres_core.support.queries.workshops import WorkshopStored, workshops
from spheres_core.support.schemas.workshops import Audience, WorkshopChanged, WorkshopHeld, WorkshopWritten
from spheres_core.support.settings import Settings

ADD = prepare(insert(workshops))
_this = (scoped(workshops), workshops.c.id == bindparam("which"))
_written = (
    "kind", "setting", "title", "themes", "held_on", "minutes", "language", "organization", "given_by", "audience",
    "words", "notes",
)  # fmt: skip
_next = {"version": workshops.c.version + 1}
CHANGE = prepare(
    workshops.update()
    .where(*_this)
    .values(**{name: bindparam(f"new_{name}", type_=workshops.c[name].type) for name in _written}, **_next)
)
HOLD = prepare(
    workshops.update()
    .where(*_this)
    .values(state="held", audience=bindparam("people", type_=workshops.c.audience.type), **_next)
)
CANCEL = prepare(workshops.update().where(*_this).values(state="cancelled", **_next))


class WorkshopInvalid(Invalid):
    """Something does not fit; `errors` name each place."""

    code = "workshop_invalid"
    message = msg("Some answers need another look.")


class WorkshopActNotOpen(Conflict):
    """The workshop is in a state in which this cannot be done."""

    code = "workshop_act_not_open"
    message = msg("This cannot be done with this workshop now.")


async def log_workshop(ctx: Context, written: WorkshopWritten) -> UUID:
    """Plans a workshop, or logs one that took place where its audience is given. Returns its id.

    Raises `WorkshopInvalid`, `CodeUnknown`, `ParticipantCodeFound`, `IdentifiersFound`.
    """
    held = written.audience is not None
    await _check(ctx, written, held=held)
    id = uuid7()
    values = _values(ctx, id, written, written.audience or {})
    doing = ADD.of(id=id, state="held" if held else "planned", version=1, **values)
    if held:
        await audit.record(ctx, "workshop.held", subject=("workshop", id), details=_facts(values), doing=[doing])
    else:
        await audit.record(ctx, "workshop.planned", subject=("workshop", id), details=_facts(values), doing=[doing])
    return id


async def hold_workshop(ctx: Context, id: UUID, posted: WorkshopHeld) -> None:
    """Notes that a workshop took place, and how many people were there. Raises `WorkshopUnknown`, `WorkshopInvalid`,
    `WorkshopActNotOpen`, `ChangedMeanwhile`."""
    row = await _open_for(ctx, id, "hold", posted.version, msgspec.to_builtins(posted))
    problems = [*_audience_problems(posted.audience), *_day_problems(ctx, row.held_on, held=True)]
    if problems:
        raise WorkshopInvalid(errors=problems)
    doing = HOLD.of(which=id, people=posted.audience)
    facts = {"kind": row.kind, "setting": row.setting, "themes": row.themes}
    await audit.record(ctx, "workshop.held", subject=("workshop", id), details=facts, doing=[doing])


async def change_workshop(ctx: Context, id: UUID, changed: WorkshopChanged) -> None:
    """Corrects a workshop; its audience only once it took place. Raises as `log_workshop` and `hold_workshop`."""
    row = await _open_for(ctx, id, "change", changed.version, msgspec.to_builtins(changed))
    held = row.state == "held"
    if changed.audience is not None and not held:
        raise WorkshopInvalid(errors=[Problem(msg("Say first that it took place."), path="audience", code="not_held")])
    await _check(ctx, changed, held=held, kept=row)
    audience = row.audience if changed.audience is None else changed.audience
    values = _values(ctx, id, changed, audience)
    doing = CHANGE.of(which=id, **{f"new_{name}": value for name, value in values.items()})
    await audit.record(ctx, "workshop.changed", subject=("workshop", id), details=_facts(values), doing=[doing])


async def cancel_workshop(ctx: Context, id: UUID, version: int) -> None:
    """Calls a planned workshop off. Raises as `hold_workshop`."""
    row = await _open_for(ctx, id, "cancel", version, {"version": version})
    facts = {"kind": row.kind, "setting": row.setting, "themes": row.themes}
    doing = CANCEL.of(which=id)
    await audit.record(ctx, "workshop.cancelled", subject=("workshop", id), details=facts, doing=[doing])


async def _check(ctx: Context, written: WorkshopWritten, *, held: bool, kept: WorkshopStored | None = None) -> None:
    problems = [*_day_problems(ctx, written.on, held=held)]
    if not (written.title or written.words.strip()):
        problems.append(Problem(msg("Choose a title, or write one."), path="words", code="title"))
    if localization.match(written.language, ctx.tenant.languages) is None:
        problems.append(Problem(msg("This region does not speak this language."), path="language"))
    before = kept.organization if kept else ""
    if written.organization not in ("", before) and written.organization not in await organization_names(ctx):
        problems.append(Problem(msg("Choose one of the directory."), path="organization"))
    known = {each.id for each in await members.list_members(ctx) if each.active} | set(kept.given_by if kept else ())
    if not set(written.given_by) <= known:
        problems.append(Problem(msg("Choose members of the staff."), path="given_by", code="people"))
    if written.audience is not None:
        problems += _audience_problems(written.audience)
    if problems:
        raise WorkshopInvalid(errors=problems)
    require_codes([written.kind], codes_here(ctx, KINDS), path="kind", kept=[kept.kind] if kept else ())
    require_codes(written.themes, codes_here(ctx, THEMES), path="themes", kept=kept.themes if kept else ())
    titles = [written.title] if written.title else []
    require_codes(titles, codes_here(ctx, TITLES), path="title", kept=[kept.title] if kept else ())
    await check_words(ctx, {"words": written.words, "notes": written.notes}, confirmed=written.confirmed)


def _audience_problems(audience: Audience) -> list[Problem]:
    if audience:
        return []
    return [Problem(msg("Write at least one number: 0 where nobody came."), path="audience", code="audience")]


def _day_problems(ctx: Context, on: dt.date, *, held: bool) -> list[Problem]:
    kept = dt.timedelta(days=ctx.settings("support", Settings).workshops_erased_after_days)
    if held and on > ctx.today:
        return [Problem(msg("This day is still to come."), path="on", code="to_come")]
    if on <= ctx.today - kept:
        return [Problem(msg("This is longer ago than what is kept here."), path="on", code="too_old")]
    return []


def _values(ctx: Context, id: UUID, written: WorkshopWritten, audience: Audience) -> dict[str, Any]:
    sealed = {
        name: ctx.keys.seal("workshops", id, name, text) if text else None
        for name, text in (("words", written.words.strip()), ("notes", written.notes.strip()))
    }
    spoken = localization.match(written.language, ctx.tenant.languages) or written.language
    return {
        "kind": written.kind, "setting": written.setting, "title": written.title,
        "themes": list(dict.fromkeys(written.themes)), "held_on": written.on, "minutes": written.minutes,
        "language": spoken, "organization": written.organization,
        "given_by": list(dict.fromkeys(written.given_by)), "audience": audience,
    } | sealed  # fmt: skip


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("kind", "setting", "themes")}


async def _open_for(ctx: Context, id: UUID, act: str, version: int, yours: dict[str, Any]) -> WorkshopStored:
    row = await queries.find_workshop(ctx, id, lock=True)
    if row.version != version:
        theirs = msgspec.to_builtins(queries.as_written(ctx, row)) | {"state": row.state}
        raise ChangedMeanwhile(extra={"yours": yours, "theirs": theirs})
    if act not in queries.STEPS[row.state]:
        raise WorkshopActNotOpen
    return row
