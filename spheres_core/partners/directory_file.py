"""Reads `partners.toml`: its shape by `reading`, and here what only the field can know.

Refused: an organization or service without a name in words, a contact without the day it was
verified, an area without anybody to call, coordination mandates that overlap or leave a gap,
references to what is not there.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from spheres_core.facts import msg
from spheres_core.foundation.content.struct_reader import Source, check_unique, only_one
from spheres_core.foundation.content.time_zones import is_time_zone
from spheres_core.partners import hours
from spheres_core.partners.areas import with_outer_areas
from spheres_core.partners.contact_values import contact_problem
from spheres_core.partners.dated_names import overlap
from spheres_core.partners.schemas.directory import (
    ROLES,
    Area,
    Contact,
    Directory,
    EmergencyContact,
    Hours,
    Mandate,
    Organization,
    Role,
)

TOPIC = "partners"
PATTERN = "partners.toml"
PROPER_NAMES = frozenset({"organizations.name", "organizations.names.name", "organizations.legal_name"})
"""Names of organizations: in a language that lacks one, people read it in the next, marked as what it is."""


def read_directory(paths: Sequence[Path], plugin_id: str) -> Directory:
    """Returns the directory of a plugin. Raises `ContentInvalid` with every finding of the file."""
    source = Source(only_one(paths))
    for place, organization in source.entries("organizations", Organization):
        for i, service in enumerate(organization.services):
            _check_spans(source, f"{place}.services[{i}].hours", service.hours)
    for place, contact in source.entries("emergency_contacts", EmergencyContact):
        _check_spans(source, f"{place}.hours", contact.hours)
    return check_directory(source)


def check_directory(source: Source) -> Directory:
    """Returns the directory that a source holds, wherever it was written.
    Raises `ContentInvalid` with every finding."""
    source.proper_names = PROPER_NAMES
    directory = source.read(Directory)
    organizations = source.entries("organizations", Organization)
    areas = source.entries("areas", Area)
    _check_areas(source, areas)
    _check_organizations(source, organizations, {area.key for _, area in areas})
    _check_roles(source, organizations)
    _check_coordination(source, organizations)
    _check_contacts(source, organizations)
    _check_emergencies(source, areas)
    source.finish()
    assert directory is not None
    return directory


def chain_problem(mandates: Sequence[Mandate]) -> tuple[Mandate, str] | None:
    """Returns the first mandate, by date, that breaks the chain, and how: `overlap`, `gap` or `order`. None when
    exactly one is active on any date from the first start on."""
    ordered = sorted(mandates, key=lambda m: m.starts)
    for before, after in pairwise(ordered):
        if before.ends is None or before.ends > after.starts:
            return after, "overlap"
        if before.ends < after.starts:
            return after, "gap"
    for each in ordered:
        if each.ends is not None and each.ends <= each.starts:
            return each, "order"
    if ordered and ordered[-1].ends is not None:
        return ordered[-1], "gap"
    return None


def _check_areas(source: Source, areas: list[tuple[str, Area]]) -> None:
    check_unique(source, [(f"{place}.key", area.key) for place, area in areas])
    parents = {area.key: area.within for _, area in areas}
    for place, area in areas:
        if area.within and (area.within not in parents or area.key in with_outer_areas(area.within, parents)):
            source.find(f"{place}.within", msg("There is no area {key} around this one.", key=area.within))


def _check_organizations(source: Source, organizations: list[tuple[str, Organization]], areas: set[str]) -> None:
    check_unique(source, [(f"{place}.key", each.key) for place, each in organizations])
    known = {each.key for _, each in organizations}
    complete = source.all_read("organizations", organizations)
    services = [
        (f"{place}.services[{i}]", service) for place, each in organizations for i, service in enumerate(each.services)
    ]
    check_unique(source, [(f"{place}.key", service.key) for place, service in services])
    for place, each in organizations:
        if each.parent and complete and each.parent not in known:
            source.find(f"{place}.parent", msg("There is no organization {key} here.", key=each.parent))
        _check_known_areas(source, f"{place}.areas", each.areas, areas)
        _check_names(source, place, each)
    for place, service in services:
        _check_known_areas(source, f"{place}.areas", service.areas, areas)
        check_hours(source, f"{place}.hours", service.hours)
        if service.time_zone and not is_time_zone(service.time_zone):
            source.find(f"{place}.time_zone", msg("{key} is not a time zone.", key=service.time_zone))
        if not service.areas and not service.province_wide:
            source.find(place, msg("Where the service is offered is needed here (areas or province_wide)."))
        if service.ages and not 0 <= service.ages[0] <= service.ages[1]:
            source.find(f"{place}.ages", msg("The first age is the lower one."))
        if service.starts and service.ends and service.ends <= service.starts:
            source.find(f"{place}.until", msg("It ends before it begins."))


def _check_names(source: Source, place: str, organization: Organization) -> None:
    for i, each in enumerate(organization.names):
        at = f"{place}.names[{i}]"
        if each.starts is None and each.ends is None:
            source.find(at, msg("From when or until when it has this name is needed here (from, until)."))
        if each.starts and each.ends and each.ends <= each.starts:
            source.find(f"{at}.until", msg("It ends before it begins."))
    if (twice := overlap(organization.names)) is not None:
        source.find(f"{place}.names[{twice}]", msg("It has two names on the same day."))


def _check_known_areas(source: Source, place: str, used: Sequence[str], known: set[str]) -> None:
    for area in used:
        if area not in known:
            source.find(place, msg("There is no area {key} here.", key=area))


def _check_spans(source: Source, place: str, given: Sequence[Hours]) -> None:
    """Notes hours that close when they open: whether that is a whole day or nothing, nobody can say."""
    for i, each in enumerate(given):
        if each.opens == each.closes:
            source.find(f"{place}[{i}].to", msg("It closes when it opens. A whole day is from 00:00 to 24:00."))


def check_hours(source: Source, place: str, given: Sequence[Hours]) -> None:
    """Notes the hours that nobody could evaluate."""
    for i, each in enumerate(given):
        if (problem := hours.why_unreadable(each)) is not None:
            source.find(f"{place}[{i}]", problem)


def _check_roles(source: Source, organizations: list[tuple[str, Organization]]) -> None:
    own = source.raw.get("role_names")
    known = ROLES.keys() | (own.keys() if isinstance(own, dict) else set())
    for place, each in organizations:
        roles: list[tuple[str, Role]] = [(f"{place}.roles[{i}]", role) for i, role in enumerate(each.roles)]
        check_unique(source, [(f"{at}.role", role.own_key) for at, role in roles])
        for at, role in roles:
            if role.role not in known:
                source.find(
                    f"{at}.role",
                    msg("The role {role} has no name; give it one in role_names.", role=role.role),
                )
            if role.ends is not None and role.ends <= role.starts:
                source.find(f"{at}.until", msg("It ends before it begins."))
        for (_, before), (at, role) in pairwise(sorted(roles, key=lambda each: (each[1].role, each[1].starts))):
            if before.role == role.role and (before.ends is None or before.ends > role.starts):
                source.find(f"{at}.from", msg("It has the role {role} twice on the same day.", role=role.role))


def _check_coordination(source: Source, organizations: list[tuple[str, Organization]]) -> None:
    mandates = source.entries("coordination", Mandate)
    check_unique(source, [(f"{place}.key", each.key) for place, each in mandates])
    known = {each.key for _, each in organizations}
    for place, each in mandates:
        if source.all_read("organizations", organizations) and each.organization not in known:
            sentence = msg("There is no organization {key} here.", key=each.organization)
            source.find(f"{place}.organization", sentence)
    if not source.raw.get("coordination"):
        if source.raw.get("organizations") and not source.raw.get("coordination_to_confirm"):
            sentence = msg("Who coordinates is needed here, or why nobody does yet (coordination_to_confirm).")
            source.find("", sentence)
        return
    if not source.all_read("coordination", mandates):
        return
    if broken := chain_problem([each for _, each in mandates]):
        place = next(at for at, each in mandates if each is broken[0])
        sentences = {
            "overlap": msg("Coordination mandates overlap: exactly one organization coordinates on any date."),
            "gap": msg("Coordination has a gap: exactly one organization coordinates on any date."),
            "order": msg("It ends before it begins."),
        }
        source.find(f"{place}.{'from' if broken[1] != 'order' else 'until'}", sentences[broken[1]])


def _check_contacts(source: Source, organizations: list[tuple[str, Organization]]) -> None:
    contacts: list[tuple[str, Contact]] = source.entries("contacts", Contact)
    for place, each in organizations:
        contacts += [(f"{place}.contacts[{i}]", contact) for i, contact in enumerate(each.contacts)]
    check_unique(source, [(f"{place}.key", contact.key) for place, contact in contacts])
    for place, contact in contacts:
        if (problem := contact_problem(contact.kind, contact.value)) is not None:
            source.find(f"{place}.value", problem)


def _check_emergencies(source: Source, areas: list[tuple[str, Area]]) -> None:
    contacts = source.entries("emergency_contacts", EmergencyContact)
    known = {area.key for _, area in areas}
    check_unique(source, [(f"{place}.key", each.key) for place, each in contacts])
    for place, each in contacts:
        _check_known_areas(source, f"{place}.areas", each.areas, known)
        check_hours(source, f"{place}.hours", each.hours)
        if not each.phone and not each.website and each.status != "to_confirm":
            source.find(place, msg("How to reach them is needed here (phone or website)."))
        if each.phone and (problem := contact_problem("phone", each.phone)) is not None:
            source.find(f"{place}.phone", problem)
        if each.website and (problem := contact_problem("website", each.website)) is not None:
            source.find(f"{place}.website", problem)
    if not source.all_read("emergency_contacts", contacts):
        return
    parents = {area.key: area.within for _, area in areas}
    reached = {area for _, each in contacts for area in each.areas}
    for place, area in areas:
        inner = [key for key, within in parents.items() if within == area.key]
        if not inner and reached.isdisjoint(with_outer_areas(area.key, parents)):
            source.find(
                f"{place}.key",
                msg("Nobody to call in an emergency is given for the area {key}.", key=area.key),
            )
