"""Values of the pages of incidents: the list, a new one, one of them."""

from typing import Any, Final
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.privacy.operations.incidents import DAYS, IncidentInvalid
from spheres_core.privacy.queries import incidents as queries
from spheres_core.privacy.schemas.incidents import (
    KINDS,
    LONGEST,
    LONGEST_OFFICE,
    MOST_PERSONS,
    RISKS,
    STATES,
    IncidentChanged,
    IncidentLine,
    IncidentOpened,
    IncidentPosted,
)
from spheres_core.privacy.settings import Settings
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.views.form_fields import Filled, field, filled, problem_list
from spheres_core.support.views.marked_places import marked

TONES: Final = {"open": "active", "closed": "done"}
INVESTIGATED: Final = {"tone": "waiting"}
UNDER_INVESTIGATION: Final = msg("Under investigation")
DONE: Final[dict[str, Message]] = {
    "recorded": msg("The incident is in the register."),
    "change": msg("The incident is written anew."),
    "close": msg("The incident is closed."),
}
"""The line above the page after each act."""
DAY: Final = msg("Such as 2026-03-31")
TEXTS: Final = ("happened", "done", "risk_reason", "investigated_by")


async def list_view(ctx: Context, *, cursor: str = "", done: str = "") -> dict[str, Any]:
    """Returns the values of `privacy/incidents.html`."""
    page = await page_of(
        ctx, "incidents", cursor, lambda before, limit: queries.list_incidents(ctx, before=before, limit=limit)
    )
    return {
        "title": ctx.locale.say(msg("Register of incidents")),
        "incidents": [_line(ctx, each) for each in page.items],
        "next_cursor": page.next,
        "is_first": not cursor,
        "years": ctx.settings("privacy", Settings).incident_years,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


async def new_view(ctx: Context, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns the values of `privacy/incident_new.html`."""
    fields = _fields(ctx, filled(ctx, sent, refusal))
    title = ctx.locale.say(msg("Write an incident down"))
    return {"title": title, "fields_of_form": fields} | _refused(ctx, sent, refusal, fields)


async def incident_view(
    ctx: Context, id: UUID, *, done: str = "", sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `privacy/incident.html`; with a refusal what was typed and why it was not kept."""
    found = await queries.read_incident(ctx, id)
    is_open = found.line.state == "open"
    changing = sent if sent is not None and sent["act"] == "change" else None
    fields = _fields(ctx, filled(ctx, changing, refusal if changing else None), found) if is_open else []
    return {
        "title": ctx.locale.say(KINDS[found.line.kind]),
        "incident": _line(ctx, found.line),
        "opened": found,
        "fields_of_form": fields,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    } | _refused(ctx, sent, refusal, fields)


def incident_posted(sent: Post) -> IncidentPosted:
    """Returns an incident as it was typed. Raises `IncidentInvalid` with `sent.problems` filled."""
    return IncidentPosted(**_typed(sent))


def incident_changed(sent: Post) -> IncidentChanged:
    """Returns an incident as it was typed anew. Raises as `incident_posted`."""
    return IncidentChanged(version=sent.version(), **_typed(sent))


def _typed(sent: Post) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": sent.choice("kind", KINDS), "risk": sent.choice("risk", RISKS)}
    values |= {name: sent.day(name, required=name == "found_on") for name in DAYS}
    values["persons"] = sent.whole("persons", most=MOST_PERSONS)
    for name in TEXTS:
        values[name] = sent[name]
        most = LONGEST_OFFICE if name == "investigated_by" else LONGEST
        if len(sent[name]) > most:
            sent.problems[name] = msg("This has at most {most} characters.", most=most)
    if not sent["happened"].strip():
        sent.problems["happened"] = msg("Say what happened.")
    if sent.problems:
        raise IncidentInvalid
    return values | {"confirmed": sent["_confirmed"] == "yes"}


def _fields(ctx: Context, by: Filled, found: IncidentOpened | None = None) -> list[Field]:
    line = found.line if found else None

    def day(name: str) -> str:
        on = getattr(line, name, None)
        return f"{on:%Y-%m-%d}" if on else ""

    def text(name: str) -> str:
        return str(getattr(found, name, ""))

    persons = "" if line is None or line.persons is None else str(line.persons)
    return [
        field(ctx, by, "radio", "kind", msg("What kind of incident?"), line.kind if line else "",
              options=ctx.locale.options(KINDS), required=True),
        field(ctx, by, "text", "found_on", msg("Day on which it was found"), day("found_on"), hint=DAY, required=True),
        field(ctx, by, "text", "happened_on", msg("Day on which it happened, where that is known"),
              day("happened_on"), hint=DAY),
        field(ctx, by, "textarea", "happened", msg("What happened, and to which information"), text("happened"),
              required=True, hint=msg("In general words, such as “a telephone with messages”. No name and no code.")),
        field(ctx, by, "text", "persons", msg("About how many persons is it?"), persons,
              hint=msg("A number; nothing while nobody knows. Never who.")),
        field(ctx, by, "textarea", "done", msg("What was done about it"), text("done")),
        field(ctx, by, "radio", "risk", msg("Is there a risk of serious injury?"), line.risk if line else "not_yet",
              options=ctx.locale.options(RISKS), required=True),
        field(ctx, by, "textarea", "risk_reason", msg("Why it is judged so"), text("risk_reason"),
              hint=msg("A person judges this; nothing is worked out here.")),
        field(ctx, by, "text", "commission_told_on", msg("Day on which the commission was told"),
              day("commission_told_on"), hint=msg("Such as 2026-03-31. Nothing is sent from here.")),
        field(ctx, by, "text", "persons_told_on", msg("Day on which the persons were told"), day("persons_told_on"),
              hint=msg("Only by a way that is safe for each of them: a letter to her home can expose her. Nothing is"
                       " sent from here.")),
        field(ctx, by, "text", "investigated_by",
              msg("Under investigation: which office said that telling the persons would hamper it?"),
              text("investigated_by"), hint=msg("An office, never a person’s name. Nothing where there is none.")),
        field(ctx, by, "text", "investigated_since", msg("Day since which it is investigated"),
              day("investigated_since"), hint=DAY),
        field(ctx, by, "text", "investigated_until", msg("Day on which the investigation ended"),
              day("investigated_until"), hint=msg("Such as 2026-03-31. Nothing while it goes on.")),
    ]  # fmt: skip


def _refused(ctx: Context, sent: Post | None, refusal: Refusal | None, fields: list[Field]) -> dict[str, Any]:
    problems = problem_list(fields)
    return {
        "problems": problems,
        "trouble": ctx.locale.say(refusal.message) if refusal and not problems else None,
        "found": marked(ctx, {name: sent[name] for name in TEXTS}, refusal) if sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
    }


def _line(ctx: Context, line: IncidentLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "state": {"tone": TONES[line.state], "label": ctx.locale.say(STATES[line.state])},
        "kind": ctx.locale.say(KINDS[line.kind]),
        "risk": ctx.locale.say(RISKS[line.risk]),
        "persons": line.persons,
        "found_on": line.found_on,
        "happened_on": line.happened_on,
        "commission_told_on": line.commission_told_on,
        "persons_told_on": line.persons_told_on,
        "version": line.version,
        "investigated": INVESTIGATED | {"label": ctx.locale.say(UNDER_INVESTIGATION)} if line.is_investigated else None,
        "investigated_since": line.investigated_since,
        "investigated_until": line.investigated_until,
    }
