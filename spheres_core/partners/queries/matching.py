"""Who can serve this person, in this language, there, at that moment? Each service with what speaks for it and against.

What a service does not say is said to be unknown; it is never taken as a no. Nothing here decides: a person calls.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import hours
from spheres_core.partners.conflict_of_interest import NotProposed, exclusion
from spheres_core.partners.dated_names import name_on
from spheres_core.partners.entry_display import PartnersSettings, language_names, read_entry, show_contact, show_service
from spheres_core.partners.queries import partners
from spheres_core.partners.schemas import Organization, Role, Service, ShownContact, ShownService

Stands = Literal["for", "against", "unknown"]
Verdict = Literal["yes", "perhaps", "no"]
"""`perhaps`: nothing known speaks against it, and something is not known."""

AUDIENCES = ("participants", "public")
"""Whom a service is for that a young person can be led to."""
OLDEST = 120

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MOMENT = re.compile(r"(?:19|2[01])\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+ -]\d\d:\d\d)?")


class QuestionInvalid(Invalid):
    """The question cannot be understood; `errors` names each part."""

    code = "question_invalid"
    message = msg("Some of what was asked needs another look.")


class Question(Struct, frozen=True):
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


class Reason(Struct, frozen=True):
    """What one aspect of a service says to the question."""

    aspect: Literal["conflict", "age", "language", "area", "hours", "dates", "role"]
    stands: Stands
    text: Message


class Match(Struct, frozen=True):
    """One service with its reasons, and how to reach the organization."""

    verdict: Verdict
    service: ShownService
    organization: str
    organization_name: Words
    reasons: tuple[Reason, ...]
    contacts: tuple[ShownContact, ...]


class Offer(Struct, frozen=True):
    """A service with what is known of its organization."""

    service: Service
    languages: tuple[str, ...] = ()
    """The service's, else the organization's; empty when neither says."""
    areas: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    """Every role that the organization ever had."""
    organization: str = ""
    """The key of the organization."""


class Places(Struct, frozen=True):
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


def read_question(ctx: Context, given: Mapping[str, str], *, areas: Sequence[str]) -> Question:
    """The question that texts write: `age`, `language`, `area`, `at`, `without`. `QuestionInvalid` says all that is
    wrong. An organization in `without` that is not known here is left out all the same."""
    problems = []
    age, language, area, at = (given.get(name, "").strip() for name in ("age", "language", "area", "at"))
    if age and not (age.isascii() and age.isdigit() and len(age) <= 3 and int(age) <= OLDEST):
        problems.append(Problem(msg("An age in years is a number, such as 16."), path="age", code="number"))
    if language and not _TAG.fullmatch(language):
        problems.append(Problem(msg("A language is a tag such as en or fr-CA."), path="language", code="tag"))
    if area and area not in areas:
        problems.append(Problem(msg("There is no such area here."), path="area", code="unknown"))
    moment = read_moment(at, zone=ctx.zone) if at else ctx.now
    if moment is None:
        sentence = msg("This is not a moment such as 2026-11-21T20:30.")
        problems.append(Problem(sentence, path="at", code="moment"))
    left_out = tuple(each.strip() for each in given.get("without", "").split(",") if each.strip())
    if not all(KEY.fullmatch(each) for each in left_out):
        problems.append(Problem(msg("An organization is named by its key."), path="without", code="key"))
    if problems or moment is None:
        raise QuestionInvalid(errors=problems)
    return Question(moment, int(age) if age else None, language, area, left_out)


def read_moment(text: str, *, zone: dt.tzinfo) -> dt.datetime | None:
    """A moment in ISO 8601; the clock of `zone` where it names none. None when it is not one."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = dt.datetime.fromisoformat(f"{text[:16]}{text[16:].replace(' ', '+')}")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def weigh(question: Question, offer: Offer, places: Places) -> tuple[Reason, ...]:
    """What speaks for a service and against it. Pure."""
    asked = [
        _conflict(question, offer, places),
        _age(question, offer) if question.age is not None else None,
        _language(question, offer, places) if question.language else None,
        _area(question, offer, places) if question.area else None,
        _hours(question, offer, places),
        _dates(question, offer, places),
        _role(question, offer, places),
    ]
    return tuple(each for each in asked if each is not None)


def verdict(reasons: Sequence[Reason]) -> Verdict:
    """No when anything speaks against it, perhaps when something is not known, else yes."""
    stands = {each.stands for each in reasons}
    return "no" if "against" in stands else "perhaps" if "unknown" in stands else "yes"


async def who_can_serve(ctx: Context, question: Question) -> list[Match]:
    """Every service for young people or for anybody: those that can serve first, those that cannot last."""
    areas = {each.key: each for each in await partners.areas(ctx)}
    named = areas.get(question.area)
    places = Places(
        zone=ctx.tenant.time_zone,
        within={key: each.within for key, each in areas.items()},
        area_name=named.name if named else question.area,
        language_name=str(language_names(ctx, [question.language])[0]) if question.language else "",
        role_names=partners.role_names(ctx),
        illustrative=ctx.tenant.illustrative,
        vague=frozenset(key for key, each in areas.items() if not each.places_confirmed),
        not_proposed=ctx.settings("partners", PartnersSettings).not_proposed,
    )
    organizations = {
        row.key: read_entry(Organization, row.key, row.content) for row in await ctx.db.all(partners.ORGANIZATIONS)
    }
    roles = partners.by_owner(await ctx.db.all(partners.ROLES_EVER))
    contacts = partners.by_owner(await ctx.db.all(partners.CONTACTS))
    day = question.at.astimezone(ctx.zone).date()
    found = []
    for row in await ctx.db.all(partners.SERVICES_EVER):
        service = read_entry(Service, row.key, row.content)
        if service.audience not in AUDIENCES or row.organization is None:
            continue
        organization = organizations[row.organization]
        offer = Offer(
            service,
            service.languages or organization.languages,
            service.areas or organization.areas,
            tuple(read_entry(Role, each.key, each.content) for each in roles.get(row.organization, ())),
            row.organization,
        )
        reasons = weigh(question, offer, places)
        shown = tuple(show_contact(ctx, each) for each in contacts.get(row.organization, ()))
        name = name_on(organization, day)
        found.append(Match(verdict(reasons), show_service(ctx, row), organization.key, name, reasons, shown))
    return sorted(found, key=lambda each: _order(ctx, each))


def _order(ctx: Context, match: Match) -> tuple[int, tuple[str, str]]:
    name = str(ctx.locale.pick(match.service.name))
    return ("yes", "perhaps", "no").index(match.verdict), ctx.locale.sort_key(name)


def _conflict(question: Question, offer: Offer, places: Places) -> Reason | None:
    """What beats everything else: it is not proposed, however well the rest fits."""
    if offer.organization in question.without:
        return Reason("conflict", "against", msg("Left out, as you asked."))
    area = partners.around(question.area, places.within) if question.area else None
    if exclusion(offer.organization, area, places.not_proposed) is None:
        return None
    sentence = msg("Not proposed here by the region's team, because of a conflict of interest.")
    return Reason("conflict", "against", sentence)


def _age(question: Question, offer: Offer) -> Reason:
    if offer.service.ages is None:
        return Reason("age", "unknown", msg("The ages it serves are not stated."))
    least, most = offer.service.ages
    if question.age is not None and least <= question.age <= most:
        return Reason("age", "for", msg("For ages {least} to {most}.", least=least, most=most))
    sentence = msg("For ages {least} to {most}, not {age}.", least=least, most=most, age=question.age)
    return Reason("age", "against", sentence)


def _language(question: Question, offer: Offer, places: Places) -> Reason:
    if not offer.languages:
        return Reason("language", "unknown", msg("Its languages are not stated."))
    spoken = {tag.partition("-")[0].lower() for tag in offer.languages}
    if question.language.partition("-")[0].lower() in spoken:
        return Reason("language", "for", msg("Offered in this language: {language}.", language=places.language_name))
    sentence = msg("Not offered in this language: {language}.", language=places.language_name)
    return Reason("language", "against", sentence)


def _area(question: Question, offer: Offer, places: Places) -> Reason:
    if offer.service.province_wide:
        return Reason("area", "for", msg("Offered everywhere in the province."))
    if not offer.areas:
        return Reason("area", "unknown", msg("The places it serves are not stated."))
    if not partners.around(question.area, places.within).isdisjoint(offer.areas):
        return Reason("area", "for", msg("Offered there: {area}.", area=places.area_name))
    asked = partners.around(question.area, places.within)
    vague = [each for each in offer.areas if each in places.vague and question.area not in places.vague]
    if any(not asked.isdisjoint(partners.around(each, places.within)) for each in vague):
        sentence = msg("Whether it is offered there is still to be confirmed: {area}.", area=places.area_name)
        return Reason("area", "unknown", sentence)
    if any(question.area in partners.around(each, places.within) for each in offer.areas):
        return Reason("area", "unknown", msg("Offered in a part of this place only: {area}.", area=places.area_name))
    return Reason("area", "against", msg("Not offered there: {area}.", area=places.area_name))


def _hours(question: Question, offer: Offer, places: Places) -> Reason:
    """By the clock of the service's own zone."""
    if hours.round_the_clock(offer.service.hours):
        return Reason("hours", "for", msg("Open day and night."))
    is_open = hours.is_open(offer.service.hours, question.at.astimezone(ZoneInfo(_zone(offer, places))))
    if is_open is None:
        return Reason("hours", "unknown", msg("Its hours are not stated: better to call first."))
    return Reason("hours", "for", msg("Open at that hour.")) if is_open else Reason(
        "hours", "against", msg("Closed at that hour.")
    )  # fmt: skip


def _dates(question: Question, offer: Offer, places: Places) -> Reason | None:
    day = question.at.astimezone(ZoneInfo(places.zone)).date()
    if offer.service.starts is not None and day < offer.service.starts:
        return Reason("dates", "against", msg("Not offered yet: from {day} on.", day=offer.service.starts))
    if offer.service.ends is not None and day >= offer.service.ends:
        return Reason("dates", "against", msg("No longer offered since {day}.", day=offer.service.ends))
    return None


def _role(question: Question, offer: Offer, places: Places) -> Reason:
    if not offer.roles:
        return Reason("role", "unknown", msg("The organization is not recorded as a partner."))
    day = question.at.astimezone(ZoneInfo(places.zone)).date()
    held = [each for each in offer.roles if each.starts <= day and (each.ends is None or each.ends > day)]
    if not held:
        return Reason("role", "against", msg("The organization is not a partner at that date."))
    first = min(held, key=lambda each: each.starts)
    name = places.role_names.get(first.role, first.role)
    if places.illustrative:
        return Reason("role", "for", msg("It does this in the region: {role}.", role=name))
    since = first.starts if first.day_confirmed else str(first.starts.year)
    return Reason("role", "for", msg("A partner since {since}: {role}.", since=since, role=name))


def _zone(offer: Offer, places: Places) -> str:
    return offer.service.time_zone or places.zone
