"""The directory as an HSDS API: public, in the reader's language, in pages."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public, requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.hsds.operations.import_directory import import_document, try_document
from spheres_core.partners.hsds.queries import listing
from spheres_core.partners.hsds.queries.directory import load_directory
from spheres_core.partners.hsds.queries.listing import ServiceFilter, parse_changed_since
from spheres_core.partners.hsds.records import Record
from spheres_core.partners.hsds.views import record_lists
from spheres_core.partners.hsds.views.import_report import ImportReport, document_invalid, report
from spheres_core.partners.hsds.views.record_lists import ApiDescription, Format, HsdsPage, ListFormat, record_list
from spheres_core.partners.permissions import ADMINISTER

_PAGE = QueryParameter(name="page", ge=1, le=1_000_000, description="The number of the page, from 1.")
_PER_PAGE = QueryParameter(name="per_page", ge=1, le=500, description="Records on a page.")
_FULL = QueryParameter(name="full", description="Whole records, with all that is nested in them.")
_OF = QueryParameter(name="organization_id", required=False, description="Only the services of this organization.")


def _narrow(name: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, description=description)


_SEARCH = _narrow("search", "Words that stand in its name or text, or in those of its organization.")
_TERM = _narrow("taxonomy_term_id", "The id or the code of a taxonomy term.")
_TAXONOMY = _narrow("taxonomy_id", "The id or the name of a taxonomy.")
_MODIFIED = _narrow("modified_after", "A day or a moment: only what changed here since then.")
_MINIMAL = _narrow("minimal", "Ids and days of change only, all at once.")
_FORMAT = _narrow("format", "`ndjson` gives all records at once, one a line.")
_FULL_SERVICE = _narrow("full_service", "Organizations with all that their services say; the same as `full` here.")


@get("/hsds", guards=[public], tags=["hsds"], summary="Which HSDS this is")
async def describe_api(request: Request[Any, Any, Any], request_scope: RequestScope) -> ApiDescription:
    """Returns the version of HSDS, its profile, and where this API's OpenAPI document is."""
    return ApiDescription(
        openapi_url=f"{request.url.scheme}://{request.url.netloc}{request_scope.prefix}/api/openapi.json"
    )


@get("/hsds/services", guards=[public], tags=["hsds"], summary="Services in HSDS 3")
async def list_services(
    ctx: Context,
    page: Annotated[int, _PAGE] = 1,
    per_page: Annotated[int, _PER_PAGE] = 50,
    full: Annotated[bool, _FULL] = False,
    organization_id: Annotated[UUID | None, _OF] = None,
    search: Annotated[str, _SEARCH] = "",
    taxonomy_term_id: Annotated[str, _TERM] = "",
    taxonomy_id: Annotated[str, _TAXONOMY] = "",
    modified_after: Annotated[str, _MODIFIED] = "",
    minimal: Annotated[bool, _MINIMAL] = False,
    format: Annotated[Format, _FORMAT] = "json",
) -> Response[HsdsPage]:
    """Returns a page of services; with `format=ndjson` all of them, one a line."""
    since = parse_changed_since(ctx, modified_after)
    found = await load_directory(ctx)
    ids = listing.services(found, ServiceFilter(search, organization_id, taxonomy_term_id, taxonomy_id, since))
    return (
        record_lists.changes_list(found, ids)
        if minimal
        else record_list(ids, found.service, ListFormat(page, per_page, full, format))
    )


@get("/hsds/services/{id:uuid}", guards=[public], tags=["hsds"], summary="A service in HSDS 3")
async def show_service(ctx: Context, id: FromPath[UUID]) -> dict[str, Any]:
    """Returns one service with all that is nested in it, in the shape of the HSDS 3 specification."""
    return _there((await load_directory(ctx)).service(id))


@get("/hsds/organizations", guards=[public], tags=["hsds"], summary="Organizations in HSDS 3")
async def list_organizations(
    ctx: Context,
    page: Annotated[int, _PAGE] = 1,
    per_page: Annotated[int, _PER_PAGE] = 50,
    full: Annotated[bool, _FULL] = False,
    full_service: Annotated[bool, _FULL_SERVICE] = False,
    search: Annotated[str, _SEARCH] = "",
    format: Annotated[Format, _FORMAT] = "json",
) -> Response[HsdsPage]:
    """Returns a page of organizations; with `format=ndjson` all of them, one a line."""
    found = await load_directory(ctx)
    shape = ListFormat(page, per_page, full or full_service, format)
    return record_list(listing.organizations(found, search), found.organization, shape)


@get("/hsds/organizations/{id:uuid}", guards=[public], tags=["hsds"], summary="An organization in HSDS 3")
async def show_organization(ctx: Context, id: FromPath[UUID]) -> dict[str, Any]:
    """Returns one organization with all that is nested in it, in the shape of the HSDS 3 specification."""
    return _there((await load_directory(ctx)).organization(id))


def _how(name: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, description=description)


_DRY = _how("dry_run", "Say what would change, and change nothing.")
_SOURCE = _how("source", "A name for where it comes from: a later document of the same source updates this one.")
_VERIFIED = _how("verified_on", "The day on which someone verified what does not say so itself.")
_TEXTS = _how("text_language", "The language of its texts; the tenant's first when left out.")


@post("/admin/partners/import", guards=[requires(ADMINISTER)], name="api_import_partners", status_code=200,
      tags=["directory"], summary="Take in what another directory says (HSDS 3)")  # fmt: skip
async def import_partners(
    ctx: Context,
    request: Request[Any, Any, Any],
    data: JSONBody[dict[str, Any] | list[dict[str, Any]]],
    dry_run: Annotated[bool, _DRY] = False,
    source: Annotated[str, _SOURCE] = "file",
    verified_on: Annotated[dt.date | None, _VERIFIED] = None,
    text_language: Annotated[str, _TEXTS] = "",
) -> ImportReport:
    """Adopts the entries of an HSDS document. Nothing is deleted or overwritten.

    When anything in it is wrong, nothing is adopted, and the refusal names all of it.
    """
    act = try_document if dry_run else import_document
    try:
        body = await request.body()
        done = await act(ctx, body, name="", source=source, verified_on=verified_on, language=text_language)
    except ContentInvalid as invalid:
        raise document_invalid(ctx, invalid) from None
    return report(ctx, done, dry_run=dry_run)


def _there(record: Record | None) -> Record:
    if record is None:
        raise NotFound
    return record
