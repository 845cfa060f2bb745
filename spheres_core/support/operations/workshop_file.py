"""Writes the log of workshops to a csv file: numbers of people, none that is small, no name and no note."""

from typing import Any, Final

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, msg
from spheres_core.foundation.content.table_files import WrittenFile, open_tables
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.support.queries.workshops import WorkshopFilters, WorkshopStored, find_workshops, lines_of
from spheres_core.support.schemas.sessions import LEAST_COUNTED
from spheres_core.support.schemas.workshops import AUDIENCE, SETTINGS, WORKSHOP_STATES, WorkshopLine

MOST: Final = 5_000
COLUMNS: Final[tuple[Message, ...]] = (
    msg("Day"), msg("State"), msg("Title"), msg("Kind of workshop"), msg("Kind of place"), msg("Themes"),
    msg("Language"), msg("Length in minutes"), msg("Organization"),
)  # fmt: skip


class TooManyWorkshops(Conflict):
    """More workshops than a file holds."""

    code = "too_many_workshops"
    message = msg("These are too many workshops for a file. Choose fewer days.")


async def write_file(ctx: Context, filters: WorkshopFilters) -> WrittenFile:
    """Returns the workshops that fit as a csv file in the reader's language; what was in it goes into the trail.

    Raises `TooManyWorkshops`.
    """
    rows = await find_workshops(ctx, filters, before=LATEST, limit=MOST + 1)
    if len(rows) > MOST:
        raise TooManyWorkshops
    file = open_tables("csv")
    written = file.table("workshops", "workshops")
    written.begin([str(ctx.locale.say(each)) for each in (*COLUMNS, *AUDIENCE.values())])
    for row, line in zip(rows, await lines_of(ctx, rows), strict=True):
        written.add_values(_cells(ctx, row, line))
    await audit.record(ctx, "workshops.exported", shown=[each.id for each in rows])
    return file.finish()


def _cells(ctx: Context, row: WorkshopStored, line: WorkshopLine) -> list[Any]:
    say = ctx.locale.say
    return [
        row.held_on.isoformat(), str(say(WORKSHOP_STATES[row.state])), line.title, line.kind.label,
        str(say(SETTINGS[row.setting])), ", ".join(each.label for each in line.themes),
        ctx.plugins.languages[row.language].autonym, row.minutes or "", line.organization,
        *(_number(ctx, row.audience.get(group)) for group in AUDIENCE),
    ]  # fmt: skip


def _number(ctx: Context, value: int | None) -> int | str:
    if value is None or value == 0 or value >= LEAST_COUNTED:
        return "" if value is None else value
    return str(ctx.locale.say(msg("fewer than 5")))
