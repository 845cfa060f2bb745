"""The first page of who evaluates: what there is to read now, and what the next version brings."""

from litestar import get
from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.permissions import EVALUATE
from spheres_core.site.views.reports import report_list


@get("/staff/evaluation", guards=[requires(EVALUATE)], name="evaluation")
async def evaluation(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    shown = {**report_list(ctx), "title": ctx.locale.say(msg("Evaluation"))}
    return await rendering.page(ctx, request_scope, "site/evaluation.html", **shown)


HANDLERS = (evaluation,)
