"""The program's words in this region, as JSON."""

from typing import Annotated, Any

from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import terms
from spheres_core.site.permissions import RENAME
from spheres_core.site.queries import terms as queries
from spheres_core.site.schemas import TermCollision, TermList, TermNamed, TermPosted, TermRenamed, TermRestored

_OPTIONS: dict[str, Any] = {"tags": ["terms"]}
Tag = Annotated[str, QueryParameter(description="One of the tenant's language tags; the first when left out.")]


@get("/admin/terms", guards=[requires(RENAME)], name="api_terms", summary="What the program's words are called here",
     **_OPTIONS)  # fmt: skip
async def list_terms(ctx: Context, language: Tag = "") -> TermList:
    """Lists every term that a region may rename, sorted by its name in that language."""
    return TermList(queries.list_terms(ctx, language or ctx.tenant.languages[0]))


@post("/admin/terms", guards=[requires(RENAME)], name="api_rename_term", status_code=200, **_OPTIONS,
      summary="Call a term by another word, in one language")  # fmt: skip
async def rename_term(ctx: Context, request_scope: RequestScope, data: JSONBody[TermPosted]) -> TermRenamed:
    """Refused when placeholders are not those of the program's word; `collisions` are warnings only."""
    collisions = await _rename(ctx, data)
    request_scope.stale = not data.dry_run
    return TermRenamed(request_scope.stale, collisions)


@post("/admin/terms/restore", guards=[requires(RENAME)], name="api_restore_term", status_code=200, **_OPTIONS,
      summary="Call a term what the program or the region's pack calls it")  # fmt: skip
async def restore_term(ctx: Context, request_scope: RequestScope, data: JSONBody[TermNamed]) -> TermRestored:
    """Erases the region's own word for a term, in one language."""
    await terms.restore_term(ctx, data.key, language=data.language)
    request_scope.stale = True
    return TermRestored()


HANDLERS: list[Any] = [list_terms, rename_term, restore_term]


async def _rename(ctx: Context, data: TermPosted) -> list[TermCollision]:
    if data.dry_run:
        found = queries.collisions_of(ctx, data.key, language=data.language, text=data.text)
    else:
        found = await terms.rename_term(ctx, data.key, language=data.language, text=data.text)
    return [TermCollision(each.key, each.term, ctx.locale.say(each.message)) for each in found]
