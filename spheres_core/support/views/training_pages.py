"""Values of the pages of trainings: one's own log, or a colleague's for who coordinates, a new one, one of them."""

import datetime as dt
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import ChangedMeanwhile, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.staff.queries import members
from spheres_core.support.operations.trainings import TrainingInvalid
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.permissions import LOG_WORKSHOPS, READ_TRAININGS
from spheres_core.support.queries import trainings as queries
from spheres_core.support.queries.code_lists import THEMES, options
from spheres_core.support.queries.sessions import member_of
from spheres_core.support.queries.trainings import TrainingFilters
from spheres_core.support.queries.workshops import given_by
from spheres_core.support.schemas.trainings import PARTS, Training, TrainingChanged, TrainingWritten
from spheres_core.support.schemas.workshops import LONGEST_TITLE, MOST_MINUTES
from spheres_core.support.views.form_fields import Filled, field, filled, problem_list
from spheres_core.support.views.marked_places import marked
from spheres_core.support.views.workshop_form import DAY, partners
from spheres_core.support.views.workshop_pages import line as workshop_line

DONE: Final[dict[str, Message]] = {
    "log": msg("The training is in your log."),
    "change": msg("The training is corrected."),
    "remove": msg("The training is no longer in your log."),
}
"""The line above the page after each act."""
MOST_GIVEN: Final = 50


async def list_view(ctx: Context, asked: Post, *, done: str = "") -> dict[str, Any]:
    """Returns the values of `support/trainings.html`. `asked`: what stands in the address."""
    me, staff = member_of(ctx), _whose(asked)
    part = asked["part"] if asked["part"] in PARTS else ""
    filters = TrainingFilters(staff, part, asked["theme"])
    page = await queries.list_trainings(ctx, filters, cursor=asked["cursor"])
    chosen = {"staff": asked["staff"], "part": part, "theme": asked["theme"]}
    narrowed = urlencode({name: value for name, value in chosen.items() if value})
    whose = staff or me
    return {
        "title": ctx.locale.say(msg("Trainings")),
        "own": whose == me,
        "trainings": [_line(ctx, each) for each in page.items],
        "workshops": [workshop_line(ctx, each) for each in await given_by(ctx, whose, most=MOST_GIVEN)],
        "leads": ctx.may(LOG_WORKSHOPS),
        "people": await _colleagues(ctx, me) if ctx.may(READ_TRAININGS) else [],
        "parts_of_list": ctx.locale.options(PARTS),
        "themes": options(ctx, THEMES),
        "chosen": chosen,
        "next_url": f"?{narrowed}{'&' if narrowed else ''}cursor={page.next}" if page.next else "",
        "previous_url": f"?{narrowed}" if asked["cursor"] else "",
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


async def form_view(
    ctx: Context, id: UUID | None = None, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/training.html`: a new one, or one of one's own. Changed on another device
    meanwhile: with both sides."""
    kept = await queries.read_own(ctx, id) if id else None
    fields = await _fields(ctx, filled(ctx, sent, refusal), kept)
    meanwhile = isinstance(refusal, ChangedMeanwhile)
    problems = problem_list(fields)
    return {
        "title": ctx.locale.say(msg("Correct a training") if kept else msg("Add a training")),
        "training": kept,
        "version": 0 if kept is None else kept.version if meanwhile or sent is None else sent.version(),
        "theirs": _facts(ctx, kept) if kept and meanwhile else [],
        "fields_of_form": fields,
        "problems": problems,
        "trouble": ctx.locale.say(refusal.message) if refusal and not problems else None,
        "found": marked(ctx, {"words": sent["words"]}, refusal) if sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
    }


def training_sent(sent: Post) -> TrainingWritten:
    """Returns a training as it was sent. Raises `TrainingInvalid` with `sent.problems` filled."""
    return TrainingWritten(**_values(sent))


def change_sent(sent: Post) -> TrainingChanged:
    """Returns a training as it was corrected. Raises as `training_sent`."""
    return TrainingChanged(version=sent.version(), **_values(sent))


def _values(sent: Post) -> dict[str, Any]:
    part, on = sent.choice("part", PARTS), sent.day("on")
    if not sent["words"].strip():
        sent.problems["words"] = msg("Please answer this.")
    elif len(sent["words"]) > LONGEST_TITLE:
        sent.problems["words"] = msg("This has at most {most} characters.", most=LONGEST_TITLE)
    minutes = sent.whole("minutes", least=1, most=MOST_MINUTES)
    if sent.problems:
        raise TrainingInvalid
    return {
        "part": part, "words": sent["words"], "on": on or dt.date.min, "themes": sent.every("themes"),
        "minutes": minutes, "organization": sent["organization"], "confirmed": sent["_confirmed"] == "yes",
    }  # fmt: skip


async def _fields(ctx: Context, by: Filled, kept: Training | None) -> list[Field]:
    themes = [each.code for each in kept.themes] if kept else []
    return [
        field(ctx, by, "text", "words", msg("Title"), kept.words if kept else "", required=True),
        field(ctx, by, "radio", "part", msg("Did you take it, or give it?"), kept.part if kept else "",
              options=ctx.locale.options(PARTS), required=True),
        field(ctx, by, "text", "on", msg("Day"), f"{kept.on:%Y-%m-%d}" if kept else "", hint=DAY, required=True),
        field(ctx, by, "number", "minutes", msg("Length in minutes"), kept.minutes if kept and kept.minutes else ""),
        field(ctx, by, "checkboxes", "themes", msg("Themes"), themes, options=options(ctx, THEMES, themes)),
        field(ctx, by, "list", "organization", msg("Which partner gave it?"),
              kept.organization_key if kept else "", options=await partners(ctx),
              hint=msg("Nothing chosen: another organization, or the program’s team.")),
    ]  # fmt: skip


async def _colleagues(ctx: Context, me: UUID) -> list[tuple[str, Text]]:
    known = [each for each in await members.list_members(ctx) if each.id != me]
    return [(str(each.id), Text(each.name, ctx.locale.language)) for each in known]


def _whose(asked: Post) -> UUID | None:
    """Returns whose log is asked for; of nobody who could be read where the address is not an id."""
    try:
        return UUID(asked["staff"]) if asked["staff"] else None
    except ValueError:
        raise queries.TrainingUnknown from None


def _line(ctx: Context, each: Training) -> dict[str, Any]:
    length = (
        ctx.locale.say(msg("Length: {number} minutes", number=ctx.locale.number(each.minutes))) if each.minutes else ""
    )
    return {
        "id": each.id,
        "words": each.words,
        "part": ctx.locale.say(PARTS[each.part]),
        "on": each.on,
        "length": length,
        "organization": each.organization,
        "themes": each.themes,
    }


def _facts(ctx: Context, kept: Training) -> list[dict[str, Any]]:
    given = [
        (msg("Title"), kept.words), (msg("Taken or given"), ctx.locale.say(PARTS[kept.part])),
        (msg("Day"), ctx.locale.date(kept.on)), (msg("Themes"), ", ".join(each.label for each in kept.themes)),
        (msg("Organization"), kept.organization),
    ]  # fmt: skip
    return [{"label": ctx.locale.say(label), "value": value} for label, value in given if value]
