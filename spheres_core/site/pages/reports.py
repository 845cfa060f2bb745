"""Reports of plugins: the list of those that somebody may read, one with its period, and its files."""

from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import signed_in
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations.reports import take_report
from spheres_core.site.queries.reports import readable_report
from spheres_core.site.views.reports import asked_period, file_kind, file_of, refused_view, report_list, report_view


@get("/reports", guards=[signed_in], name="reports")
async def reports(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    return await rendering.page(ctx, request_scope, "site/reports.html", **report_list(ctx))


@get("/reports/{name:str}", guards=[signed_in], name="report")
async def report(
    ctx: Context,
    request_scope: RequestScope,
    name: FromPath[str],
    since: FromQuery[str | None] = None,
    until: FromQuery[str | None] = None,
) -> Response[bytes]:
    plan = readable_report(ctx, name)
    try:
        read = await take_report(ctx, name, asked_period(ctx, plan, since, until), taken_as="page")
    except (Conflict, Invalid) as refusal:
        view = refused_view(ctx, plan, since or "", until or "", refusal)
        return await rendering.page(ctx, request_scope, "site/report.html", status=refusal.status, **view)
    return await rendering.page(ctx, request_scope, "site/report.html", **report_view(ctx, read))


@get("/reports/{name:str}/file", guards=[signed_in], name="report_file", media_type="application/octet-stream")
async def report_file(
    ctx: Context,
    name: FromPath[str],
    since: FromQuery[str | None] = None,
    until: FromQuery[str | None] = None,
    kind: FromQuery[str] = "xlsx",
) -> Response[bytes]:
    period = asked_period(ctx, readable_report(ctx, name), since, until)
    return file_of(ctx, await take_report(ctx, name, period, taken_as=file_kind(kind)), file_kind(kind))


HANDLERS = (reports, report, report_file)
