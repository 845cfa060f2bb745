"""Reads reports of plugins: which ones somebody may read, and what one says of a period."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from asyncpg.exceptions import QueryCanceledError
from msgspec import Struct

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.plugins.reports import SOMETHING_ELSE, ColumnKind, ReportPlan
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.partners import organization_names_by_id
from spheres_core.site.report_periods import Period, latest_period, whole_period
from spheres_core.site.settings import CalendarUnit, Settings

MOST_ROWS: Final = 1_000
"""Groups that one report shows or writes."""
DEADLINE: Final = 3.0
"""Seconds that the database has for one report."""
USUAL_DAYS: Final = 30

Cell = str | int | float | bool | dt.date | UUID | None


class ReportUnknown(NotFound):
    """There is no such report, or none that this person may know of."""

    code = "report_unknown"
    message = msg("There is no such report.")


class PeriodReversed(Invalid):
    """The last day comes before the first."""

    code = "period_reversed"
    message = msg("The last day comes before the first.")


class PeriodNotWhole(Invalid):
    """A report about persons was asked about another period than a whole one that has ended."""

    code = "period_not_whole"
    message = msg("A report about persons covers one whole period that has ended.")


class ReportTooSlow(Conflict):
    """The database did not finish in time."""

    code = "report_too_slow"
    message = msg("This report takes too long over such a period. Choose a shorter one.")


class ReportRow(Struct, frozen=True):
    """One group. `sums` and `count` are None where it is hidden because it is small."""

    by: tuple[Cell, ...]
    sums: tuple[int | float | None, ...]
    count: int | None
    hidden: bool


class ReportRead(Struct, frozen=True):
    """The answer to a report: its groups in order."""

    plan: ReportPlan
    period: Period
    rows: tuple[ReportRow, ...]
    cut: bool
    """There are more groups than one report shows."""
    organizations: Mapping[UUID, Words]

    @property
    def hidden(self) -> int:
        """Returns how many groups are hidden."""
        return sum(1 for each in self.rows if each.hidden)


def readable_reports(ctx: Context) -> list[ReportPlan]:
    """Returns the reports that the actor may read, by name."""
    return [each for _, each in sorted(ctx.plugins.reports.items()) if _may_read(ctx, each)]


def has_reports(ctx: Context) -> bool:
    """Returns whether there is a report that the actor may read."""
    return bool(readable_reports(ctx))


def readable_report(ctx: Context, name: str) -> ReportPlan:
    """Returns a report that the actor may read. Raises `ReportUnknown`."""
    found = ctx.plugins.reports.get(name)
    if found is None or not _may_read(ctx, found):
        raise ReportUnknown
    return found


def _may_read(ctx: Context, plan: ReportPlan) -> bool:
    """Returns whether the actor has the report's permission, or is the machine itself: a command of an operator."""
    return ctx.actor.kind == "system" or ctx.may(plan.report.permission)


def calendar_unit(ctx: Context, plan: ReportPlan) -> CalendarUnit | None:
    """Returns of what a report about persons covers a whole one; None for other reports, which cover any days."""
    return ctx.settings("site", Settings).report_period if plan.report.about_persons else None


def usual_period(ctx: Context, plan: ReportPlan) -> Period:
    """Returns the latest whole period for a report about persons, else the last thirty days, today within."""
    if unit := calendar_unit(ctx, plan):
        return latest_period(ctx.today, unit)
    return Period(ctx.today - dt.timedelta(days=USUAL_DAYS - 1), ctx.today)


async def read_report(ctx: Context, plan: ReportPlan, asked: Period) -> ReportRead:
    """Returns what a report says of a period. Raises `PeriodReversed`, `PeriodNotWhole`, `ReportTooSlow`.

    One about persons that is asked without days covers the latest whole period.
    """
    period = _checked_period(ctx, plan, asked)
    values: dict[str, Any] = {"since": period.since, "until": period.until, "zone": ctx.tenant.time_zone}
    wanted = {name: value for name, value in values.items() if name in plan.statement.compiled()[1]}
    try:
        async with ctx.db.reading_only(DEADLINE):
            found = await ctx.db.all(plan.statement, **wanted, limit=MOST_ROWS + 1)
    except QueryCanceledError:
        raise ReportTooSlow from None
    smallest = ctx.settings("site", Settings).smallest_group if plan.report.about_persons else 0
    rows = tuple(_row(plan, each, smallest) for each in found[:MOST_ROWS])
    names = await organization_names_by_id(ctx) if rows and "organization" in plan.kinds else {}
    return ReportRead(plan, period, rows, len(found) > MOST_ROWS, names)


def _checked_period(ctx: Context, plan: ReportPlan, asked: Period) -> Period:
    unit = calendar_unit(ctx, plan)
    if unit is None:
        if asked.since and asked.until and asked.until < asked.since:
            raise PeriodReversed(errors=[Problem(PeriodReversed.message, "until")])
        return asked
    latest = latest_period(ctx.today, unit)
    whole = latest if asked == Period() else whole_period(asked, ctx.today, unit)
    if whole is None:
        example = msg("Choose a whole period, such as {since} to {until}.", since=latest.since, until=latest.until)
        raise PeriodNotWhole(errors=[Problem(example, "since")])
    return whole


def _row(plan: ReportPlan, found: Any, smallest: int) -> ReportRow:
    groups, sums = len(plan.kinds), len(plan.report.sums)
    values = tuple(found)
    by = tuple(_cell(kind, value) for kind, value in zip(plan.kinds, values[:groups], strict=True))
    count, persons = values[groups + sums :]
    if persons < smallest:
        return ReportRow(by, (None,) * sums, None, True)
    return ReportRow(by, tuple(_number(each) for each in values[groups : groups + sums]), count, False)


def _number(value: Any) -> int | float | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, int | float) else None


def _cell(kind: ColumnKind, value: Any) -> Cell:
    """Returns a value as its column says it is; a text that is no code never comes out."""
    match kind, value:
        case (_, None) | ("number", _):
            return _number(value)
        case ("code", str()) | ("date" | "moment", dt.date()) | ("yes_no", bool()) | ("organization", UUID()):
            return value  # type: ignore[no-any-return]
        case _:
            return SOMETHING_ELSE


NOT_STATED: Final = msg("not stated")
OTHER: Final = msg("something else")


def said_of(read: ReportRead, column: int, value: Cell) -> Message | Words | Cell:
    """Returns how a group's value is called; dates and numbers as they are."""
    if value is None:
        return NOT_STATED
    if value == SOMETHING_ELSE:
        return OTHER
    if isinstance(value, bool):
        return msg("yes") if value else msg("no")
    if isinstance(value, UUID):
        return read.organizations.get(value, OTHER)
    return read.plan.report.by[column].codes.get(value, OTHER) if isinstance(value, str) else value
