"""Values of the pages of workshops: the log, a new one, one of them, its correction, figures."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import ChangedMeanwhile, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.operations.workshop_figures import read_figures
from spheres_core.support.permissions import COUNT_WORKSHOPS
from spheres_core.support.queries import workshops as queries
from spheres_core.support.queries.code_lists import KINDS, THEMES, options, read_code
from spheres_core.support.queries.workshops import WorkshopFilters
from spheres_core.support.schemas.workshops import (
    AUDIENCE,
    SETTINGS,
    WORKSHOP_STATES,
    WorkshopLine,
    WorkshopOpened,
    WorkshopPeriod,
)
from spheres_core.support.views.form_fields import filled, problem_list
from spheres_core.support.views.marked_places import marked
from spheres_core.support.views.workshop_form import audience_field, every_field, workshop_fields

TONES: Final = {"planned": "active", "held": "done", "cancelled": "ended"}
DONE: Final[dict[str, Message]] = {
    "log": msg("The workshop is in the log."),
    "hold": msg("It is noted that it took place."),
    "cancel": msg("The workshop is called off."),
    "change": msg("The workshop is corrected."),
}
"""The line above the page after each act."""


def filters_of(asked: Post) -> WorkshopFilters:
    """Returns the filters as they stand in the address; a day that cannot be read becomes a problem."""
    since, until = (asked.day(name, required=False) for name in ("since", "until"))
    state = asked["state"] if asked["state"] in WORKSHOP_STATES else ""
    return WorkshopFilters(state, asked["kind"], asked["theme"], since, until)


async def list_view(ctx: Context, asked: Post, *, done: str = "") -> dict[str, Any]:
    """Returns the values of `support/workshops.html`. `asked`: what stands in the address."""
    filters = filters_of(asked)
    page = await queries.list_workshops(ctx, filters, cursor=asked["cursor"])
    chosen = {name: asked[name] for name in ("state", "kind", "theme", "since", "until")}
    narrowed = urlencode({name: value for name, value in chosen.items() if value and name not in asked.problems})
    return {
        "title": ctx.locale.say(msg("Workshops")),
        "workshops": [line(ctx, each) for each in page.items],
        "states": ctx.locale.options(WORKSHOP_STATES),
        "kinds": options(ctx, KINDS),
        "themes": options(ctx, THEMES),
        "chosen": chosen,
        "narrowed": narrowed,
        "trouble": next((ctx.locale.say(each) for each in asked.problems.values()), None),
        "counts": ctx.may(COUNT_WORKSHOPS),
        "next_url": f"?{narrowed}{'&' if narrowed else ''}cursor={page.next}" if page.next else "",
        "previous_url": f"?{narrowed}" if asked["cursor"] else "",
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


async def new_view(ctx: Context, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns the values of `support/workshop_new.html`."""
    fields = await workshop_fields(ctx, filled(ctx, sent, refusal))
    title = ctx.locale.say(msg("Add a workshop"))
    return {"title": title, "fields_of_form": fields} | _refused(ctx, sent, refusal, fields)


async def workshop_view(
    ctx: Context, id: UUID, *, done: str = "", sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/workshop.html`; with a refusal what was typed and why it was not kept."""
    found = await queries.read_workshop(ctx, id)
    workshop = line(ctx, found.workshop)
    by = filled(ctx, sent, refusal)
    fields = [audience_field(ctx, by)] if "hold" in found.steps else []
    return {
        "title": workshop["title"],
        "workshop": workshop,
        "opened": found,
        "facts": _facts(ctx, found),
        "audience": [(ctx.locale.say(title), ctx.locale.number(found.audience[group]))
                     for group, title in AUDIENCE.items() if group in found.audience],
        "fields_of_form": fields,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    } | _refused(ctx, sent, refusal, fields)  # fmt: skip


async def change_view(
    ctx: Context, id: UUID, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/workshop_change.html`. Written by somebody else meanwhile: with both sides."""
    row = await queries.find_workshop(ctx, id)
    if "change" not in queries.STEPS[row.state]:
        raise queries.WorkshopUnknown
    found = await queries.read_workshop(ctx, id)
    fields = await workshop_fields(
        ctx, filled(ctx, sent, refusal), queries.as_written(ctx, row), planned=row.state == "planned"
    )
    meanwhile = isinstance(refusal, ChangedMeanwhile)
    return {
        "title": ctx.locale.say(msg("Correct the workshop")),
        "workshop": line(ctx, found.workshop),
        "version": row.version if meanwhile or sent is None else sent.version(),
        "theirs": _facts(ctx, found) if meanwhile else [],
        "fields_of_form": fields,
    } | _refused(ctx, sent, refusal, fields)


async def figures_view(ctx: Context) -> dict[str, Any]:
    """Returns the values of `support/workshop_figures.html`."""
    found = await read_figures(ctx)
    return {
        "title": ctx.locale.say(msg("Figures of workshops")),
        "periods": [period_shown(ctx, each) for each in found.periods],
    }


def line(ctx: Context, each: WorkshopLine) -> dict[str, Any]:
    """Returns what a list says of a workshop."""
    language = ctx.plugins.languages[each.title_language] if each.title_language else ctx.locale.language
    return {
        "id": each.id,
        "state": {"tone": TONES[each.state], "label": ctx.locale.say(WORKSHOP_STATES[each.state])},
        "title": Text(each.title, language),
        "kind": each.kind,
        "setting": ctx.locale.say(SETTINGS[each.setting]),
        "on": each.on,
        "organization": each.organization,
        "version": each.version,
    }


def _facts(ctx: Context, found: WorkshopOpened) -> list[dict[str, Any]]:
    say, shown = ctx.locale.say, found.workshop
    tongue = ctx.plugins.languages[shown.language]
    length = str(ctx.locale.number(shown.minutes)) if shown.minutes else ""
    given: list[tuple[Message, Any]] = [
        (msg("Kind of workshop"), shown.kind.label),
        (msg("Day"), ctx.locale.date(shown.on)),
        (msg("Kind of place"), say(SETTINGS[shown.setting])),
        (msg("Themes"), ", ".join(each.label for each in shown.themes)),
        (msg("Language"), Text(tongue.autonym, tongue)),
        (msg("Length in minutes"), length),
        (msg("Given by"), ", ".join([shown.organization or str(say(msg("The program’s team"))), *found.people])),
    ]
    return [{"label": say(label), "value": value} for label, value in given if value]


def period_shown(ctx: Context, each: WorkshopPeriod) -> dict[str, Any]:
    """Returns figures of a quarter as pages show them."""
    say, number = ctx.locale.say, ctx.locale.number
    first, last = ctx.locale.date(each.first_day), ctx.locale.date(each.last_day)
    groups: dict[str, Message] = {str(group): title for group, title in AUDIENCE.items()}
    return {
        "title": say(msg("From {first} to {last}", first=first, last=last)),
        "held": [(read_code(ctx, KINDS, count.code).label, number(count.number)) for count in each.held],
        "reached": [
            (say(groups[count.code]) if count.code in groups else count.code, number(count.number))
            for count in each.reached
        ],
        "rest": say(msg("A group that is not shown: nobody, or fewer than {smallest} people.", smallest=each.smallest)),
    }


def _refused(ctx: Context, sent: Post | None, refusal: Refusal | None, fields: list[Field]) -> dict[str, Any]:
    problems = problem_list(every_field(fields))
    return {
        "problems": problems,
        "trouble": ctx.locale.say(refusal.message) if refusal and not problems else None,
        "found": marked(ctx, {name: sent[name] for name in ("words", "notes")}, refusal) if sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
    }
