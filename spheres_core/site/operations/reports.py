"""Takes a report of a plugin: whoever reads one, on a page or as a file, stands in the trail."""

from typing import Literal

from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.queries.reports import ReportRead, read_report, readable_report
from spheres_core.site.report_periods import Period

TAKEN = "report.taken"
TakenAs = Literal["page", "xlsx", "csv", "json", "text"]


async def take_report(ctx: Context, name: str, period: Period, *, taken_as: TakenAs) -> ReportRead:
    """Returns what a report says of a period.

    Raises `ReportUnknown`, `PeriodReversed`, `PeriodNotWhole`, `ReportTooSlow`.
    """
    read = await read_report(ctx, readable_report(ctx, name), period)
    days = {"since": read.period.since, "until": read.period.until}
    details = {"report": name, "as": taken_as, "groups": len(read.rows), "hidden": read.hidden}
    await audit.record(ctx, TAKEN, details=details | {k: day.isoformat() for k, day in days.items() if day})
    return read
