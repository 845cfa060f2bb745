"""Facts about opening this region, as JSON, and the notes on what it covers otherwise."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.site.api_schemas.readiness import Readiness
from spheres_core.site.operations import coverage_notes
from spheres_core.site.permissions import ADMINISTER
from spheres_core.site.schemas import NotePosted, NoteWritten
from spheres_core.site.views.readiness import readiness

ElementKey = Annotated[str, PathParameter(description="The key of an element, as the list of facts gives it.")]


@get("/admin/readiness", guards=[requires(ADMINISTER)], name="api_readiness", tags=["readiness"],
     summary="Facts about opening this region, and where it differs from the model")  # fmt: skip
async def show_readiness(ctx: Context) -> Readiness:
    """Tells which elements of the program are covered and by what; nothing is scored."""
    return msgspec.convert(msgspec.to_builtins(await readiness(ctx), enc_hook=str), Readiness)


@post("/admin/readiness/{element:str}", guards=[requires(ADMINISTER)], name="api_readiness_note", status_code=200,
      tags=["readiness"], summary="Say how this region covers an element otherwise")  # fmt: skip
async def write_note(ctx: Context, element: ElementKey, data: JSONBody[NotePosted]) -> NoteWritten:
    """Writes the note; both empty erases it."""
    return await coverage_notes.write_note(ctx, element, how=data.how, why=data.why)


HANDLERS: list[Any] = [show_readiness, write_note]
