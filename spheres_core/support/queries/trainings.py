"""Questions about trainings: one's own log, or a colleague's for who coordinates, and one of one's own."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Date, Integer, Text, Uuid, any_, bindparam, func, or_, select, tuple_

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import constant, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.queries.members import find_member
from spheres_core.support.models import TrainingRow
from spheres_core.support.permissions import READ_TRAININGS
from spheres_core.support.queries.code_lists import THEMES, read_code
from spheres_core.support.queries.sessions import member_of
from spheres_core.support.schemas.trainings import Training, TrainingPart
from spheres_core.support.settings import Settings

trainings = table(TrainingRow)


class TrainingUnknown(NotFound):
    """No such training, or none that the reader may see."""

    code = "training_unknown"


class TrainingStored(Struct, frozen=True):
    """A training as it is stored, with its title still sealed."""

    id: UUID
    staff_id: UUID
    part: TrainingPart
    themes: list[str]
    held_on: dt.date
    minutes: int | None
    organization: str
    words: bytes
    version: int


class TrainingFilters(Struct, frozen=True):
    """Whose trainings are asked for, the reader's own without `staff`, and which of them."""

    staff: UUID | None = None
    part: str = ""
    theme: str = ""


_row = [trainings.c[name] for name in TrainingStored.__struct_fields__]
_whose = bindparam("whose", type_=Uuid())
_part, _theme = (bindparam(name, type_=Text()) for name in ("part", "theme"))
_start = (
    select(trainings.c.held_on)
    .where(scoped(trainings), trainings.c.id == bindparam("before", type_=Uuid()))
    .scalar_subquery()
)
_place = tuple_(trainings.c.held_on, trainings.c.id)
LIST = prepare(
    select(*_row)
    .where(scoped(trainings), trainings.c.staff_id == _whose)
    .where(_place < tuple_(func.coalesce(_start, constant(dt.date.max, Date())), bindparam("before", type_=Uuid())))
    .where(or_(_part == "", trainings.c.part == _part), or_(_theme == "", _theme == any_(trainings.c.themes)))
    .order_by(trainings.c.held_on.desc(), trainings.c.id.desc())
    .limit(bindparam("limit", type_=Integer())),
    into=TrainingStored,
)
_one = select(*_row).where(
    scoped(trainings), trainings.c.id == bindparam("id", type_=Uuid()), trainings.c.staff_id == _whose
)
ONE, ONE_LOCKED = prepare(_one, into=TrainingStored), prepare(_one.with_for_update(), into=TrainingStored)


async def whose(ctx: Context, staff: UUID | None) -> UUID:
    """Returns whose log may be read: one's own, or that of anybody on the staff for who coordinates.

    Raises `TrainingUnknown`, whether there is such a person or not.
    """
    me = member_of(ctx)
    if staff is None or staff == me:
        return me
    if not ctx.may(READ_TRAININGS) or await find_member(ctx, staff) is None:
        raise TrainingUnknown
    return staff


async def list_trainings(ctx: Context, filters: TrainingFilters, *, cursor: str = "") -> Page[Training]:
    """Returns a page of somebody's trainings, the latest first, and writes to the trail which were shown.

    Raises `TrainingUnknown`.
    """
    person = await whose(ctx, filters.staff)

    async def ask(before: UUID, limit: int) -> Sequence[Training]:
        found = await ctx.db.all(LIST, whose=person, before=before, limit=limit, part=filters.part, theme=filters.theme)
        return await _read(ctx, found)

    page = await page_of(ctx, f"trainings {person.hex}", cursor, ask)
    await audit.record(ctx, "trainings.listed", shown=[each.id for each in page.items])
    return page


async def find_own(ctx: Context, id: UUID, *, lock: bool = False) -> TrainingStored:
    """Returns one of the reader's own trainings as it is stored. Raises `TrainingUnknown`."""
    found = await ctx.db.one_or_none(ONE_LOCKED if lock else ONE, id=id, whose=member_of(ctx))
    if found is None:
        raise TrainingUnknown
    return found


async def read_own(ctx: Context, id: UUID) -> Training:
    """Returns one of the reader's own trainings, and writes the reading to the trail. Raises `TrainingUnknown`."""
    (found,) = await _read(ctx, [await find_own(ctx, id)])
    await audit.record(ctx, "training.read", subject=("training", id))
    return found


def title_of(ctx: Context, row: TrainingStored) -> str:
    """Returns the title of a training."""
    return ctx.keys.open("trainings", row.id, "words", row.words).decode()


async def _read(ctx: Context, rows: Sequence[TrainingStored]) -> list[Training]:
    names = await organization_names(ctx) if any(each.organization for each in rows) else {}
    kept = dt.timedelta(days=ctx.settings("support", Settings).trainings_erased_after_days)
    return [
        Training(
            row.id, row.part, title_of(ctx, row), row.held_on, [read_code(ctx, THEMES, each) for each in row.themes],
            row.minutes,
            str(ctx.locale.pick(names[row.organization])) if row.organization in names else row.organization,
            row.organization, row.held_on + kept, row.version,
        )
        for row in rows
    ]  # fmt: skip
