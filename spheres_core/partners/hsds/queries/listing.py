"""Which records a list gives, and in which shape: the questions of the HSDS API specification."""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar.response import Response
from msgspec import Struct

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.queries.directory import Directory
from spheres_core.partners.hsds.records import Record, without_lists
from spheres_core.partners.queries.matching import read_moment

Format = Literal["json", "ndjson"]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class MomentInvalid(Invalid):
    """The moment since which something changed cannot be understood."""

    code = "moment_invalid"
    message = msg("This is not a moment such as 2026-11-21T20:30.")


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


class Wanted(Struct, frozen=True):
    """What a list of services is narrowed by; what is empty narrows nothing."""

    search: str = ""
    organization: UUID | None = None
    term: str = ""
    """The id or the code of a taxonomy term."""
    taxonomy: str = ""
    """The id or the name of a taxonomy."""
    changed_since: dt.datetime | None = None


class Shape(Struct, frozen=True):
    """How a list is given."""

    page: int = 1
    per_page: int = 50
    full: bool = False
    format: Format = "json"


def moment(ctx: Context, text: str) -> dt.datetime | None:
    """A moment or a day as the API writes it; None when nothing is asked. Raises `MomentInvalid`."""
    if not text:
        return None
    found = read_moment(f"{text}T00:00" if _DAY.fullmatch(text) else text, zone=ctx.zone)
    if found is None:
        raise MomentInvalid(errors=[Problem(MomentInvalid.message, path="modified_after", code="moment")])
    return found


def services(found: Directory, wanted: Wanted) -> list[UUID]:
    """The services that are wanted, in the order of their keys."""
    return [
        each
        for each in found.services(of=wanted.organization)
        if (wanted.changed_since is None or found.changed_at(each) >= wanted.changed_since)
        and _says(found, each, wanted.search)
        and _classed(found.service(each) if wanted.term or wanted.taxonomy else None, wanted)
    ]


def organizations(found: Directory, search: str) -> list[UUID]:
    """The organizations that a search finds; all when it is empty."""
    return [each for each in found.organizations if _says(found, each, search)]


def minimal(found: Directory, ids: Iterable[UUID]) -> Response[Any]:
    """Ids and days of change only, all at once."""
    return Response([{"id": str(each), "modified_date": found.changed_at(each).isoformat()} for each in ids])


def given(ids: Sequence[UUID], make: Callable[[UUID], Record | None], shape: Shape) -> Response[Any]:
    """A page of records, or all of them as lines of JSON."""
    if shape.format == "ndjson":
        lines = b"".join(msgspec.json.encode(_shaped(make(each), shape)) + b"\n" for each in ids)
        return Response(lines, media_type="application/x-ndjson")
    pages = max(1, math.ceil(len(ids) / shape.per_page))
    shown = ids[(shape.page - 1) * shape.per_page : shape.page * shape.per_page]
    records = [_shaped(make(each), shape) for each in shown]
    return Response(
        HsdsPage(
            total_items=len(ids),
            total_pages=pages,
            page_number=shape.page,
            size=len(records),
            first_page=shape.page == 1,
            last_page=shape.page >= pages,
            empty=not records,
            contents=records,
        )
    )


def _shaped(record: Record | None, shape: Shape) -> Record:
    assert record is not None
    return record if shape.full else without_lists(record)


def _says(found: Directory, id_: UUID, search: str) -> bool:
    """Does every word that is searched for stand in what it says of itself? Accents and capitals do not matter."""
    words = _plain(search).split()
    text = " ".join(_plain(each) for each in found.texts_of(id_)) if words else ""
    return all(word in text for word in words)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _classed(record: Record | None, wanted: Wanted) -> bool:
    if record is None:
        return True
    attributes = record.get("attributes")
    terms = [each.get("taxonomy_term") for each in attributes or () if isinstance(each, dict)]
    return any(
        isinstance(term, dict)
        and (not wanted.term or wanted.term in (term.get("id"), term.get("code")))
        and (not wanted.taxonomy or wanted.taxonomy in (term.get("taxonomy_id"), term.get("taxonomy")))
        for term in terms
    )
