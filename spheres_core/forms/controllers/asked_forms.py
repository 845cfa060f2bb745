"""The forms of a tenant as JSON: public, because anyone may refer."""

from typing import Annotated, Any

from litestar import get
from litestar.params import PathParameter
from litestar.response import Response

from spheres_core.forms import queries
from spheres_core.forms.exports.formats import FORMATS
from spheres_core.forms.permissions import EXPORT
from spheres_core.forms.views.form_file import form_file
from spheres_core.forms.views.summary import FormList, FormShown, shown, summary
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public, requires

Key = Annotated[str, PathParameter(description="The form's key, such as `referral`.")]


@get("/forms", guards=[public], name="api_forms", summary="The forms that are asked today", tags=["forms"])
async def list_forms(ctx: Context) -> FormList:
    """Returns each form with its version, its title and its languages."""
    return FormList([summary(form, ctx.locale) for form in queries.current_forms(ctx)])


@get("/forms/{key:str}", guards=[public], name="api_form", tags=["forms"],
     summary="One form, with its questions and its JSON Schema")  # fmt: skip
async def show_form(
    ctx: Context,
    key: Key,
) -> FormShown:
    """Returns the version that is asked today, in the reader's language, with answers that are valid today."""
    form = await queries.current(ctx, key)
    return shown(form, ctx.locale, today=ctx.today)


@get("/forms/{key:str}/export/{kind:str}", guards=[requires(EXPORT)], name="api_export_form", tags=["forms"],
     media_type="application/octet-stream", summary="One form as a file for another tool")  # fmt: skip
async def export_form(
    ctx: Context,
    key: Key,
    kind: Annotated[str, PathParameter(description="The format.", schema_extra={"enum": list(FORMATS)})],
) -> Response[bytes]:
    """Returns the version that is asked today. `spheres form export` also says what the format cannot say."""
    return form_file(await queries.current(ctx, key, attached=True), kind)


HANDLERS: list[Any] = [list_forms, show_form, export_form]
