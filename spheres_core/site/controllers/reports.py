"""Reports of plugins, as JSON."""

import datetime as dt
from typing import Annotated, Any

from litestar import get
from litestar.params import PathParameter, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import signed_in
from spheres_core.site.api_schemas.reports import ReportAnswer, ReportList
from spheres_core.site.operations.reports import take_report
from spheres_core.site.report_periods import Period
from spheres_core.site.views.reports import answer, listed

_OPTIONS: dict[str, Any] = {"tags": ["reports"]}
Name = Annotated[str, PathParameter(description="The name of a report, as the list of reports gives it.")]
FirstDay = Annotated[dt.date | None, QueryParameter(name="since", description="This day or later.")]
LastDay = Annotated[dt.date | None, QueryParameter(name="until", description="This day or earlier.")]


@get("/reports", guards=[signed_in], name="api_reports", summary="Reports that the caller may read", **_OPTIONS)
async def list_reports(ctx: Context) -> ReportList:
    """Lists the reports that plugins of the region declare, as far as the caller has their permission."""
    return ReportList(listed(ctx))


@get("/reports/{name:str}", guards=[signed_in], name="api_report", summary="A report over a period", **_OPTIONS)
async def read_report(ctx: Context, name: Name, since: FirstDay = None, until: LastDay = None) -> ReportAnswer:
    """Returns the groups of a report, at most 1,000. Numbers of small groups of persons are null, and `hidden` is true.
    A report about persons covers one whole period of the calendar that has ended (`whole_periods` in the list says of
    which kind), the latest one where no day is named. The reading becomes an entry in the trail."""
    return answer(ctx, await take_report(ctx, name, Period(since, until), taken_as="json"))


HANDLERS: list[Any] = [list_reports, read_report]
