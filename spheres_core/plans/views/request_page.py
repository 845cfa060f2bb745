"""Shows services that were asked for on pages: to the team by her file, to a partner's liaison by her organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.schemas import CLASSES, TEAM
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import DayLine, SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.queries.said_before import said_before
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.extra_questions import ExtraShown, extra_asked, extra_in_words
from spheres_core.partners.queries import partners
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.partners.queries.matching import Match
from spheres_core.plans.operations.requests import KIND, SHARED
from spheres_core.plans.queries import requests as queries
from spheres_core.plans.queries.needs import list_needs
from spheres_core.plans.queries.services import services_for, weighed_services
from spheres_core.plans.request_states import ENDED, OUTCOMES, STATES, WITH_OUTCOME
from spheres_core.plans.schemas.requests import DeclineReason, PartnerRequest, RequestState, ServiceRequest
from spheres_core.plans.views.form_fields import FormField, label_of, labels, refused, unanswered

ANSWERED: Final = ("to", "reason", "outcome", "words")
"""Fields of the form by which a request is answered."""
REASONS: Final[Mapping[DeclineReason, Message]] = {
    "full": msg("No place now"),
    "age": msg("Not at her age"),
    "language": msg("Not in her language"),
    "area": msg("Not where she is"),
    "hours": msg("Not at hours that suit her"),
    "not_offered": msg("Not offered"),
    "other": msg("Another reason"),
}


class RequestShown(Struct, frozen=True):
    """A request on a page."""

    id: UUID
    version: int
    service: Text | str
    organization: Text | str
    state: Text
    facts: list[tuple[Text, Text | str]]
    steps: list[tuple[str, Text]]
    """Where it may go from here; none where it has ended."""
    may_decline: bool
    may_end: bool
    participant: str
    """The code of her file where the reader may open it from here; empty otherwise."""
    extra: list[ExtraShown]


async def requests_page(
    ctx: Context, access: ParticipantAccess, *, may_write: bool, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `plans/requests.html` shows."""
    found = await queries.list_requests(ctx, access)
    ours = access.decided.recipient == TEAM
    gaps = (await queries.list_gaps(ctx, access)).items if ours else []
    services = {each.service.key: each for each in await services_for(ctx, age=None, language="", area="")}
    needs = listed(ctx, "needs")
    return (
        {
            "title": ctx.locale.say(msg("Services asked for")),
            "requests": [await _of_team(ctx, each, services) for each in found.items],
            "gaps": [(label_of(ctx, needs, each.need), each.note, ctx.locale.date(each.on)) for each in gaps],
            "may_write": may_write and ours,
        }
        | _refused(ctx, refusal)
        | answer_options(ctx)
    )


async def asked_page(ctx: Context, *, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `plans/asked.html` shows: what the reader's organization is asked for."""
    found = await queries.list_for_organization(ctx)
    services = {each.service.key: each for each in await services_for(ctx, age=None, language="", area="")}
    return (
        {
            "title": ctx.locale.say(msg("Requests to your organization")),
            "requests": [await _of_partner(ctx, each, services) for each in found.items],
        }
        | _refused(ctx, refusal)
        | answer_options(ctx)
    )


async def for_link(ctx: Context, found: PartnerRequest, *, refusal: Refusal | None) -> dict[str, Any]:
    """Returns one request as whoever has a link to it sees it: without the way to anything else."""
    services = {each.service.key: each for each in await services_for(ctx, age=None, language="", area="")}
    return {"request": await _of_partner(ctx, found, services)} | _refused(ctx, refusal)


async def request_form(
    ctx: Context,
    access: ParticipantAccess,
    asked: Mapping[str, str],
    *,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `plans/request.html` shows: services weighed against what is asked, and the form to ask for one.

    `asked`: her age, a language and an area, as they stand in the address. Raises `HelpRequestInvalid`.
    """
    if sent is None and not any(asked.values()):
        before = await said_before(ctx, access)
        asked = {
            "age": "" if before.age is None else str(before.age), "language": before.language,
            "area": before.community if before.community in {each.key for each in await partners.areas(ctx)} else "",
        }  # fmt: skip
    age = asked.get("age", "")
    needs = await _open_needs(ctx, access)
    known = in_use(listed(ctx, "needs"))
    hers_first = {code: known[code] for code in (*needs, *known) if code in known}
    weighed = await weighed_services(
        ctx, age=int(age) if age.isdecimal() and len(age) < 4 else None, language=asked.get("language", ""),
        area=asked.get("area", ""),
    )  # fmt: skip
    shareable = {
        each.information
        for each in access.decided.entries
        if each.purpose == "service" and each.recipient != TEAM and each.information in SHARED
    }
    areas = [(each.key, ctx.locale.pick(each.name)) for each in await partners.areas(ctx)]
    tongues = [(tag, ctx.locale.language_name(tag)) for tag in ctx.tenant.languages]
    unsaid = ("", ctx.locale.say(msg("Not said")))
    about = [
        FormField("line", "age", ctx.locale.say(msg("Her age")), age),
        FormField("choose", "language", ctx.locale.say(msg("Language")), asked.get("language", ""),
                  options=[unsaid, *tongues]),
        FormField("choose", "area", ctx.locale.say(msg("Where she is")), asked.get("area", ""),
                  options=[unsaid, *areas]),
    ]  # fmt: skip
    fields = [
        FormField("pick", "service", ctx.locale.say(msg("Which service")), options=[
            (each.service.key, _weighed(ctx, each)) for each in weighed.matches
        ]),
        FormField("choose", "need", ctx.locale.say(msg("For which need")), needs[0] if len(needs) == 1 else "",
                  options=[unsaid, *labels(ctx, hers_first)]),
        FormField("area", "what", ctx.locale.say(msg("What you ask for, in words for the partner"))),
        *([FormField("ticks", "shares", ctx.locale.say(msg("What the partner may read besides, once it accepts")), (),
                     options=[(name, ctx.locale.say(CLASSES[name])) for name in CLASSES if name in shareable])]
          if shareable else []),
        FormField("area", "exception", ctx.locale.say(msg("Why you ask for it although it does not fit")),
                  hint=ctx.locale.say(msg("Only where something speaks against it. The partner does not see this."))),
    ]  # fmt: skip
    return {
        "title": ctx.locale.say(msg("Ask for a service")),
        "about": about,
        "fields": fields,
        "unanswered": unanswered(ctx, weighed.missing, "assess_services"),
        "extra": extra_asked(ctx, access, KIND, on=ctx.today, sent=sent, refusal=refusal),
    } | refused(ctx, sent, refusal, [*about, *fields])


async def _open_needs(ctx: Context, access: ParticipantAccess) -> list[str]:
    """Returns codes of her needs that are not met, as far as the reader may read them."""
    if not reaches(ctx, access, "needs_and_plan"):
        return []
    return list(dict.fromkeys(each.need for each in (await list_needs(ctx, access)).items if each.state == "open"))


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns requests that have not ended, for the overview of her file."""
    open_ones = [each for each in (await queries.list_requests(ctx, access)).items if each.state not in ENDED]
    services = {each.service.key: each for each in await services_for(ctx, age=None, language="", area="")}
    return [
        SummaryLine(
            ctx.locale.say(
                msg("{service}: {state}", service=_name(ctx, each.service, services), state=STATES[each.state])
            )
        )
        for each in open_ones[:5]
    ]


async def unanswered_lines(ctx: Context, rows: Sequence[Any]) -> list[DayLine]:
    """Returns requests of those whom a worker follows that no partner has answered yet, for her day."""
    found = await queries.show_unanswered(ctx, rows)
    if not found:
        return []
    services = {each.service.key: each for each in await services_for(ctx, age=None, language="", area="")}
    return [DayLine(code, str(_name(ctx, service, services)), "service_requests", on=on) for code, service, on in found]


def answer_options(ctx: Context) -> dict[str, Any]:
    """Returns the options of the form by which a request is answered."""
    return {"reasons": ctx.locale.options(REASONS), "outcomes": ctx.locale.options(OUTCOMES)}


async def _of_team(ctx: Context, each: ServiceRequest, services: Mapping[str, Match]) -> RequestShown:
    waits = each.state == "waitlisted" and each.bypasses_waiting_list
    said: list[tuple[Message, Text | str]] = [
        (msg("Asked for:"), each.what),
        (msg("Answer:"), each.answer),
        (msg("Reason:"), ctx.locale.say(REASONS[each.reason]) if each.reason else ""),
        (msg("What came of it:"), ctx.locale.say(OUTCOMES[each.outcome]) if each.outcome else ""),
        (msg("Although it does not fit:"), each.exception),
        (msg("Agreement:"), ctx.locale.say(msg("Participants do not wait for this service.")) if waits else ""),
    ]
    return await _shown(ctx, each, services, said, each.organization, "")


async def _of_partner(ctx: Context, each: PartnerRequest, services: Mapping[str, Match]) -> RequestShown:
    need = label_of(ctx, listed(ctx, "needs"), each.need) if each.need else ""
    language = ctx.locale.language_name(each.language) if each.language else ""
    said: list[tuple[Message, Text | str]] = [
        (msg("Need:"), need),
        (msg("Asked for:"), each.what),
        (msg("Age:"), "" if each.age is None else str(each.age)),
        (msg("Language:"), language),
        (msg("Your answer:"), each.answer),
        (msg("Agreement:"), ctx.locale.say(msg("Participants do not wait for this service."))
         if each.bypasses_waiting_list else ""),
    ]  # fmt: skip
    return await _shown(ctx, each, services, said, "", each.participant or "")


async def _shown(
    ctx: Context, each: ServiceRequest | PartnerRequest, services: Mapping[str, Match],
    said: list[tuple[Message, Text | str]], organization: str, participant: str,
) -> RequestShown:  # fmt: skip
    steps: tuple[RequestState, ...] = each.steps
    match = services.get(each.service)
    return RequestShown(
        each.id, each.version, _name(ctx, each.service, services),
        ctx.locale.pick(match.organization_name) if match and organization else organization,
        ctx.locale.say(STATES[each.state]), [(ctx.locale.say(label), words) for label, words in said if words],
        [(step, ctx.locale.say(STATES[step])) for step in steps], "declined" in steps,
        not WITH_OUTCOME.isdisjoint(steps), participant, await extra_in_words(ctx, KIND, each.extra),
    )  # fmt: skip


def _name(ctx: Context, key: str, services: Mapping[str, Match]) -> Text | str:
    return ctx.locale.pick(services[key].service.name) if key in services else key


def _weighed(ctx: Context, match: Match) -> Text:
    against = " ".join(ctx.locale.say(each.text) for each in match.reasons if each.stands != "for")
    names = {"service": ctx.locale.pick(match.service.name), "organization": ctx.locale.pick(match.organization_name)}
    if not against:
        return ctx.locale.say(msg("{service} ({organization})", **names))
    return ctx.locale.say(msg("{service} ({organization}): {reasons}", **names, reasons=against))


def _refused(ctx: Context, refusal: Refusal | None) -> dict[str, Any]:
    """Returns what stands against an answer: each problem at its field, all else above."""
    errors = refusal.errors if refusal else ()
    problems = {each.path: each.message for each in errors if each.path in ANSWERED}
    above = refusal is not None and len(problems) < len(errors or (None,))
    trouble = refusal.message if refusal and above else msg("Some answers need another look.") if problems else None
    return {"problems": problems, "trouble": ctx.locale.say(trouble) if trouble else None}
