"""Tells which kind of HSDS record an object is, by the fields that only this kind has.

Taxonomies, places and services at a place have an id and a name too. Only organizations and services are imported, so
every other kind is refused by its name instead of becoming an organization that nobody knows.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from spheres_core.facts import Message, msg

Kind = Literal["organization", "service"]
_SERVICE: Final = frozenset(
    {"status", "assured_date", "minimum_age", "maximum_age", "organization", "organization_id", "schedules",
     "service_at_locations", "service_areas", "interpretation_services", "application_process", "fees_description",
     "eligibility_description", "program_id", "cost_options"}
)  # fmt: skip
_SURELY_SERVICE: Final = frozenset({"status", "assured_date"})
_SURELY_ORGANIZATION: Final = frozenset(
    {"services", "legal_status", "tax_status", "tax_id", "year_incorporated", "logo", "website", "programs",
     "parent_organization_id", "organization_identifiers"}
)  # fmt: skip
_LISTS: Final = frozenset(
    {"taxonomies", "taxonomy_terms", "locations", "service_at_locations", "programs", "contacts", "phones", "schedules"}
)


class _OtherKind(Struct, frozen=True):
    """A kind that is not imported: it has one of `has`, and one of `beside` when that says any, and none of `lacks`."""

    said: Message
    has: frozenset[str]
    beside: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()

    def fits(self, fields: frozenset[str]) -> bool:
        return bool(fields & self.has) and not fields & self.lacks and (not self.beside or bool(fields & self.beside))


_AT_A_LOCATION: Final = _OtherKind(
    msg("a service at a location"), frozenset({"service", "service_id"}), frozenset({"location", "location_id"})
)
_OTHERS: Final = (
    _OtherKind(msg("a description of an API"), frozenset({"openapi_url", "profile"})),
    _OtherKind(msg("a location"), frozenset({"location_type", "latitude", "longitude", "addresses", "transportation"})),
    _OtherKind(
        msg("a term of a taxonomy"),
        frozenset({"taxonomy", "taxonomy_id", "taxonomy_detail", "term_uri", "parent_id"}),
        lacks=frozenset({"link_entity"}),
    ),
    _OtherKind(msg("a taxonomy"), frozenset({"version"})),
    _OtherKind(
        msg("a contact person"), frozenset({"department", "title", "email"}), lacks=frozenset({"description", "url"})
    ),
    _OtherKind(msg("a language"), frozenset({"code"}), lacks=frozenset({"description"})),
    _OtherKind(msg("a telephone number"), frozenset({"number"}), lacks=frozenset({"name"})),
    _OtherKind(msg("an address"), frozenset({"address_1", "postal_code"})),
)


def kind_of(record: Mapping[str, Any]) -> Kind | Message:
    """Returns whether a record is an organization or a service, or else what it is."""
    fields = frozenset(record)
    if _AT_A_LOCATION.fits(fields) and not fields & _SURELY_SERVICE:
        return _AT_A_LOCATION.said
    if fields & _SURELY_SERVICE:
        return "service"
    if not fields & _SURELY_ORGANIZATION:
        other = next((each.said for each in _OTHERS if each.fits(fields)), None)
        if other is not None:
            return other
        if fields and all(name.endswith(".csv") for name in fields):
            return msg("a set of tables")
    return "service" if fields & _SERVICE else "organization"


def lists_left_out(document: Mapping[str, Any]) -> list[str]:
    """Returns the lists of a document of which nothing is imported."""
    return sorted(document.keys() & _LISTS)
