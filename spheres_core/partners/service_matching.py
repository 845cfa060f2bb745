"""Weighs one service against a request for help: what speaks for it, what against, and what is not known.

What a service does not say is said to be unknown; it is never taken as a no. Nothing here decides: a person calls.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.partners import hours
from spheres_core.partners.areas import with_outer_areas
from spheres_core.partners.conflict_of_interest import exclusion
from spheres_core.partners.schemas.directory import Role, Service
from spheres_core.partners.settings import NotProposed

Stands = Literal["for", "against", "unknown"]


Verdict = Literal["yes", "perhaps", "no"]
"""`perhaps`: nothing known speaks against it, and something is not known."""


class HelpRequest(Struct, frozen=True):
    """Who is asking for what. What was not asked counts for nothing."""

    at: dt.datetime
    """The moment, with its zone."""
    age: int | None = None
    """Completed years."""
    language: str = ""
    """A language tag; its first part decides."""
    area: str = ""
    """The key of one of the tenant's areas."""
    without: tuple[str, ...] = ()
    """The keys of organizations to leave out: somebody there is kin, say, or part of the matter."""


class MatchReason(Struct, frozen=True):
    """One aspect of a service, and how it stands to the request."""

    aspect: Literal["conflict", "age", "language", "area", "hours", "dates", "role", "plugin"]
    """`plugin`: a plugin of the region says so."""
    stands: Stands
    text: Message | Words


class OfferedService(Struct, frozen=True):
    """A service with what is known of its organization."""

    service: Service
    languages: tuple[str, ...] = ()
    """The service's, else the organization's; empty when neither says."""
    areas: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    """Every role that the organization ever had."""
    organization: str = ""
    """The key of the organization."""


class MatchContext(Struct, frozen=True):
    """The tenant's areas, its zone and the words for what was asked."""

    zone: str
    within: Mapping[str, str] = {}
    """The area around each area; empty for the outermost."""
    area_name: Words | str = ""
    language_name: str = ""
    role_names: Mapping[str, Message | Words] = {}
    vague: frozenset[str] = frozenset()
    """Areas of which it is not known yet which places lie in them."""
    not_proposed: tuple[NotProposed, ...] = ()
    illustrative: bool = False
    """True where nobody has agreed to be a partner."""


def reasons_for(request: HelpRequest, offered: OfferedService, context: MatchContext) -> tuple[MatchReason, ...]:
    """Returns what speaks for a service and against it."""
    asked = [
        _conflict(request, offered, context),
        _age(request, offered) if request.age is not None else None,
        _language(request, offered, context) if request.language else None,
        _area(request, offered, context) if request.area else None,
        _hours(request, offered, context),
        _dates(request, offered, context),
        _role(request, offered, context),
    ]
    return tuple(each for each in asked if each is not None)


def verdict(reasons: Sequence[MatchReason]) -> Verdict:
    """Returns no when anything speaks against it, perhaps when something is not known, else yes."""
    stands = {each.stands for each in reasons}
    return "no" if "against" in stands else "perhaps" if "unknown" in stands else "yes"


def _conflict(request: HelpRequest, offered: OfferedService, context: MatchContext) -> MatchReason | None:
    """Returns why a service is not proposed, however well the rest fits."""
    if offered.organization in request.without:
        return MatchReason("conflict", "against", msg("Left out, as you asked."))
    area = with_outer_areas(request.area, context.within) if request.area else None
    if exclusion(offered.organization, area, context.not_proposed) is None:
        return None
    sentence = msg("Not proposed here by the region's team, because of a conflict of interest.")
    return MatchReason("conflict", "against", sentence)


def _age(request: HelpRequest, offered: OfferedService) -> MatchReason:
    if offered.service.ages is None:
        return MatchReason("age", "unknown", msg("The ages it serves are not stated."))
    least, most = offered.service.ages
    if request.age is not None and least <= request.age <= most:
        return MatchReason("age", "for", msg("For ages {least} to {most}.", least=least, most=most))
    sentence = msg("For ages {least} to {most}, not {age}.", least=least, most=most, age=request.age)
    return MatchReason("age", "against", sentence)


def _language(request: HelpRequest, offered: OfferedService, context: MatchContext) -> MatchReason:
    if not offered.languages:
        return MatchReason("language", "unknown", msg("Its languages are not stated."))
    spoken = {tag.partition("-")[0].lower() for tag in offered.languages}
    if request.language.partition("-")[0].lower() in spoken:
        return MatchReason(
            "language", "for", msg("Offered in this language: {language}.", language=context.language_name)
        )
    sentence = msg("Not offered in this language: {language}.", language=context.language_name)
    return MatchReason("language", "against", sentence)


def _area(request: HelpRequest, offered: OfferedService, context: MatchContext) -> MatchReason:
    if offered.service.province_wide:
        return MatchReason("area", "for", msg("Offered everywhere in the province."))
    if not offered.areas:
        return MatchReason("area", "unknown", msg("The places it serves are not stated."))
    if not with_outer_areas(request.area, context.within).isdisjoint(offered.areas):
        return MatchReason("area", "for", msg("Offered there: {area}.", area=context.area_name))
    asked = with_outer_areas(request.area, context.within)
    vague = [each for each in offered.areas if each in context.vague and request.area not in context.vague]
    if any(not asked.isdisjoint(with_outer_areas(each, context.within)) for each in vague):
        sentence = msg("Whether it is offered there is still to be confirmed: {area}.", area=context.area_name)
        return MatchReason("area", "unknown", sentence)
    if any(request.area in with_outer_areas(each, context.within) for each in offered.areas):
        return MatchReason(
            "area", "unknown", msg("Offered in a part of this place only: {area}.", area=context.area_name)
        )
    return MatchReason("area", "against", msg("Not offered there: {area}.", area=context.area_name))


def _hours(request: HelpRequest, offered: OfferedService, context: MatchContext) -> MatchReason:
    """Judges by the clock of the service's own zone."""
    if hours.round_the_clock(offered.service.hours):
        return MatchReason("hours", "for", msg("Open day and night."))
    is_open = hours.is_open(offered.service.hours, request.at.astimezone(ZoneInfo(_zone(offered, context))))
    if is_open is None:
        return MatchReason("hours", "unknown", msg("Its hours are not stated: better to call first."))
    return MatchReason("hours", "for", msg("Open at that hour.")) if is_open else MatchReason(
        "hours", "against", msg("Closed at that hour.")
    )  # fmt: skip


def _dates(request: HelpRequest, offered: OfferedService, context: MatchContext) -> MatchReason | None:
    day = request.at.astimezone(ZoneInfo(context.zone)).date()
    if offered.service.starts is not None and day < offered.service.starts:
        return MatchReason("dates", "against", msg("Not offered yet: from {day} on.", day=offered.service.starts))
    if offered.service.ends is not None and day >= offered.service.ends:
        return MatchReason("dates", "against", msg("No longer offered since {day}.", day=offered.service.ends))
    return None


def _role(request: HelpRequest, offered: OfferedService, context: MatchContext) -> MatchReason:
    if not offered.roles:
        return MatchReason("role", "unknown", msg("The organization is not recorded as a partner."))
    day = request.at.astimezone(ZoneInfo(context.zone)).date()
    held = [each for each in offered.roles if each.starts <= day and (each.ends is None or each.ends > day)]
    if not held:
        return MatchReason("role", "against", msg("The organization is not a partner at that date."))
    first = min(held, key=lambda each: each.starts)
    name = context.role_names.get(first.role, first.role)
    if context.illustrative:
        return MatchReason("role", "for", msg("It does this in the region: {role}.", role=name))
    since = first.starts if first.day_confirmed else str(first.starts.year)
    return MatchReason("role", "for", msg("A partner since {since}: {role}.", since=since, role=name))


def _zone(offered: OfferedService, context: MatchContext) -> str:
    return offered.service.time_zone or context.zone
