"""Shows figures to the Steering Committee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spheres_core.committee.operations.figures import read_figures
from spheres_core.committee.schemas.figures import FigurePeriod
from spheres_core.facts import Words, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.catalogue import listed
from spheres_core.partners.queries.partners import areas, organization_names
from spheres_core.support.views.workshop_pages import period_shown

TITLE = msg("Figures for the Steering Committee")
REPEATS = {"first": msg("on an agenda for the first time in a year"), "again": msg("on an agenda again within a year")}

RESTS = {
    True: msg("Everything else: fewer than {smallest} persons, or nobody."),
    False: msg("Fewer than {smallest} persons everywhere, or nobody."),
}
RESTS_OF_WORKSHOPS = msg("Of a kind or a group that is not shown there were fewer than {smallest}, or none.")


async def figures_page(ctx: Context) -> dict[str, Any]:
    """Returns what `committee/figures.html` shows."""
    found, say = await read_figures(ctx), ctx.locale.say
    needs = {code: each.label for code, each in listed(ctx, "needs").items()}
    places = {each.key: each.name for each in await areas(ctx)}
    names = await organization_names(ctx)

    def named(words: Mapping[str, Words], code: str, unsaid: Text) -> Text | str:
        return ctx.locale.pick(words[code]) if code in words else code or unsaid

    def gap(each: FigurePeriod, by: list[str]) -> Text:
        kinds = {"need": [needs], "area": [places], "need_and_area": [needs, places]}[each.divided_by]
        nowhere = say(msg("no area said"))
        return ctx.locale.joined([named(words, code, nowhere) for words, code in zip(kinds, by, strict=True)], ", ")

    def item(_: FigurePeriod, by: list[str]) -> Text:
        source = named(names, by[0], say(msg("The program’s team")))
        return ctx.locale.joined([source, say(REPEATS[by[1]])], ", ")

    def period(each: FigurePeriod, line: Any) -> dict[str, Any]:
        return {
            "title": say(msg("From {first} to {last}", first=ctx.locale.date(each.first_day),
                             last=ctx.locale.date(each.last_day))),
            "lines": [(line(each, count.by), ctx.locale.number(count.persons)) for count in each.counts],
            "rest": say(RESTS[bool(each.counts)], smallest=each.smallest),
        }  # fmt: skip

    return {
        "title": say(TITLE),
        "gaps": [period(each, gap) for each in found.gaps],
        "items": [period(each, item) for each in found.items],
        "workshops": [
            period_shown(ctx, each) | {"rest": say(RESTS_OF_WORKSHOPS, smallest=each.smallest)}
            for each in found.workshops
        ],
    }
