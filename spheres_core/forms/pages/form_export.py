"""Sends a form as a file for another tool, to who administers the region."""

from typing import Any

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.forms import queries
from spheres_core.forms.permissions import EXPORT
from spheres_core.forms.views.form_file import form_file
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires


@get("/forms/{key:str}/export/{kind:str}", guards=[requires(EXPORT)], name="export_form")
async def export_form(ctx: Context, key: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    return form_file(await queries.current(ctx, key, attached=True), kind)


HANDLERS: tuple[Any, ...] = (export_form,)
