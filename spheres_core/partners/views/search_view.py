"""The page that searches services: the request as it was asked, and each service with its reasons."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field, Option
from spheres_core.partners.dated_names import stored_name_on
from spheres_core.partners.entry_display import language_names
from spheres_core.partners.queries import directory_rows, matching, partners
from spheres_core.partners.queries.matching import HelpRequestInvalid, Match
from spheres_core.partners.schemas.directory import Area
from spheres_core.partners.schemas.display import ShownContact
from spheres_core.partners.service_matching import HelpRequest
from spheres_core.partners.settings import PartnersSettings
from spheres_core.partners.views.contact_ways import contact_ways
from spheres_core.partners.views.opening_hours_text import opening_text

TITLE = msg("Who can help, where and when")
EVENING = dt.time(20)
MORNING = dt.time(10)
MOMENTS: tuple[tuple[str, Message], ...] = (
    ("now", msg("Now")),
    ("tonight", msg("This evening at 8 p.m.")),
    ("tomorrow", msg("Tomorrow at 10 a.m.")),
    ("other", msg("At another moment")),
)
VERDICTS: tuple[tuple[str, Message, Message], ...] = (
    ("yes", msg("Can help"), msg("Everything that you asked for is known to fit.")),
    ("perhaps", msg("May be able to help"), msg("Nothing speaks against it, but something is not known. Ask first.")),
    ("no", msg("Cannot help with this"), msg("As the directory knows it today.")),
)

LONGEST_SHOWN = 40
"""Characters of what was typed into a line that are shown again."""

Page = dict[str, Any]


async def blank_page(ctx: Context) -> Page:
    """Returns what `partners/find.html` names, with nothing asked yet."""
    return await _page(ctx, {}, [])


async def results_page(ctx: Context, given: Mapping[str, str]) -> tuple[int, Page]:
    """Returns the status and the page: with the services, or with what needs another look."""
    areas = [each.key for each in await partners.areas(ctx)]
    moment = _moment(ctx, given)
    try:
        question = matching.parse_help_request(ctx, {**given, "at": moment}, areas=areas)
    except HelpRequestInvalid as invalid:
        return 422, await _page(ctx, given, invalid.errors)
    found = await matching.find_services(ctx, question)
    return 200, await _page(ctx, given, []) | {"answer": _answer(ctx, question, found)}


def _moment(ctx: Context, given: Mapping[str, str]) -> str:
    """Returns the moment that was chosen, as text; empty for now."""
    local = ctx.now.astimezone(ctx.zone)
    when = given.get("when", "now")
    if when == "tonight":
        evening = dt.datetime.combine(local.date(), EVENING, ctx.zone)
        return max(local, evening).isoformat(timespec="minutes")
    if when == "tomorrow":
        return dt.datetime.combine(local.date() + dt.timedelta(days=1), MORNING, ctx.zone).isoformat(timespec="minutes")
    if when == "other":
        return f"{given.get('day', '').strip()}T{given.get('time', '').strip()}"
    return ""


async def _page(ctx: Context, given: Mapping[str, str], problems: Sequence[Problem]) -> Page:
    said = {problem.path: ctx.locale.say(problem.message) for problem in problems}
    areas = await partners.areas(ctx)
    return {
        "title": ctx.locale.say(TITLE),
        "age": _line(ctx, "age", msg("Age"), given, said.get("age"), inputmode="numeric"),
        "language": _list(ctx, "language", msg("Language"), await _languages(ctx), given, said.get("language")),
        "area": _list(ctx, "area", msg("Place"), _places(ctx, areas), given, said.get("area")),
        "without": await _whom_to_leave_out(ctx, given),
        "when": _choices(ctx, given),
        "day": _line(ctx, "day", msg("Day, such as 2026-11-21"), given, said.get("at")),
        "time": _line(ctx, "time", msg("Time, such as 20:30"), given, None),
        "answer": None,
    }


def _line(
    ctx: Context, name: str, label: Message, given: Mapping[str, str], problem: Text | None, *, inputmode: str = ""
) -> Field:
    return Field(
        name, f"find-{name}", ctx.locale.say(label),
        input="number", inputmode=inputmode, value=given.get(name, "")[:LONGEST_SHOWN], problem=problem,
    )  # fmt: skip


def _list(
    ctx: Context,
    name: str,
    label: Message,
    options: Sequence[tuple[str, Text]],
    given: Mapping[str, str],
    problem: Text | None = None,
) -> Field:
    return Field(
        name, f"find-{name}", ctx.locale.say(label),
        input="list", options=_options(options, [given.get(name, "")]), problem=problem,
    )  # fmt: skip


def _options(options: Sequence[tuple[str, Text]], chosen: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(value, text, value in chosen, True) for value, text in options)


def _choices(ctx: Context, given: Mapping[str, str]) -> Field:
    options = _options([(key, ctx.locale.say(text)) for key, text in MOMENTS], [given.get("when", "now")])
    return Field("when", "find-when", ctx.locale.say(msg("When")), input="radio", options=options, required=True)


async def _whom_to_leave_out(ctx: Context, given: Mapping[str, str]) -> Field | None:
    """Returns the organizations of the directory, where the tenant wants this asked."""
    if not ctx.settings("partners", PartnersSettings).asks_whom_to_leave_out:
        return None
    stored = await ctx.db.all(directory_rows.ORGANIZATIONS)
    rows = {row.key: ctx.locale.pick(stored_name_on(row.content, ctx.today)) for row in stored}
    options = sorted(rows.items(), key=lambda each: ctx.locale.sort_key(each[1]))
    return Field(
        "without", "find-without", ctx.locale.say(msg("Leave out")),
        input="checkboxes", options=_options(options, given.get("without", "").split(",")),
        hint=ctx.locale.say("For example, because someone there is family or close to the matter."),
    )  # fmt: skip


async def _languages(ctx: Context) -> list[tuple[str, Text]]:
    """Returns the tenant's languages, then those that its partners and services name."""
    said = [each.content for each in await ctx.db.all(directory_rows.ORGANIZATIONS)]
    said += [each.content for each in await ctx.db.all(directory_rows.SERVICES_EVER)]
    tags = [*ctx.tenant.languages, *(tag for content in said for tag in content.get("languages", ()))]
    shorts = list(dict.fromkeys(tag.partition("-")[0] for tag in tags))
    return list(zip(shorts, language_names(ctx, shorts), strict=True))


def _places(ctx: Context, areas: Sequence[Area]) -> list[tuple[str, Text]]:
    return [(each.key, ctx.locale.pick(each.name)) for each in areas]


def _answer(ctx: Context, question: HelpRequest, found: Sequence[Match]) -> Page:
    groups = [
        {
            "key": verdict,
            "title": ctx.locale.say(title),
            "text": ctx.locale.say(text),
            "services": [_service(ctx, each) for each in found if each.verdict == verdict],
        }
        for verdict, title, text in VERDICTS
    ]
    return {"at": question.at, "groups": [each for each in groups if each["services"]]}


def _service(ctx: Context, match: Match) -> Page:
    shown = match.service
    return {
        "name": ctx.locale.pick(shown.name),
        "organization": ctx.locale.pick(match.organization_name),
        "text": ctx.locale.pick(shown.about) or None,
        "reasons": [{"stands": each.stands, "text": ctx.locale.say(each.text)} for each in match.reasons],
        "hours": opening_text(ctx, shown.hours, shown.time_zone),
        "contacts": contact_ways(ctx, (each for each in match.contacts if _may_be_called(match, each))),
        "verified_on": shown.verified_on,
        "stale": shown.stale,
        "unconfirmed": shown.status == "to_confirm",
    }


def _may_be_called(match: Match, contact: ShownContact) -> bool:
    """Returns whether somebody may be led there: not where a conflict of interest speaks against it."""
    return contact.kind != "address" and not any(each.aspect == "conflict" for each in match.reasons)
