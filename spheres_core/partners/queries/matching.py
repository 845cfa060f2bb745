"""Finds the services that can serve a young person, in a language, at a place and a moment, each with its reasons."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from spheres_core.facts import Problem, Words, msg
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.dated_names import name_on
from spheres_core.partners.entry_display import language_names, read_entry, show_contact, show_service
from spheres_core.partners.moments import parse_moment
from spheres_core.partners.queries import directory_rows, pack_content, partners
from spheres_core.partners.schemas.directory import Organization, Role, Service
from spheres_core.partners.schemas.display import ShownContact, ShownService
from spheres_core.partners.service_matching import (
    HelpRequest,
    MatchContext,
    MatchReason,
    OfferedService,
    Verdict,
    reasons_for,
    verdict,
)
from spheres_core.partners.settings import PartnersSettings

AUDIENCES = ("participants", "public")
"""Whom a service is for that a young person can be led to."""


OLDEST = 120


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class HelpRequestInvalid(Invalid):
    """The question cannot be understood; `errors` names each part."""

    code = "question_invalid"
    message = msg("Some of what was asked needs another look.")


class Match(Struct, frozen=True):
    """One service with its reasons, and how to reach the organization."""

    verdict: Verdict
    service: ShownService
    organization: str
    organization_name: Words
    reasons: tuple[MatchReason, ...]
    contacts: tuple[ShownContact, ...]


def parse_help_request(ctx: Context, given: Mapping[str, str], *, areas: Sequence[str]) -> HelpRequest:
    """Returns the question that texts write: `age`, `language`, `area`, `at`, `without`. `HelpRequestInvalid` says all
    that is wrong. An organization in `without` that is not known here is left out all the same."""
    problems = []
    age, language, area, at = (given.get(name, "").strip() for name in ("age", "language", "area", "at"))
    if age and not (age.isascii() and age.isdigit() and len(age) <= 3 and int(age) <= OLDEST):
        problems.append(Problem(msg("An age in years is a number, such as 16."), path="age", code="number"))
    if language and not _TAG.fullmatch(language):
        problems.append(Problem(msg("A language is a tag such as en or fr-CA."), path="language", code="tag"))
    if area and area not in areas:
        problems.append(Problem(msg("There is no such area here."), path="area", code="unknown"))
    moment = parse_moment(at, zone=ctx.zone) if at else ctx.now
    if moment is None:
        sentence = msg("This is not a moment such as 2026-11-21T20:30.")
        problems.append(Problem(sentence, path="at", code="moment"))
    left_out = tuple(each.strip() for each in given.get("without", "").split(",") if each.strip())
    if not all(KEY.fullmatch(each) for each in left_out):
        problems.append(Problem(msg("An organization is named by its key."), path="without", code="key"))
    if problems or moment is None:
        raise HelpRequestInvalid(errors=problems)
    return HelpRequest(moment, int(age) if age else None, language, area, left_out)


async def find_services(ctx: Context, request: HelpRequest) -> list[Match]:
    """Returns every service for young people or for anybody: those that can serve first, those that cannot last."""
    areas = {each.key: each for each in await partners.areas(ctx)}
    named = areas.get(request.area)
    context = MatchContext(
        zone=ctx.tenant.time_zone,
        within={key: each.within for key, each in areas.items()},
        area_name=named.name if named else request.area,
        language_name=str(language_names(ctx, [request.language])[0]) if request.language else "",
        role_names=pack_content.role_names(ctx),
        illustrative=ctx.tenant.illustrative,
        vague=frozenset(key for key, each in areas.items() if not each.places_confirmed),
        not_proposed=ctx.settings("partners", PartnersSettings).not_proposed,
    )
    organizations = {
        row.key: read_entry(Organization, row.key, row.content)
        for row in await ctx.db.all(directory_rows.ORGANIZATIONS)
    }
    roles = directory_rows.by_organization(await ctx.db.all(directory_rows.ROLES_EVER))
    contacts = directory_rows.by_organization(await ctx.db.all(directory_rows.CONTACTS))
    day = request.at.astimezone(ctx.zone).date()
    found = []
    for row in await ctx.db.all(directory_rows.SERVICES_EVER):
        service = read_entry(Service, row.key, row.content)
        if service.audience not in AUDIENCES or row.organization is None:
            continue
        organization = organizations[row.organization]
        offered = OfferedService(
            service,
            service.languages or organization.languages,
            service.areas or organization.areas,
            tuple(read_entry(Role, each.key, each.content) for each in roles.get(row.organization, ())),
            row.organization,
        )
        reasons = reasons_for(request, offered, context)
        shown = tuple(show_contact(ctx, each) for each in contacts.get(row.organization, ()))
        name = name_on(organization, day)
        found.append(Match(verdict(reasons), show_service(ctx, row), organization.key, name, reasons, shown))
    return sorted(found, key=lambda each: _sort_key(ctx, each))


def _sort_key(ctx: Context, match: Match) -> tuple[int, tuple[str, str]]:
    name = str(ctx.locale.pick(match.service.name))
    return ("yes", "perhaps", "no").index(match.verdict), ctx.locale.sort_key(name)
