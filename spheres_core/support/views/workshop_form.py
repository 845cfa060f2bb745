"""The form of a workshop: its fields, and what was sent in them. Who was there is asked in numbers only."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import structs

from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.queries import members
from spheres_core.support.operations.workshops import WorkshopInvalid
from spheres_core.support.queries.code_lists import KINDS, THEMES, TITLES, options
from spheres_core.support.schemas.workshops import (
    AUDIENCE,
    LONGEST_NOTES,
    LONGEST_TITLE,
    MOST_MINUTES,
    MOST_PEOPLE,
    SETTINGS,
    Audience,
    WorkshopChanged,
    WorkshopHeld,
    WorkshopWritten,
)
from spheres_core.support.views.form_fields import Filled, field

DAY: Final = msg("Such as 2026-03-31")
AUDIENCE_HINT: Final = msg("How many people, as well as you know. No list of names is needed, and none belongs here.")


async def workshop_fields(
    ctx: Context, by: Filled, kept: WorkshopWritten | None = None, *, planned: bool = False
) -> list[Field]:
    """Returns the fields of a workshop: with what stands in `kept`. `planned`: no audience is asked."""
    themes = kept.themes if kept else []
    fields = [
        field(ctx, by, "radio", "kind", msg("What is it?"), kept.kind if kept else "",
              options=options(ctx, KINDS, [kept.kind] if kept else ()), required=True),
        *_titles(ctx, by, kept),
        field(ctx, by, "text", "on", msg("Day"), f"{kept.on:%Y-%m-%d}" if kept else "", hint=DAY, required=True),
        field(ctx, by, "radio", "setting", msg("In what kind of place?"), kept.setting if kept else "",
              options=ctx.locale.options(SETTINGS), required=True,
              hint=msg("The kind only: no school and no group is named here.")),
        field(ctx, by, "checkboxes", "themes", msg("Themes"), themes, options=options(ctx, THEMES, themes)),
        _languages(ctx, by, kept),
        field(ctx, by, "number", "minutes", msg("Length in minutes"), kept.minutes if kept and kept.minutes else ""),
        field(ctx, by, "list", "organization", msg("Which partner gives it?"), kept.organization if kept else "",
              options=await partners(ctx), hint=msg("Nothing chosen: the program’s team.")),
        field(ctx, by, "checkboxes", "given_by", msg("Who of the staff gives it?"),
              [str(each) for each in kept.given_by] if kept else [str(ctx.actor.id)], options=await _people(ctx, kept)),
        field(ctx, by, "textarea", "notes", msg("How it went, or what to prepare"), kept.notes if kept else "",
              hint=msg("About nobody who was there, and about no school by name.")),
    ]  # fmt: skip
    return fields if planned else [*fields, audience_field(ctx, by, kept.audience if kept else None)]


def audience_field(ctx: Context, by: Filled, kept: Audience | None = None) -> Field:
    """Returns the numbers of who was there, by age group and role."""
    numbers = tuple(
        field(ctx, by, "number", f"audience.{group}", title, _typed(kept, group)) for group, title in AUDIENCE.items()
    )
    whole = field(ctx, by, "group", "audience", msg("Who was there"), hint=AUDIENCE_HINT)
    return structs.replace(whole, fields=numbers, layout="numbers")


def every_field(fields: list[Field]) -> list[Field]:
    """Returns fields with those inside their groups, for the summary of problems."""
    return [inner for each in fields for inner in (each, *each.fields)]


async def partners(ctx: Context) -> list[tuple[str, Text]]:
    """Returns the organizations of the directory as options, by name."""
    named = [(key, ctx.locale.pick(words)) for key, words in (await organization_names(ctx)).items()]
    return sorted(named, key=lambda each: ctx.locale.sort_key(each[1]))


def workshop_sent(ctx: Context, sent: Post) -> WorkshopWritten:
    """Returns a workshop as it was sent. Raises `WorkshopInvalid` with `sent.problems` filled."""
    return WorkshopWritten(**_values(ctx, sent))


def change_sent(ctx: Context, sent: Post) -> WorkshopChanged:
    """Returns a workshop as it was corrected. Raises as `workshop_sent`."""
    return WorkshopChanged(version=sent.version(), **_values(ctx, sent))


def held_sent(sent: Post) -> WorkshopHeld:
    """Returns how many people were there. Raises as `workshop_sent`."""
    audience = audience_sent(sent)
    if audience is None and "audience" not in sent.problems:
        sent.problems["audience"] = msg("Write at least one number: 0 where nobody came.")
    _require(sent)
    return WorkshopHeld(sent.version(), audience or {})


def audience_sent(sent: Post) -> Audience | None:
    """Returns the numbers that were typed; None where there is none."""
    typed = {group: sent.whole(f"audience.{group}", most=MOST_PEOPLE) for group in AUDIENCE}
    found: Audience = {group: number for group, number in typed.items() if number is not None}
    return found or None


def _values(ctx: Context, sent: Post) -> dict[str, Any]:
    on = sent.day("on")
    setting = sent.choice("setting", SETTINGS)
    for name, most in (("words", LONGEST_TITLE), ("notes", LONGEST_NOTES)):
        if len(sent[name]) > most:
            sent.problems[name] = msg("This has at most {most} characters.", most=most)
    if not sent["kind"]:
        sent.problems["kind"] = msg("Choose one.")
    minutes, audience = sent.whole("minutes", least=1, most=MOST_MINUTES), audience_sent(sent)
    given_by = people_sent(sent, "given_by")
    _require(sent)
    return {
        "kind": sent["kind"], "setting": setting, "on": on or dt.date.min,
        "language": sent["language"] or ctx.tenant.languages[0], "title": sent["title"], "words": sent["words"],
        "themes": sent.every("themes"), "minutes": minutes, "organization": sent["organization"],
        "given_by": given_by, "notes": sent["notes"], "audience": audience, "confirmed": sent["_confirmed"] == "yes",
    }  # fmt: skip


def people_sent(sent: Post, name: str) -> list[UUID]:
    """Returns members of staff whose boxes were ticked; anything else becomes a problem."""
    people = []
    for each in sent.every(name):
        try:
            people.append(UUID(each))
        except ValueError:
            sent.problems[name] = msg("Choose members of the staff.")
    return people


def _titles(ctx: Context, by: Filled, kept: WorkshopWritten | None) -> list[Field]:
    known = options(ctx, TITLES, [kept.title] if kept else ())
    own = field(ctx, by, "text", "words", msg("Title in your words"), kept.words if kept else "")
    if not known:
        return [structs.replace(own, required=True, label=ctx.locale.say(msg("Title")))]
    chosen = field(ctx, by, "list", "title", msg("Title"), kept.title if kept else "", options=known,
                   hint=msg("Nothing chosen: write one below."))  # fmt: skip
    return [chosen, own]


def _languages(ctx: Context, by: Filled, kept: WorkshopWritten | None) -> Field:
    known = [(tag, Text(each.autonym, each)) for tag in ctx.tenant.languages for each in (ctx.plugins.languages[tag],)]
    own = str(ctx.locale.language.tag)
    now = kept.language if kept else own if own in ctx.tenant.languages else ""
    return field(ctx, by, "radio", "language", msg("Language"), now or ctx.tenant.languages[0], options=known,
                 required=True)  # fmt: skip


async def _people(ctx: Context, kept: WorkshopWritten | None) -> list[tuple[str, Text]]:
    there = kept.given_by if kept else []
    known = [each for each in await members.list_members(ctx) if each.active or each.id in there]
    return [(str(each.id), Text(each.name, ctx.locale.language)) for each in known]


def _typed(kept: Mapping[Any, int] | None, group: str) -> str:
    return str(kept[group]) if kept and group in kept else ""


def _require(sent: Post) -> None:
    if sent.problems:
        raise WorkshopInvalid
