"""What the programme's words are called here, as JSON."""

from typing import Annotated, Any

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_terms import Collision
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.site.operations import terms
from spheres_core.site.operations.terms import TermShown
from spheres_core.site.permissions import RENAME

_OPTIONS: dict[str, Any] = {"security": [{"token": []}], "tags": ["terms"]}
Tag = Annotated[str, QueryParameter(description="One of the tenant's language tags; the first when left out.")]


class TermPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A term, in one language, and its new word."""

    key: Annotated[str, Meta(max_length=400)]
    language: Annotated[str, Meta(max_length=35)]
    text: Annotated[str, Meta(max_length=2000)]
    dry_run: bool = False
    """Say what would read the same, and write nothing."""


class TermNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A term in one language."""

    key: Annotated[str, Meta(max_length=400)]
    language: Annotated[str, Meta(max_length=35)]


@get("/admin/terms", guards=[requires(RENAME)], name="api_terms", summary="What the programme's words are called here",
     **_OPTIONS)  # fmt: skip
async def list_terms(ctx: Context, language: Tag = "") -> dict[str, list[TermShown]]:
    return {"terms": terms.list_terms(ctx, language or ctx.tenant.languages[0])}


@post("/admin/terms", guards=[requires(RENAME)], name="api_rename_term", status_code=200, **_OPTIONS,
      summary="Call a term by another word, in one language")  # fmt: skip
async def rename_term(ctx: Context, request_scope: RequestScope, data: JSONBody[TermPosted]) -> dict[str, Any]:
    """Refused when placeholders are not those of the programme's word; `collisions` are warnings only."""
    act = terms.rename_term if not data.dry_run else _look
    collisions = await act(ctx, data.key, language=data.language, text=data.text)
    request_scope.stale = not data.dry_run
    said = [{"key": each.key, "term": each.term, "message": ctx.locale.say(each.message)} for each in collisions]
    return {"renamed": request_scope.stale, "collisions": said}


@post("/admin/terms/restore", guards=[requires(RENAME)], name="api_restore_term", status_code=200, **_OPTIONS,
      summary="Call a term what the programme or the region's pack calls it")  # fmt: skip
async def restore_term(ctx: Context, request_scope: RequestScope, data: JSONBody[TermNamed]) -> dict[str, bool]:
    await terms.restore_term(ctx, data.key, language=data.language)
    request_scope.stale = True
    return {"restored": True}


HANDLERS: list[Any] = [list_terms, rename_term, restore_term]


async def _look(ctx: Context, key: str, *, language: str, text: str) -> list[Collision]:
    return terms.collisions_of(ctx, key, language=language, text=text)
