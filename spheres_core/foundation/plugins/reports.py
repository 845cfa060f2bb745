"""Reports of plugins: why one cannot be asked, and the one query that it becomes.

A report names columns of one of the plugin's own tables; the core writes the SQL, so that a report reads nothing else
and no free text comes out of it.
"""

from collections.abc import Container, Sequence
from itertools import combinations
from typing import Any, Final, Literal

from msgspec import Struct
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)

from spheres_core.facts import Message, msg
from spheres_core.foundation.database.anchors import ORGANIZATION, REFERRAL
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.plugins.registrations import Report, ReportColumn

ColumnKind = Literal["organization", "code", "yes_no", "number", "date", "moment"]
MOST_GROUPS: Final = 4
"""Columns by which one report groups."""
MOST_SUMS: Final = 8
MOST_CODES: Final = 100
SOMETHING_ELSE: Final = ""
"""A text that is none of its column's codes comes out of the database as this."""


class ReportPlan(Struct, frozen=True):
    """A report with its query. A row: the groups, the sums, the number of rows, the number of persons or rows."""

    report: Report
    kinds: tuple[ColumnKind, ...]
    """Of the columns by which it groups."""
    statement: Statement[Any]


def problem_with_report(report: Report, table: Table | None, permissions: Container[str]) -> Message | None:
    """Returns why a report cannot be asked, or None. `table` is None for one that is not the plugin's own."""
    name = report.name
    if table is None:
        return msg("{name}: {table} is no table of its own.", name=name, table=report.table)
    if report.permission not in permissions:
        return msg("{name}: nobody registered the permission {permission}.", name=name, permission=report.permission)
    if not (report.sums or report.counts):
        return msg("{name} counts nothing and adds nothing up.", name=name)
    if len(report.by) > MOST_GROUPS or len(report.sums) > MOST_SUMS:
        return msg("{name}: a report has at most {by} groups and {sums} sums.",
                   name=name, by=MOST_GROUPS, sums=MOST_SUMS)  # fmt: skip
    named = [each.column for each in (*report.by, *report.sums)] + [report.period] * bool(report.period)
    if strange := next((each for each in named if each not in table.c), ""):
        return msg("{name}: {table} has no column {column}.", name=name, table=report.table, column=strange)
    if problem := next(filter(None, (_problem_with_group(name, table, each) for each in report.by)), None):
        return problem
    for each in report.sums:
        if _kind(table.c[each.column], each) != "number":
            return msg("{name}: {column} is no number that can be added up.", name=name, column=each.column)
    if report.period and _kind(table.c[report.period]) not in ("date", "moment"):
        return msg("{name}: {column} holds no dates.", name=name, column=report.period)
    if not report.about_persons and _referring(table, REFERRAL.table):
        return msg("{name}: {table} refers to referrals, and so is about persons.", name=name, table=report.table)
    if report.about_persons and not report.period:
        return msg("{name} is about persons and needs a period: what is noted from one day to the next would show.",
                   name=name)  # fmt: skip
    return None


def problem_with_comparing(reports: Sequence[Report]) -> Message | None:
    """Returns why two reports about persons cannot stand side by side, or None.

    Where one divides the groups of the other, a hidden group is what the other says less the groups that are shown.
    """
    for one, other in combinations([each for each in reports if each.about_persons], 2):
        if one.table == other.table and _divides(one, other):
            return msg(
                "{one} and {other} are about the same persons, and one divides the groups of the other: comparing them"
                " would show small groups. Leave one out, or group them by columns of which neither has all.",
                one=one.name, other=other.name,
            )  # fmt: skip
    return None


def _divides(one: Report, other: Report) -> bool:
    mine, theirs = ({each.column for each in report.by} for report in (one, other))
    same = one.period == other.period and _groups(one) == _groups(other)
    return not same and (mine <= theirs or theirs <= mine)


def _groups(report: Report) -> set[tuple[str, str, frozenset[str]]]:
    return {(each.column, each.part, frozenset(each.codes)) for each in report.by}


def _problem_with_group(name: str, table: Table, each: ReportColumn) -> Message | None:
    if len(each.codes) > MOST_CODES:
        return msg("{name}: {column} has more than {most} codes.", name=name, column=each.column, most=MOST_CODES)
    if _kind(table.c[each.column], each) is None:
        return msg("{name}: {column} is free text, or of a kind that no report reads. A text is read by its codes.",
                   name=name, column=each.column)  # fmt: skip
    return None


def _kind(column: Column[Any], asked: ReportColumn | None = None) -> ColumnKind | None:
    """Returns how a column is read; None for one that no report reads."""
    match column.type:
        case String() if asked is not None and asked.codes:
            return "code"
        case Uuid() if column.key in _referring(column.table, ORGANIZATION.table):
            return "organization"
        case Boolean():
            return "yes_no"
        case Integer() | Numeric():
            return "number"
        case Date():
            return "date"
        case DateTime(timezone=True):
            return "moment"
        case _:
            return None


def _referring(table: Any, target: str) -> set[str]:
    """Returns the columns of a table that hold the id of a row of another."""
    return {
        element.parent.key
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
        if element.target_fullname.rpartition(".")[0] == target and element.parent.key != "tenant_id"
    }


def plan_report(report: Report, table: Table) -> ReportPlan:
    """Returns the query of a report that nothing stands against: one statement, inside one tenant.

    Its values: `since` and `until`, both days within; `zone`, the name of the region's; `limit`.
    """
    groups = [_group(table.c[each.column], each).label(f"group_{n}") for n, each in enumerate(report.by)]
    sums = [table.c[each.column].label(f"sum_{n}") for n, each in enumerate(report.sums)]
    persons = [table.c[each].label("person") for each in sorted(_referring(table, REFERRAL.table))[:1]]
    rows = select(*groups, *sums, *persons, literal(1).label("one")).where(scoped(table))
    if report.period:
        day = _day(table.c[report.period])
        since, until = bindparam("since", type_=Date()), bindparam("until", type_=Date())
        rows = rows.where(or_(since.is_(None), day >= since), or_(until.is_(None), day <= until))
    found = rows.subquery("found")
    by = [found.c[f"group_{n}"] for n in range(len(groups))]
    number: ColumnElement[Any] = func.count(found.c.person.distinct()) if persons else func.count()
    added = [func.sum(found.c[f"sum_{n}"]) for n in range(len(sums))]
    asked = select(*by, *added, func.count(), number).group_by(*by).order_by(*(each.nulls_last() for each in by))
    kinds = tuple(_kind(table.c[each.column], each) or "code" for each in report.by)
    return ReportPlan(report, kinds, prepare(asked.limit(bindparam("limit", type_=Integer()))))


def _group(column: Column[Any], asked: ReportColumn) -> ColumnElement[Any]:
    kind = _kind(column, asked)
    if kind == "code":
        known = [(column == code, literal(code, Text())) for code in asked.codes]
        return case((column.is_(None), null()), *known, else_=literal(SOMETHING_ELSE, Text()))
    if kind not in ("date", "moment"):
        return column
    day = _day(column)
    return day if asked.part == "day" else cast(func.date_trunc(literal(asked.part, Text()), day), Date())


def _day(column: Column[Any]) -> ColumnElement[Any]:
    """Returns the day of a date, or of a moment in the region's time zone."""
    if isinstance(column.type, Date):
        return column
    return cast(func.timezone(bindparam("zone", type_=Text()), column), Date())
