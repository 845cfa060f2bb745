"""The directory as an HSDS API: public, in the reader's language, in pages."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from spheres_core.foundation.access import public, requires
from spheres_core.foundation.context import Context
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.packs import ContentInvalid
from spheres_core.partners.hsds.exporting import Directory, directory
from spheres_core.partners.hsds.importing import import_document, try_document
from spheres_core.partners.hsds.records import Record, without_lists
from spheres_core.partners.hsds.telling import refused, told

ADMINISTER = "partners.administer"
"""Take other directories in."""

_PAGE = QueryParameter(name="page", ge=1, le=1_000_000, description="The number of the page, from 1.")
_PER_PAGE = QueryParameter(name="per_page", ge=1, le=500, description="Records on a page.")
_FULL = QueryParameter(name="full", description="Whole records, with all that is nested in them.")
_OF = QueryParameter(name="organization_id", required=False, description="Only the services of this organization.")


class HsdsPage(Struct, frozen=True):
    """A page of records, as the HSDS API specification says."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


@get("/hsds/services", guards=[public], summary="Services in HSDS 3")
async def list_services(
    ctx: Context,
    page: Annotated[int, _PAGE] = 1,
    per_page: Annotated[int, _PER_PAGE] = 50,
    full: Annotated[bool, _FULL] = False,
    organization_id: Annotated[UUID | None, _OF] = None,
) -> HsdsPage:
    found = await directory(ctx)
    wanted = found.services(of=organization_id)
    return _page(wanted, found.service, page=page, per_page=per_page, full=full)


@get("/hsds/services/{id:uuid}", guards=[public], summary="A service in HSDS 3")
async def show_service(ctx: Context, id: FromPath[UUID]) -> dict[str, Any]:
    return _there((await directory(ctx)).service(id))


@get("/hsds/organizations", guards=[public], summary="Organizations in HSDS 3")
async def list_organizations(
    ctx: Context,
    page: Annotated[int, _PAGE] = 1,
    per_page: Annotated[int, _PER_PAGE] = 50,
    full: Annotated[bool, _FULL] = False,
) -> HsdsPage:
    found: Directory = await directory(ctx)
    return _page(found.organizations, found.organization, page=page, per_page=per_page, full=full)


@get("/hsds/organizations/{id:uuid}", guards=[public], summary="An organization in HSDS 3")
async def show_organization(ctx: Context, id: FromPath[UUID]) -> dict[str, Any]:
    return _there((await directory(ctx)).organization(id))


def _how(name: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, description=description)


_DRY = _how("dry_run", "Say what would change, and change nothing.")
_SOURCE = _how("source", "A name for where it comes from: a later document of the same source updates this one.")
_VERIFIED = _how("verified_on", "The day on which someone verified what does not say so itself.")
_TEXTS = _how("text_language", "The language of its texts; the tenant's first when left out.")


@post("/admin/partners/import", guards=[requires(ADMINISTER)], name="api_import_partners", status_code=200,
      security=[{"token": []}], summary="Take in what another directory says (HSDS 3)")  # fmt: skip
async def import_partners(
    ctx: Context,
    request: Request[Any, Any, Any],
    data: JSONBody[dict[str, Any] | list[dict[str, Any]]],
    dry_run: Annotated[bool, _DRY] = False,
    source: Annotated[str, _SOURCE] = "file",
    verified_on: Annotated[dt.date | None, _VERIFIED] = None,
    text_language: Annotated[str, _TEXTS] = "",
) -> dict[str, Any]:
    """Nothing is deleted or overwritten. When anything in it is wrong, nothing is taken in, and all of it is said."""
    act = try_document if dry_run else import_document
    try:
        body = await request.body()
        done = await act(ctx, body, name="", source=source, verified_on=verified_on, language=text_language)
    except ContentInvalid as invalid:
        raise refused(ctx, invalid) from None
    return told(ctx, done, dry_run=dry_run)


def _there(record: Record | None) -> Record:
    if record is None:
        raise NotFound
    return record


def _page(
    ids: Sequence[UUID], make: Callable[[UUID], Record | None], *, page: int, per_page: int, full: bool
) -> HsdsPage:
    pages = max(1, math.ceil(len(ids) / per_page))
    records = [_there(make(each)) for each in ids[(page - 1) * per_page : page * per_page]]
    return HsdsPage(
        total_items=len(ids),
        total_pages=pages,
        page_number=page,
        size=len(records),
        first_page=page == 1,
        last_page=page >= pages,
        empty=not records,
        contents=records if full else [without_lists(each) for each in records],
    )
