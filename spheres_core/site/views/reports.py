"""Values of the pages of reports, and a report as a file or as JSON."""

import datetime as dt
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar.response import Response

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.table_files import FileKind, WrittenFile, open_tables
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.reports import ReportPlan
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.api_schemas.reports import ReportAnswer, ReportGroup, ReportHeading, ReportListed
from spheres_core.site.queries.reports import (
    Cell,
    ReportRead,
    calendar_unit,
    readable_reports,
    said_of,
    usual_period,
)
from spheres_core.site.report_periods import Period, ended_periods
from spheres_core.site.settings import CalendarUnit, Settings

HIDDEN: Final = msg("fewer than {n}")
COUNT: Final = "count"
FROM_TO: Final = msg("{since} to {until}")
WHOLE_PERIODS: Final[Mapping[CalendarUnit, Message]] = {
    "month": msg("A whole month that has ended."),
    "quarter": msg("A whole quarter that has ended."),
    "year": msg("A whole year that has ended."),
    "fiscal_year": msg("A whole fiscal year, from April to March, that has ended."),
}
OFFERED: Final[Mapping[CalendarUnit, int]] = {"month": 24, "quarter": 12, "year": 8, "fiscal_year": 8}
"""Periods that the page offers; earlier ones are found by their address."""
_DATE: Final = msg("Enter the date with its year, month and day, such as 2026-11-21.")


class PeriodInvalid(Invalid):
    """A day of the period is no date."""

    code = "period_invalid"
    message = msg("Some choices need another look.")


def report_list(ctx: Context) -> dict[str, Any]:
    """Returns the values of `site/reports.html`."""
    found = [
        {"name": each.report.name, "title": ctx.locale.say(each.report.title), "plugin": _plugin_title(ctx, each)}
        for each in readable_reports(ctx)
    ]
    return {"title": ctx.locale.say("Reports"), "reports": found}


def asked_period(ctx: Context, plan: ReportPlan, since: str | None, until: str | None) -> Period:
    """Returns the period that was asked for; the usual one where none was. Raises `PeriodInvalid`."""
    if not plan.report.period:
        return Period()
    if since is None and until is None:
        return usual_period(ctx, plan)
    days: dict[str, dt.date | None] = {}
    problems = []
    for name, text in (("since", since), ("until", until)):
        try:
            days[name] = dt.date.fromisoformat(text.strip()) if text and text.strip() else None
        except ValueError:
            problems.append(Problem(_DATE, name))
    if problems:
        raise PeriodInvalid(errors=problems)
    return Period(**days)


def report_view(ctx: Context, read: ReportRead) -> dict[str, Any]:
    """Returns the values of `site/report.html`."""
    days = {"since": read.period.since, "until": read.period.until}
    asked = {name: day.isoformat() if day else "" for name, day in days.items()}
    return {
        **_head(ctx, read.plan, asked["since"], asked["until"], shown=read.period),
        "columns": [title for _, title, _ in _columns(ctx, read.plan)],
        "rows": [_shown(ctx, read, number) for number in range(len(read.rows))],
        "cut": ctx.locale.number(len(read.rows)) if read.cut else "",
        "hidden": read.hidden,
        "smallest": ctx.settings("site", Settings).smallest_group,
        "query": urlencode(asked) if read.plan.report.period else "",
    }


def refused_view(ctx: Context, plan: ReportPlan, since: str, until: str, refusal: Refusal) -> dict[str, Any]:
    """Returns the same values where nothing was asked: what was typed, and what is wrong with it."""
    told = {each.path: ctx.locale.say(each.message) for each in refusal.errors}
    page = {} if told else {"page": ctx.locale.say(refusal.message)}
    return {**_head(ctx, plan, since[:10], until[:10]), "rows": None, "problems": told | page}


def file_kind(asked: str) -> FileKind:
    """Returns the kind of file that was asked for; a workbook for anything that is none."""
    return "csv" if asked == "csv" else "xlsx"


def file_of(ctx: Context, read: ReportRead, kind: FileKind) -> Response[bytes]:
    """Answers with a report as a download that nothing keeps."""
    made = written_file(ctx, read, kind)
    name = f"{ctx.tenant.slug}-{read.plan.report.name.replace('.', '-')}-{ctx.today.isoformat()}{made.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


def written_file(ctx: Context, read: ReportRead, kind: FileKind) -> WrittenFile:
    """Returns a report as a file for spreadsheet programs, small groups hidden as on the page."""
    file = open_tables(kind)
    table = file.table("report", str(ctx.locale.say(read.plan.report.title)))
    table.begin([str(title) for _, title, _ in _columns(ctx, read.plan)])
    for number in range(len(read.rows)):
        table.add_values([_written(each) for each in _row(ctx, read, number)])
    return file.finish()


def written_rows(ctx: Context, read: ReportRead) -> tuple[list[str], list[list[str]]]:
    """Returns a report as headings and lines of words, as the page shows it."""
    shown = [[str(cell) if cell is not None else "" for cell, _ in _shown(ctx, read, n)] for n in range(len(read.rows))]
    return [str(title) for _, title, _ in _columns(ctx, read.plan)], shown


def listed(ctx: Context) -> list[ReportListed]:
    """Returns the reports that the actor may read, for the API."""
    return [
        ReportListed(
            each.report.name, ctx.locale.say(each.report.title), bool(each.report.period), calendar_unit(ctx, each)
        )
        for each in readable_reports(ctx)
    ]


def answer(ctx: Context, read: ReportRead) -> ReportAnswer:
    """Returns a report for the API: codes as codes, days as dates, null where a number is hidden."""
    columns = _columns(ctx, read.plan)
    by = [each.column for each in read.plan.report.by]
    sums = [each.column for each in read.plan.report.sums]
    groups = [
        ReportGroup(
            by=dict(zip(by, map(_plain, each.by), strict=True)),
            numbers=dict(zip(sums, each.sums, strict=True)) | ({COUNT: each.count} if read.plan.report.counts else {}),
            hidden=each.hidden,
        )
        for each in read.rows
    ]
    headings = [ReportHeading(name, title) for name, title, _ in columns]
    period = read.period
    return ReportAnswer(read.plan.report.name, period.since, period.until, headings, groups, read.cut)


def _head(ctx: Context, plan: ReportPlan, since: str, until: str, *, shown: Period | None = None) -> dict[str, Any]:
    unit = calendar_unit(ctx, plan) if plan.report.period else None
    return {
        "whole": ctx.locale.say(WHOLE_PERIODS[unit]) if unit else "",
        "periods": _periods(ctx, unit, shown) if unit else [],
        "title": ctx.locale.say(plan.report.title),
        "name": plan.report.name,
        "plugin": _plugin_title(ctx, plan),
        "has_period": bool(plan.report.period),
        "since": since,
        "until": until,
    }


def _periods(ctx: Context, unit: CalendarUnit, shown: Period | None) -> list[tuple[str, Text, bool]]:
    """Returns the whole periods that are offered, each with its first day, its name, and whether it is shown."""
    offered = list(islice(ended_periods(ctx.today, unit), OFFERED[unit]))
    if shown and shown not in offered:
        offered.append(shown)
    return [
        (each.since.isoformat(), _called(ctx, unit, each.since, each.until), each == shown)
        for each in offered
        if each.since and each.until
    ]


def _called(ctx: Context, unit: CalendarUnit, since: dt.date, until: dt.date) -> Text:
    """Returns a whole period by its months and year: short enough for a list on a telephone."""
    first, last = ctx.locale.month(since.month), ctx.locale.month(until.month)
    if unit == "month":
        return ctx.locale.say("{month} {year}", month=first, year=str(since.year))
    if since.year == until.year:
        return ctx.locale.say("{first} to {last} {year}", first=first, last=last, year=str(since.year))
    years = {"year": str(since.year), "next_year": str(until.year)}
    return ctx.locale.say("{first} {year} to {last} {next_year}", first=first, last=last, **years)


def _plugin_title(ctx: Context, plan: ReportPlan) -> Text:
    return ctx.locale.pick(ctx.plugins.plugins[plan.report.name.partition(".")[0]].manifest.title)


def _columns(ctx: Context, plan: ReportPlan) -> list[tuple[str, Text, bool]]:
    """Returns each column's name and heading, and whether it holds numbers that are counted or added up."""
    report = plan.report
    counted = [(COUNT, ctx.locale.say(report.counts), True)] if report.counts else []
    by = [(each.column, ctx.locale.say(each.title), False) for each in report.by]
    return [*by, *((each.column, ctx.locale.say(each.title), True) for each in report.sums), *counted]


def _row(ctx: Context, read: ReportRead, number: int) -> list[Any]:
    """Returns the cells of a group: words, dates and numbers; a hidden number as the words that say so."""
    row = read.rows[number]
    cells = [_said(ctx, read, column, value) for column, value in enumerate(row.by)]
    counted = [row.count] if read.plan.report.counts else []
    if row.hidden:
        words = ctx.locale.say(HIDDEN, n=ctx.settings("site", Settings).smallest_group)
        return [*cells, *(words for _ in (*row.sums, *counted))]
    return [*cells, *row.sums, *counted]


def _said(ctx: Context, read: ReportRead, column: int, value: Cell) -> Any:
    found = said_of(read, column, value)
    if isinstance(found, dt.date):
        part = read.plan.report.by[column].part
        return found if part == "day" else found.isoformat()[: 7 if part == "month" else 4]
    return found if isinstance(found, int | float | str) or found is None else ctx.locale.say(found)  # type: ignore[arg-type]


def _shown(ctx: Context, read: ReportRead, number: int) -> list[tuple[Any, bool]]:
    """Returns the cells as a page shows them, and which of them are numbers."""
    report = read.plan.report
    shown = []
    for at, cell in enumerate(_row(ctx, read, number)):
        counted = at >= len(report.by) and isinstance(cell, int | float)
        words = ctx.locale.date(cell) if isinstance(cell, dt.date) else cell
        shown.append((ctx.locale.number(cell) if counted else words, counted))
    return shown


def _written(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | float):
        return cell
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _plain(value: Cell) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
