"""Lists of HSDS records as responses: a page, all records as lines of JSON, or ids with their days of change."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar.response import Response
from msgspec import Struct

from spheres_core.partners.hsds.queries.directory import HsdsDirectory
from spheres_core.partners.hsds.records import Record, without_lists

Format = Literal["json", "ndjson"]


class ApiDescription(Struct, frozen=True):
    """The API as its specification describes one: which version and profile, and where its OpenAPI document is."""

    openapi_url: str
    version: str = "3.0"
    profile: str = "https://github.com/openreferral/specification/tree/3.0/schema"


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


class ListFormat(Struct, frozen=True):
    """How a list is given."""

    page: int = 1
    per_page: int = 50
    full: bool = False
    format: Format = "json"


def changes_list(found: HsdsDirectory, ids: Iterable[UUID]) -> Response[Any]:
    """Ids and days of change only, all at once."""
    return Response([{"id": str(each), "modified_date": found.changed_at(each).isoformat()} for each in ids])


def record_list(ids: Sequence[UUID], make: Callable[[UUID], Record | None], list_format: ListFormat) -> Response[Any]:
    """Returns a page of records, or all of them as lines of JSON."""
    if list_format.format == "ndjson":
        lines = b"".join(msgspec.json.encode(_with_format(make(each), list_format)) + b"\n" for each in ids)
        return Response(lines, media_type="application/x-ndjson")
    pages = max(1, math.ceil(len(ids) / list_format.per_page))
    shown = ids[(list_format.page - 1) * list_format.per_page : list_format.page * list_format.per_page]
    records = [_with_format(make(each), list_format) for each in shown]
    return Response(
        HsdsPage(
            total_items=len(ids),
            total_pages=pages,
            page_number=list_format.page,
            size=len(records),
            first_page=list_format.page == 1,
            last_page=list_format.page >= pages,
            empty=not records,
            contents=records,
        )
    )


def _with_format(record: Record | None, list_format: ListFormat) -> Record:
    assert record is not None
    return record if list_format.full else without_lists(record)
