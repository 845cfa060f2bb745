"""The form in which a plan is written with her, section by section."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries import partners
from spheres_core.plans.views.form_fields import FormField, FormInvalid, read_form, refused
from spheres_core.safety.plan_sections import PEOPLE, PLACES
from spheres_core.safety.queries.places import places_here
from spheres_core.safety.queries.sections import sections_here, title_of
from spheres_core.safety.schemas.plans import MOST_PEOPLE, EmergencyPlan, EmergencyPlans, PlanWritten
from spheres_core.safety.settings import Settings
from spheres_core.safety.views.draft_forms import PERSON, SECTION
from spheres_core.safety.views.sections import texts_of

CARRIED_HINT: Final = msg(
    "Only what is safe for her if somebody else finds it. The card bears no name of hers and no word of the program."
)


class FormPart(Struct, frozen=True):
    """A section of the form."""

    code: str
    title: Text
    fields: list[FormField]
    people: list[list[FormField]] = []
    """Of the people she trusts: three fields each."""


async def plan_form(
    ctx: Context,
    found: EmergencyPlans,
    *,
    community: str = "",
    sent: Post | None = None,
    refusal: Refusal | None = None,
    changed: bool = False,
) -> dict[str, Any]:
    """Returns what `safety/write.html` shows: the last version, to be written anew with her.

    `community`: where she lives, as she or her referral said. `changed`: it was written anew since what was `sent` was
    begun.
    """
    title, last = ctx.locale.say(msg("Write the plan with her")), found.draft or found.agreed
    parts = [await _part(ctx, code, last, sent) for code in sections_here(ctx)]
    about = await _about(ctx, last, community)
    every = [field for part in parts for field in (*part.fields, *(each for row in part.people for each in row))]
    ahead = ctx.today + dt.timedelta(days=ctx.settings("safety", Settings).plan_review_days)
    review_by = last.review_by if last and last.review_by and last.review_by > ctx.today else ahead
    shown = refused(ctx, sent, refusal, [*every, *about, FormField("line", "review_by", title)])
    if refusal is not None and sent is not None:
        at = {"sections": f"{SECTION}{parts[0].code}", "places": "places", "carried": "carried"}
        sent.problems |= {at[e.path]: e.message for e in refusal.errors if e.path in at}
    if (changed or shown["theirs"] is not None) and last is not None:
        shown["theirs"] = [{"label": each.title, "value": " / ".join(each.lines)} for each in texts_of(ctx, last)]
    return {
        "title": title, "asked": parts, "about": about, "review_by": review_by.isoformat(), "version": found.version
    } | shown  # fmt: skip


def read_plan(sent: Post) -> PlanWritten:
    """Returns what was sent. Raises `FormInvalid` at its field."""
    review_by = sent.day("review_by", required=False)
    if sent.problems:
        raise FormInvalid
    people = [
        {"name": sent[f"who_{n}"].strip(), "ways": sent[f"how_{n}"].strip(), "times": sent[f"when_{n}"].strip()}
        for n in range(1, MOST_PEOPLE + 1)
        if sent[f"who_{n}"].strip()
    ]
    begins = len(SECTION)
    sections = {name[begins:]: words.replace("\r\n", "\n") for name, words in sent.pairs if name.startswith(SECTION)}
    values = {
        "version": sent.version(), "language": sent["language"] or None,
        "community": sent["community"], "sections": {code: words for code, words in sections.items() if words.strip()},
        "people": people, "places": sent.every("places"), "review_by": review_by, "carried": sent.every("carried"),
    }  # fmt: skip
    return read_form(PlanWritten, values)


async def _part(ctx: Context, code: str, last: EmergencyPlan | None, sent: Post | None) -> FormPart:
    section = sections_here(ctx)[code]
    title = title_of(ctx, section)
    words = next((each.words for each in last.sections if each.code == code), "") if last else ""
    hint = ctx.locale.say(section.hint) if section.hint else ""
    if code == PEOPLE:
        return FormPart(code, title, [], _people(ctx, last, sent))
    fields = [FormField("area", f"{SECTION}{code}", title, words, hint)]
    if code == PLACES:
        known = await places_here(ctx)
        options = [
            (key, ctx.locale.say(msg("{service}, {organization}", service=ctx.locale.pick(each.service.name),
                                     organization=ctx.locale.pick(each.organization_name))))
            for key, each in known.items()
        ]  # fmt: skip
        chosen = [each.service for each in last.places] if last else []
        listed = FormField("ticks", "places", ctx.locale.say(msg("Places of the directory")), chosen, options=options)
        elsewhere = ctx.locale.say(msg("Other places"))
        return FormPart(code, title, [listed, FormField("area", f"{SECTION}{code}", elsewhere, words)])
    return FormPart(code, title, fields)


def _people(ctx: Context, last: EmergencyPlan | None, sent: Post | None) -> list[list[FormField]]:
    """Returns the fields of those she named, and of one more. Where JavaScript does nothing, saving offers the next."""
    people = last.people if last else []
    typed = [n for n in range(1, MOST_PEOPLE + 1) if sent is not None and any(sent[f"{each}_{n}"] for each in PERSON)]
    number = min(MOST_PEOPLE, max(len(people), *typed, 2) + 1)
    say = ctx.locale.say
    labels = (
        msg("Who, as she calls them"), msg("How this person can safely be reached"), msg("When")
    )  # fmt: skip
    hints = (say(msg("Who it is to her, such as “my aunt”. No full name and no address.")), "", "")
    rows = []
    for n in range(1, number + 1):
        person = people[n - 1] if n <= len(people) else None
        values = (person.name, person.ways, person.times) if person else ("", "", "")
        rows.append(
            [
                FormField("line", f"{each}_{n}", say(label), value, hint)
                for each, label, value, hint in zip(PERSON, labels, values, hints, strict=True)
            ]
        )
    return rows


async def _about(ctx: Context, last: EmergencyPlan | None, community: str) -> list[FormField]:
    say = ctx.locale.say
    areas = [(each.key, ctx.locale.pick(each.name)) for each in await partners.areas(ctx)]
    languages = [(tag, ctx.locale.language_name(tag)) for tag in ctx.tenant.languages]
    return [
        FormField("choose", "community", say(msg("Her community")), last.community if last else community,
                  say(msg("Its emergency numbers stand in the plan, with the day on which they were verified.")),
                  options=[("", say(msg("Choose"))), *areas]),
        FormField("choose", "language", say(msg("The language that she reads")),
                  last.language if last else ctx.tenant.languages[0], options=languages),
        FormField("ticks", "carried", say(msg("What she wants on a card that she may carry")),
                  last.carried if last else [], say(CARRIED_HINT),
                  options=[(code, title_of(ctx, each)) for code, each in sections_here(ctx).items()]),
    ]  # fmt: skip
