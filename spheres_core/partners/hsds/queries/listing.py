"""Finds the services and organizations that a request to the HSDS API asks for."""

import datetime as dt
import re
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.queries.directory import HsdsDirectory
from spheres_core.partners.hsds.records import Record
from spheres_core.partners.moments import parse_moment

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class MomentInvalid(Invalid):
    """The moment since which something changed cannot be understood."""

    code = "moment_invalid"
    message = msg("This is not a moment such as 2026-11-21T20:30.")


class ServiceFilter(Struct, frozen=True):
    """Narrows a list of services; an empty field narrows nothing."""

    search: str = ""
    organization: UUID | None = None
    term: str = ""
    """The id or the code of a taxonomy term."""
    taxonomy: str = ""
    """The id or the name of a taxonomy."""
    changed_since: dt.datetime | None = None


def parse_changed_since(ctx: Context, text: str) -> dt.datetime | None:
    """Returns a moment or a day as the API writes it; None when nothing is asked. Raises `MomentInvalid`."""
    if not text:
        return None
    found = parse_moment(f"{text}T00:00" if _DAY.fullmatch(text) else text, zone=ctx.zone)
    if found is None:
        raise MomentInvalid(errors=[Problem(MomentInvalid.message, path="modified_after", code="moment")])
    return found


def services(found: HsdsDirectory, service_filter: ServiceFilter) -> list[UUID]:
    """Returns the services that are wanted, in the order of their keys."""
    return [
        each
        for each in found.services(of=service_filter.organization)
        if (service_filter.changed_since is None or found.changed_at(each) >= service_filter.changed_since)
        and _matches_words(found, each, service_filter.search)
        and _matches_taxonomy(
            found.service(each) if service_filter.term or service_filter.taxonomy else None, service_filter
        )
    ]


def organizations(found: HsdsDirectory, search: str) -> list[UUID]:
    """Returns the organizations that a search finds; all when it is empty."""
    return [each for each in found.organizations if _matches_words(found, each, search)]


def _matches_words(found: HsdsDirectory, id_: UUID, search: str) -> bool:
    """Returns whether every word that is searched for stands in its texts. Accents and capitals do not matter."""
    words = fold_letters(search).split()
    text = " ".join(fold_letters(each) for each in found.texts_of(id_)) if words else ""
    return all(word in text for word in words)


def _matches_taxonomy(record: Record | None, service_filter: ServiceFilter) -> bool:
    if record is None:
        return True
    attributes = record.get("attributes")
    terms = [each.get("taxonomy_term") for each in attributes or () if isinstance(each, dict)]
    return any(
        isinstance(term, dict)
        and (not service_filter.term or service_filter.term in (term.get("id"), term.get("code")))
        and (not service_filter.taxonomy or service_filter.taxonomy in (term.get("taxonomy_id"), term.get("taxonomy")))
        for term in terms
    )
